import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violations } from '../invariants.test-util.ts';
import {
  type ScriptOp,
  SMP64,
  SMP64_WITHOUT,
  scheduleFrom,
  start,
  UP64,
} from '../user-script.test-util.ts';

const EINVAL = 22;
const EACCES = 13;
const ENOSYS = 38;
const SIGSEGV = 11;
const area = (r: readonly number[]) => r[0] as number;
const MAPPED: readonly ScriptOp[] = [['tcp_mmap', 8]];

const kernels = [
  ['v6.12', SMP64],
  ['v6.12', SMP64_WITHOUT],
  ['v7.0', SMP64],
  ['v7.0', UP64],
] as const;

describe.each(kernels)('%s %o', (edition, options) => {
  const locked = options.PER_VMA_LOCK === 'y';

  it('maps what was received, with mmap_lock only where there is no VMA lock', () => {
    const m = start(edition, options);
    m.run([MAPPED]);
    m.reset();
    m.run([
      [
        ['tcp_zerocopy_receive', area, 8],
        ['read', area],
        ['write', area],
      ],
    ]);
    expect(m.results[0]?.slice(1)).toEqual([0, 0, -SIGSEGV]);
    expect(m.count('mmap_lock read_acquired')).toBe(locked ? 0 : 2);
    expect(m.count('fallback find_tcp_vma:lock_vma_under_rcu')).toBe(locked ? 0 : 1);
    expect(violations(m)).toEqual([]);
  });

  it('inserts pages with the protection of the VMA, so that what forbids access keeps user space off them', () => {
    const m = start(edition, options);
    m.run([
      [
        ...MAPPED,
        ['mprotect', area, 8, 0],
        ['tcp_zerocopy_receive', area, 8],
        ['read', area],
        ['mprotect', area, 8, 1],
        ['read', area],
      ],
    ]);
    expect(m.results[0]?.slice(1)).toEqual([0, 0, -SIGSEGV, 0, 0]);
    expect(violations(m)).toEqual([]);
  });

  it('never lets a socket be written through its mapping', () => {
    const m = start(edition, options);
    m.run([[...MAPPED, ['mprotect', area, 8, 3], ['mprotect', area, 8, 5]]]);
    expect(m.results[0]?.slice(1)).toEqual([-EACCES, -EACCES]);
  });

  it('receives no further than the VMA reaches, and nothing into what is not a socket', () => {
    const m = start(edition, options);
    m.run([
      [
        ...MAPPED,
        ['mmap', 4],
        ['tcp_zerocopy_receive', (r) => area(r) + 6, 8],
        ['tcp_zerocopy_receive', (r) => r[1] as number, 1],
        ['tcp_zerocopy_receive', 0x7000, 1],
      ],
    ]);
    expect(m.results[0]?.slice(2)).toEqual([0, -EINVAL, -EINVAL]);
    // A locked VMA of another kind is the end of it; only where there is none is mmap_lock asked as well.
    expect(m.count('fallback find_tcp_vma:lock_vma_under_rcu')).toBe(locked ? 1 : 3);
    expect(violations(m)).toEqual([]);
  });

  it('is not there without INET', () => {
    const m = start(edition, { ...options, INET: 'n' });
    m.run([
      [
        ['tcp_mmap', 8],
        ['tcp_zerocopy_receive', 0x7000, 1],
      ],
    ]);
    expect(m.results[0]).toEqual([-ENOSYS, -ENOSYS]);
    expect(m.machine.events.fallbacks.has('find_tcp_vma:lock_vma_under_rcu')).toBe(false);
  });

  it('leaves no lock held and no page lost, whatever runs beside it', () => {
    const at = fc.nat(7).map((i) => 0x50000 + i);
    const size = fc.integer({ min: 1, max: 4 });
    const op = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.tuple(at, size).map(([a, n]): ScriptOp => ['tcp_zerocopy_receive', a, n]),
      },
      fc.tuple(at, size).map(([a, n]): ScriptOp => ['munmap', a, n]),
      fc.tuple(at, size, fc.constantFrom(0, 1)).map(([a, n, p]): ScriptOp => ['mprotect', a, n, p]),
      fc.tuple(at, size).map(([a, n]): ScriptOp => ['madvise', a, n, 4]),
      at.map((a): ScriptOp => ['read', a]),
      fc.tuple(at, at).map(([a, to]): ScriptOp => ['mremap', a, 1, 1, 3, to]),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(op, { maxLength: 8 }), { minLength: 2, maxLength: 3 }),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 200 }),
        (scripts, numbers) => {
          const m = start(edition, options, { threads: scripts.length });
          m.run([[...MAPPED, ['mremap', area, 8, 8, 3, 0x50000]]]);
          m.run(scripts, scheduleFrom(numbers));
          expect(violations(m)).toEqual([]);
        },
      ),
      { numRuns: 100, seed: 1 },
    );
  });
});
