import { describe, expect, it } from 'vitest';
import { counted } from '../counted.test-util.ts';
import { MAP_FLAGS } from '../uapi.ts';
import type { ScriptOp } from '../user-script.test-util.ts';
import { RLIMIT_STACK, STACK_GUARD_GAP } from './stack.ts';

const AT = 0x60000;
const GROWS = MAP_FLAGS.private | MAP_FLAGS.anonymous | MAP_FLAGS.fixed | MAP_FLAGS.growsdown;
const FIXED = 0x32;
const SIGSEGV = -11;

describe('a stack that may not grow', () => {
  it('beyond its limit is locked before that is found out', () => {
    const c = counted([], [['stack_write', RLIMIT_STACK]]);
    expect(c).toMatchObject({ results: [SIGSEGV], write: 1, vmas: 1, faults: 0 });
  });

  it('beyond its limit has an anon_vma by then', () => {
    const map: ScriptOp = ['mmap', 2, 3, GROWS, AT];
    const c = counted([map], [['write', AT - RLIMIT_STACK]]);
    expect(c).toMatchObject({ results: [SIGSEGV], write: 1, vmas: 1, anon_vmas: 1 });
  });

  it('into the gap above a neighbour is not even locked', () => {
    const below: ScriptOp = ['mmap', 1, 3, FIXED, AT - STACK_GUARD_GAP];
    const c = counted([['mmap', 2, 3, GROWS, AT], below], [['write', AT - 1]]);
    expect(c).toMatchObject({ results: [SIGSEGV], write: 1, vmas: 0 });
  });
});

it.each([
  ['memory nobody may get at', 0, FIXED],
  ['another stack', 3, GROWS],
])('grows right up to %s', (_, prot, flags) => {
  const below: ScriptOp = ['mmap', 1, prot, flags, AT - 3];
  const c = counted([['mmap', 2, 3, GROWS, AT], below], [['write', AT - 2]]);
  expect(c).toMatchObject({ results: [0], vmas: 1, faults: 1 });
});
