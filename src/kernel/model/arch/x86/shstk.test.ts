import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violations } from '../../invariants.test-util.ts';
import { DeadlockError } from '../../machine/index.ts';
import {
  type Ran,
  type ScriptOp,
  SMP64,
  SMP64_WITHOUT,
  scheduleFrom,
  start,
  UP64,
} from '../../user-script.test-util.ts';

const EINVAL = 22;
const SIGSEGV = 11;
const STACK = 2048;
const stack = (r: readonly number[]) => r[0] as number;
/** The n-th page of the stack from its top. */
const fromTop = (n: number) => (r: readonly number[]) => stack(r) + STACK - n;
const ENABLED: readonly ScriptOp[] = [['shstk_enable']];
/** So deep that sigreturn reads the first entry of a page, and so far up that it does not. */
const ALIGNED = 511;
const UNALIGNED = 10;
const reads = (m: Ran) => m.count('mmap_lock read_acquired');

const kernels = [
  ['v6.12', SMP64, 'gup'],
  ['v6.12', SMP64_WITHOUT, 'gup'],
  ['v7.0', SMP64, 'mmap_lock'],
  ['v7.0', UP64, 'mmap_lock'],
  ['v7.1', SMP64, 'mm_seqcount'],
  ['all-builds-v1', UP64, 'waiting_lookup'],
] as const;

describe.each(kernels)('%s %o (%s)', (edition, options, how) => {
  it('takes mmap_lock in sigreturn as its edition does', () => {
    const m = start(edition, options);
    m.run([[...ENABLED, ['signal', ALIGNED], ['signal', UNALIGNED]]]);
    const counted = (calls: number) => {
      m.reset();
      m.run([[['signal', calls]]]);
      expect(m.results[0]?.at(-1)).toBe(0);
      expect(m.count('mmap_lock write_acquired')).toBe(0);
      expect(m.count('pgfault')).toBe(0);
      return reads(m);
    };
    const expected = {
      gup: [1, 1],
      mmap_lock: [1, 0],
      mm_seqcount: [1, 1],
      waiting_lookup: [0, 0],
    };
    expect([counted(ALIGNED), counted(UNALIGNED)]).toEqual(expected[how]);
    expect(m.count('fallback shstk_pop_sigframe:mmap_lock_speculate_retry')).toBe(
      how === 'mm_seqcount' ? 0 : Number.NaN,
    );
    expect(violations(m)).toEqual([]);
  });

  it('allocates the stack with one write lock and faults its pages in as they are reached', () => {
    const m = start(edition, options);
    m.reset();
    m.run([ENABLED]);
    expect(m.count('mmap_lock write_acquired')).toBe(1);
    m.reset();
    m.run([[['signal', 1024]]]);
    // Two pages by calls of user code, and one that the kernel pushes the frame into.
    expect(m.count('pgfault')).toBe(3);
    expect(m.count('fallback do_user_addr_fault:kernel_mode')).toBe(1);
    expect(violations(m)).toEqual([]);
  });

  it('lets only calls and returns write, and they nowhere else', () => {
    const m = start(edition, options);
    m.run([
      [
        ...ENABLED,
        ['signal', 0],
        ['write', fromTop(1)],
        ['copy_to_user', fromTop(1)],
        ['read', fromTop(1)],
        ['process_vm_writev', fromTop(1), 1],
        ['futex_wake', fromTop(1)],
        ['mmap', 1, 3, 0x32, fromTop(1)],
        ['write', fromTop(1)],
        ['signal', 0],
      ],
    ]);
    const [, ...results] = m.results[0] as number[];
    expect(results.slice(0, 5)).toEqual([0, -SIGSEGV, -14, 0, -14]);
    expect(results.slice(-2)).toEqual([0, -SIGSEGV]);
    expect(violations(m)).toEqual([]);
  });

  it('keeps the stacks of a child, of its parent and of threads apart, and frees them', () => {
    const m = start(edition, options, { forks: 2, pages: 8192, vmas: 256, pageTables: 200 });
    m.run([[...ENABLED, ['signal', UNALIGNED]]]);
    const before = m.machine.core.vmas.inUse(m.exec);
    const signals: ScriptOp[] = [
      ['signal', ALIGNED],
      ['signal', UNALIGNED],
    ];
    m.run([
      [
        ['fork', signals],
        ['signal', UNALIGNED],
        ['wait', 0],
        ['vfork', signals],
        ['wait', 0],
        ['signal', ALIGNED],
      ],
    ]);
    expect(m.results[0]?.filter((r) => r < 0)).toEqual([]);
    expect(m.machine.core.vmas.inUse(m.exec)).toBe(before);
    m.reset();
    m.run([
      [
        ['pthread_create', signals],
        ['pthread_join', (r) => r.at(-1) as number],
      ],
    ]);
    expect(m.calls('alloc_shstk')).toBe(1);
    expect(violations(m)).toEqual([]);
    // What is left of the thread is its stack in libc's cache.
    expect(m.machine.core.vmas.inUse(m.exec)).toBe(before + 2);
  });

  it('is not there in 7.1 without per-VMA locks', () => {
    const m = start('v7.1', UP64);
    m.run([ENABLED]);
    expect(m.results[0]).toEqual([-EINVAL]);
  });

  it('is not there without the option: signals find no shadow stack', () => {
    const m = start(edition, { ...options, X86_USER_SHADOW_STACK: 'n' });
    m.run([[...ENABLED, ['signal', ALIGNED]]]);
    expect(m.results[0]).toEqual([-EINVAL, 0]);
    expect(m.count('pgfault')).toBe(0);
  });

  it('leaves no lock held and no reader counted, whatever the interleaving, unless it deadlocks', () => {
    const at = fc.constantFrom(1, 2);
    const op = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(0, 511).map((n): ScriptOp => ['signal', n]) },
      at.map((n): ScriptOp => ['madvise', fromTop(n), 1, 4]),
      at.map((n): ScriptOp => ['mprotect', fromTop(n), 1, 1]),
      at.map((n): ScriptOp => ['munmap', fromTop(n), 1]),
      fc.constant<ScriptOp>(['mmap', 1]),
    );
    let deadlocks = 0;
    fc.assert(
      fc.property(
        fc.array(op, { minLength: 1, maxLength: 4 }),
        fc.array(op, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 200 }),
        (a, z, numbers) => {
          const m = start(edition, options, { threads: 2, pages: 4096 });
          m.run([[...ENABLED, ['signal', ALIGNED]]]);
          m.results[1]?.push(m.results[0]?.[0] as number);
          try {
            m.run([a, z], scheduleFrom(numbers));
          } catch (e) {
            if (!(e instanceof DeadlockError)) throw e;
            deadlocks++;
            return;
          }
          expect(violations(m)).toEqual([]);
        },
      ),
      { numRuns: 300, seed: 1 },
    );
    // Reading user memory with a lock held that its fault may have to wait behind is what 7.1 put an end to.
    if (how === 'gup' || how === 'mm_seqcount') expect(deadlocks).toBe(0);
  });
});

describe('a sigreturn whose page has to be faulted in while a writer waits', () => {
  /**
   * Thread 0 is in sigreturn, about to read user memory; then thread 1 throws the page away and changes the address
   * space until it can go no further; then thread 0 reads.
   */
  const run = (
    edition: Parameters<typeof start>[0],
    change: readonly ScriptOp[],
    reads = 'get_shstk_data',
  ) => {
    const m = start(edition, SMP64, { threads: 2, pages: 4096 });
    m.run([[...ENABLED, ['signal', ALIGNED]]]);
    m.results[1]?.push(m.results[0]?.[0] as number);
    m.reset();
    let reading = false;
    m.run([[['signal', ALIGNED]], [['madvise', fromTop(1), 1, 4], ...change]], (ready) => {
      reading ||= m.exec.where(0)?.label === reads;
      if (!reading) return 0;
      return ready.includes(1) ? 1 : 0;
    });
    expect(violations(m)).toEqual([]);
    return m;
  };
  const MMAP: readonly ScriptOp[] = [['mmap', 1]];
  const MPROTECT: readonly ScriptOp[] = [['mprotect', fromTop(1), 1, 1]];

  it('deadlocks in 7.0: the fault queues behind the writer that waits for the lock sigreturn holds', () => {
    expect(() => run('v7.0', MMAP)).toThrow(DeadlockError);
  });

  it('does not in stable kernels, which read without a fault of their own', () => {
    const m = run('v6.12', MMAP, 'get_user_pages');
    expect(m.results[0]?.at(-1)).toBe(-SIGSEGV);
    expect(m.count('fallback do_user_addr_fault:kernel_mode')).toBe(0);
  });

  it('does not in 7.1, which reads without the lock and looks again', () => {
    const m = run('v7.1', MMAP);
    // The mark has gone with the page.
    expect(m.results[0]?.at(-1)).toBe(-SIGSEGV);
  });

  it('counts a second round when a writer came and the frame is still there', () => {
    const m = start('v7.1', SMP64, { threads: 2 });
    m.run([[...ENABLED, ['signal', ALIGNED]]]);
    m.reset();
    let reading = false;
    m.run([[['signal', ALIGNED]], MMAP], (ready) => {
      reading ||= m.exec.where(0)?.label === 'get_shstk_data';
      return reading && ready.includes(1) ? 1 : 0;
    });
    expect(m.results[0]?.at(-1)).toBe(0);
    expect(m.count('fallback shstk_pop_sigframe:mmap_lock_speculate_retry')).toBe(1);
    expect(reads(m)).toBe(2);
  });

  it('deadlocks with the waiting helper when the writer wants that VMA, and not otherwise', () => {
    expect(run('all-builds-v1', MMAP).results[0]?.at(-1)).toBe(-SIGSEGV);
    expect(() => run('all-builds-v1', MPROTECT)).toThrow(DeadlockError);
  });
});
