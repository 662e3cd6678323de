import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violations } from '../../invariants.test-util.ts';
import {
  type Ran,
  type ScriptOp,
  SMP64,
  SMP64_WITHOUT,
  scheduleFrom,
  start,
  UP64,
} from '../../user-script.test-util.ts';

const EBUSY = 16;
const ENOENT = 2;
const ENOSYS = 38;
const EOPNOTSUPP = 95;
const PRIVATE_FIXED = 0x32;
const AT = 0x50000;
const OFF = 1;

const map = (n: number): ScriptOp[] =>
  Array.from({ length: n }, (_, i): ScriptOp => ['mmap', 1, 3, PRIVATE_FIXED, AT + 2 * i]);
const reads = (m: Ran) => m.count('mmap_lock read_acquired');
const last = (m: Ran) => m.results[0]?.at(-1);

/** Runs `op` in thread 1 while thread 0, in mprotect of `page`, has mmap_lock for writing and its VMA locked. */
function whileModified(edition: string, options: Record<string, string>, op: ScriptOp, page = AT) {
  const m = start(edition, options, { threads: 2 });
  m.run([map(3)]);
  m.reset();
  m.run([[['mprotect', page, 1, 1]], [op]], (ready) => {
    const hold = m.exec.where(0)?.label === 'vm_flags_reset' && ready.includes(1);
    return hold || !ready.includes(0) ? 1 : 0;
  });
  expect(violations(m)).toEqual([]);
  return Object.assign(m, { given: m.results[1]?.[0] });
}

const kernels = [
  ['v6.12', SMP64],
  ['v6.12', SMP64_WITHOUT],
  ['v7.0', SMP64],
  ['v7.0', UP64],
  ['all-builds-v2', UP64],
] as const;

describe('the iterator over VMAs', () => {
  it('walks on VMA locks, without mmap_lock, where its edition and its kernel can', () => {
    for (const [edition, options] of [
      ['v6.12', SMP64],
      ['all-builds-v2', UP64],
    ] as const) {
      const m = start(edition, options);
      m.run([[...map(5), ['bpf_iter_task_vma', 0]]]);
      const vmas = m.machine.core.vmas.inUse(m.exec);
      expect(last(m)).toBe(vmas);
      m.reset();
      m.run([[['bpf_iter_task_vma', AT + 4]]]);
      // Two of the five lie below, and of what the process starts with only the stack, vvar and vdso above.
      expect(last(m)).toBe(3 + 3);
      expect(reads(m)).toBe(0);
      expect(m.calls('lock_vma_under_rcu')).toBe(6);
      expect(violations(m)).toEqual([]);
    }
  });

  it('is not supported where it would and there are no VMA locks', () => {
    const m = start('v6.12', SMP64_WITHOUT);
    m.run([[['bpf_iter_task_vma', 0]]]);
    expect(last(m)).toBe(-EOPNOTSUPP);
    expect(reads(m)).toBe(0);
    expect(m.count('fallback bpf_iter_task_vma_new:PER_VMA_LOCK')).toBe(1);
    expect(
      start('v6.12', SMP64).machine.events.fallbacks.has('bpf_iter_task_vma_new:PER_VMA_LOCK'),
    ).toBe(false);
  });

  it('is not there before 6.7', () => {
    const m = start('v6.6', SMP64);
    m.run([[['bpf_iter_task_vma', 0]]]);
    expect(last(m)).toBe(-ENOSYS);
  });

  it('takes mmap_lock once for the whole walk in 7.0, with and without VMA locks', () => {
    for (const options of [SMP64, UP64]) {
      const m = start('v7.0', options);
      m.run([[...map(5), ['bpf_iter_task_vma', 0]]]);
      expect(last(m)).toBe(m.machine.core.vmas.inUse(m.exec));
      expect(reads(m)).toBe(1);
      expect(violations(m)).toEqual([]);
    }
  });

  it('passes over a VMA that is being modified, where 7.0 gives up', () => {
    const skipping = whileModified('v6.12', SMP64, ['bpf_iter_task_vma', 0]);
    expect(skipping.given).toBe(skipping.machine.core.vmas.inUse(skipping.exec) - 1);
    expect(skipping.count('fallback bpf_iter_task_vma_find_next:lock_vma_under_rcu')).toBe(1);
    const busy = whileModified('v7.0', SMP64, ['bpf_iter_task_vma', 0]);
    expect(busy.given).toBe(-EBUSY);
    expect(busy.count('fallback bpf_iter_task_vma_new:mmap_read_trylock')).toBe(1);
    expect(busy.count('mmap_lock read_failed')).toBe(1);
  });

  it('runs with interrupts off only where it can leave the unlock for later', () => {
    const m = start('v6.12', SMP64);
    m.run([[['bpf_iter_task_vma', 0, OFF]]]);
    expect(last(m)).toBe(-EBUSY);
    const late = start('v7.0', SMP64);
    late.run([[['bpf_iter_task_vma', 0, OFF]]]);
    expect(last(late)).toBe(late.machine.core.vmas.inUse(late.exec));
    late.run([[['bpf_iter_task_vma', 0, OFF, 2]]]);
    expect(last(late)).toBe(-EBUSY);
    expect(late.count('fallback bpf_iter_task_vma_new:irq_work')).toBe(1);
    expect(violations(late)).toEqual([]);
  });
});

describe.each(kernels)('%s %o', (edition, options) => {
  it('finds the VMA of an address under mmap_lock, which it only tries', () => {
    const m = start(edition, options);
    m.run([map(1)]);
    m.run([
      [
        ['bpf_find_vma', AT],
        ['bpf_find_vma', AT + 1],
      ],
    ]);
    expect(m.results[0]?.slice(1)).toEqual([0, -ENOENT]);
    expect(reads(m)).toBe(2);
    const busy = whileModified(edition, options, ['bpf_find_vma', AT + 2]);
    expect(busy.given).toBe(-EBUSY);
    expect(busy.count('fallback bpf_find_vma:mmap_read_trylock')).toBe(1);
  });

  it('has one irq_work for each CPU, and none at all in a real-time kernel', () => {
    const m = start(edition, options);
    m.run([map(1)]);
    m.run([
      [
        ['bpf_find_vma', AT, OFF],
        ['bpf_find_vma', AT, OFF, 2],
        ['bpf_find_vma', AT, OFF],
      ],
    ]);
    expect(m.results[0]?.slice(1)).toEqual([0, -EBUSY, 0]);
    expect(m.count('fallback bpf_find_vma:irq_work')).toBe(1);
    expect(reads(m)).toBe(3);
    expect(violations(m)).toEqual([]);
    const rt = start(edition, { ...options, PREEMPT_RT: 'y' });
    rt.run([[...map(1), ['bpf_find_vma', AT, OFF], ['bpf_find_vma', AT]]]);
    expect(rt.results[0]?.slice(1)).toEqual([-EBUSY, 0]);
  });

  it('gives build ids for addresses in files, and bare addresses where mmap_lock cannot be had', () => {
    const m = start(edition, options);
    // The 128 pages of code at 0x401 and one page behind the last segment of the file.
    m.run([
      [
        ['bpf_get_stack', 0x401, 0, 1, 4],
        ['bpf_get_stack', 0x4af, 0, 1, 2],
        ['bpf_get_stack', 0x401, OFF, 2, 4],
      ],
    ]);
    expect(m.results[0]).toEqual([4, 1, 0]);
    expect(reads(m)).toBe(3);
    // One look-up for each VMA that is not the one before.
    expect(m.calls('find_vma')).toBe(1 + 2 + 1);
    const busy = whileModified(edition, options, ['bpf_get_stack', 0x401, 0, 1, 4]);
    expect(busy.given).toBe(0);
    expect(busy.count('fallback stack_map_get_build_id_offset:mmap_read_trylock')).toBe(1);
  });

  it('leaves no lock held, no reader, file or mm counted, whatever the interleaving', () => {
    const at = fc.nat(5).map((i) => AT + i);
    const irqs = fc.constantFrom(0, OFF);
    const runs = fc.constantFrom(1, 2);
    const op = fc.oneof(
      fc.tuple(at, irqs, runs).map(([a, i, n]): ScriptOp => ['bpf_iter_task_vma', a, i, n]),
      fc.tuple(at, irqs, runs).map(([a, i, n]): ScriptOp => ['bpf_find_vma', a, i, n]),
      fc.tuple(irqs, runs).map(([i, n]): ScriptOp => ['bpf_get_stack', 0x480, i, n, 4]),
      at.map((a): ScriptOp => ['mprotect', a, 1, 1]),
      at.map((a): ScriptOp => ['munmap', a, 1]),
      at.map((a): ScriptOp => ['mmap', 2, 3, PRIVATE_FIXED, a]),
      at.map((a): ScriptOp => ['write', a]),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(op, { maxLength: 6 }), { minLength: 2, maxLength: 3 }),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 200 }),
        (scripts, numbers) => {
          const m = start(edition, options, { threads: scripts.length });
          m.run([map(3)]);
          m.run(scripts, scheduleFrom(numbers));
          expect(violations(m)).toEqual([]);
        },
      ),
      { numRuns: 100, seed: 1 },
    );
  });

  it('is not there without BPF_SYSCALL', () => {
    const m = start(edition, { ...options, BPF_SYSCALL: 'n' });
    m.run([
      [
        ['bpf_find_vma', AT],
        ['bpf_iter_task_vma', 0],
        ['bpf_get_stack', AT],
      ],
    ]);
    expect(m.results[0]).toEqual([-ENOSYS, -ENOSYS, -ENOSYS]);
    const { fallbacks } = m.machine.events;
    expect([...fallbacks.keys()].filter((s) => /bpf|stack_map/.test(s))).toEqual([]);
  });
});
