import { describe, expect, it } from 'vitest';
import {
  type ScriptOp,
  SMP64,
  SMP64_WITHOUT,
  scheduleFrom,
  start,
  UP64,
} from './user-script.test-util.ts';

const RW = 3;
const PRIVATE_ANON = 0x22;
const at0 = (r: readonly number[]) => r[0] as number;
const page = (i: number) => (r: readonly number[]) => (r[0] as number) + i;
const touch = (n: number, from = 0): ScriptOp[] =>
  Array.from({ length: n }, (_, i): ScriptOp => ['write', page(from + i)]);

const kernels = [
  ['v6.12', SMP64, true],
  ['v7.0', SMP64, true],
  ['all-builds-v2', UP64, true],
  ['v6.12', SMP64_WITHOUT, false],
  ['v7.0', UP64, false],
] as const;

describe.each(kernels)('%s %o', (edition, options, locked) => {
  it('takes the first write of a VMA through the trylock and the rest without mmap_lock', () => {
    const m = start(edition, options);
    m.run([[['mmap', 100, RW, PRIVATE_ANON]]]);
    m.reset();
    m.run([touch(100)]);
    expect(m.count('pgfault')).toBe(100);
    expect(m.count('mmap_lock read_acquired')).toBe(locked ? 1 : 100);
    expect(m.count('vma_lock_success')).toBe(locked ? 100 : 0);
    expect(m.calls('lock_mm_and_find_vma')).toBe(locked ? 0 : 100);
    expect(m.count('fallback do_user_addr_fault:lock_vma_under_rcu')).toBe(locked ? 0 : 100);
  });

  it('gives everything back when a child has exited, and reuses what it had', () => {
    const m = start(edition, options, { forks: 2 });
    const { core, anon } = m.machine;
    const family = (): ScriptOp[] => [
      ['fork', touch(0)],
      ['fork', [['write', 0x1000]]],
      ['wait', 0],
      ['wait', 0],
    ];
    m.run([[['mmap', 20, RW, PRIVATE_ANON], ...touch(20), ...family()]]);
    const used = () => [
      core.pages.inUse(m.exec),
      core.vmas.inUse(m.exec),
      core.pt.inUse(m.exec),
      anon.inUse(m.exec),
    ];
    const before = used();
    m.reset();
    m.run([[...family(), ...touch(20)]]);
    expect(used()).toEqual(before);
    expect(m.count('pgreuse')).toBeGreaterThanOrEqual(20);
    expect(m.calls('exit_mmap')).toBe(2);
  });

  it('gives the pages back when they are unmapped', () => {
    const m = start(edition, options);
    const before = m.machine.core.pages.inUse(m.exec);
    const vmas = m.machine.core.vmas.inUse(m.exec);
    const tables = m.machine.core.pt.inUse(m.exec);
    m.run([[['mmap', 20, RW, PRIVATE_ANON], ...touch(20), ['munmap', at0, 20]]]);
    expect(m.machine.core.pages.inUse(m.exec)).toBe(before);
    expect(m.machine.core.vmas.inUse(m.exec)).toBe(vmas);
    expect(m.machine.core.pt.inUse(m.exec)).toBe(tables);
  });
});

it('lets a reader that came late touch the lock of a VMA until its grace period is over', () => {
  const m = start('v6.12', SMP64, { threads: 2 });
  const at = 0x50000;
  m.run([[['mmap', 2, RW, 0x32, at]]]);
  const unmapper: ScriptOp[] = [
    ['munmap', at, 2],
    ['write', at],
  ];
  m.run([[['write', at]], unmapper], scheduleFrom([1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0]));
  expect(m.machine.core.rcu.pending(m.exec)).toBe(0);
});
