import { describe, expect, it } from 'vitest';
import { violations } from '../invariants.test-util.ts';
import { type ScriptOp, SMP64, SMP64_WITHOUT, start, UP64 } from '../user-script.test-util.ts';

const EINVAL = 22;
const ENOSYS = 38;
const AT = 0x50000;
const MAPPED: readonly ScriptOp[] = [['mmap', 2, 3, 0x32, AT]];
const BEGIN = 'fallback futex_mpol:mmap_lock_speculate_try_begin';
const RETRY = 'fallback futex_mpol:mmap_lock_speculate_retry';
const WAKE: ScriptOp = ['futex_wake_mpol', AT];

describe('the node of a futex', () => {
  it.each([
    ['v7.0', SMP64, 0],
    ['v7.0', SMP64_WITHOUT, 2],
    ['all-builds-v2', SMP64, 0],
  ] as const)(
    '%s %o is found without mmap_lock where the sequence of writers is there',
    (e, o, n) => {
      const m = start(e, o);
      m.run([MAPPED]);
      m.reset();
      m.run([[WAKE, ['futex_wake_mpol', AT + 9]]]);
      expect(m.results[0]?.slice(1)).toEqual([0, 0]);
      expect(m.count('mmap_lock read_acquired')).toBe(n);
      expect([m.count(BEGIN), m.count(RETRY)]).toEqual([n, 0]);
    },
  );

  it('is looked up again under mmap_lock when a writer is there, or came', () => {
    const during = (hold: string, first: number) => {
      const m = start('v7.0', SMP64, { threads: 2 });
      m.run([MAPPED]);
      m.reset();
      let over = false;
      m.run([[['mprotect', AT, 1, 1]], [WAKE]], (ready) => {
        over ||= !ready.includes(1 - first);
        const held = m.exec.where(first)?.label === hold;
        return held && !over ? 1 - first : ready.includes(first) ? first : (ready[0] as number);
      });
      expect(violations(m)).toEqual([]);
      expect(m.count('mmap_lock read_acquired')).toBe(1);
      return [m.count(BEGIN), m.count(RETRY)];
    };
    expect(during('vm_flags_reset', 0)).toEqual([1, 0]);
    expect(during('mmap_lock_speculate_retry', 1)).toEqual([0, 1]);
  });

  it('is not asked for without NUMA policies, whose kernels are the uniprocessor ones', () => {
    const m = start('v7.0', UP64);
    m.run([[...MAPPED, WAKE]]);
    expect(m.results[0]?.at(-1)).toBe(0);
    expect(m.count('mmap_lock read_acquired')).toBe(0);
    expect(m.machine.events.fallbacks.has('futex_mpol:mmap_lock_speculate_retry')).toBe(false);
  });

  it('is unknown to 6.12, and there are no futexes without FUTEX', () => {
    const old = start('v6.12', SMP64);
    old.run([[...MAPPED, WAKE]]);
    expect(old.results[0]?.at(-1)).toBe(-EINVAL);
    const none = start('v7.0', { ...SMP64, FUTEX: 'n' });
    none.run([[...MAPPED, WAKE, ['futex_wake_private', AT]]]);
    expect(none.results[0]?.slice(1)).toEqual([-ENOSYS, -ENOSYS]);
  });
});
