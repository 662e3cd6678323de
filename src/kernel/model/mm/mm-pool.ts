/** mm_struct objects for processes made at run time. After mm_alloc and mmput in kernel/fork.c. */
import { type Exec, type Routine, routine, W, wordStruct } from '../machine/index.ts';
import { PoolExhaustedError } from '../sync/slab.ts';
import type { MmCore } from './mm-core.ts';

export interface MmPool {
  /** An mm with one user and nothing mapped. */
  alloc(k: Exec): number;
  /** `(mm)`: drops a user; the last one takes the mm down. */
  readonly mmput: Routine;
  /** Whether an mm is an address space now. */
  inUse(k: Exec, mm: number): boolean;
}

/**
 * @param first how many the machine starts with
 * @param release what goes with an mm beside its memory
 */
export function mmPool(
  c: MmCore,
  first: number,
  exit_mmap: Routine,
  release: (k: Exec, mm: number) => void,
): MmPool {
  const { b, MM, mms } = c;
  const used = b.memory.object(
    wordStruct('mm_struct cache', { used: { array: Math.max(1, mms.length) } }),
    'mm_struct cache',
  );
  b.onBoot((k) => {
    for (let i = 0; i < first; i++) k.poke(used + i, 1);
  });
  return {
    inUse: (k, mm) => k.peek(used + mms.indexOf(mm)) === 1,
    alloc(k) {
      for (let i = 0; i < mms.length; i++) {
        if (k.peek(used + i) !== 0) continue;
        k.work(W.slab_alloc);
        k.poke(used + i, 1);
        k.poke((mms[i] as number) + MM.at.mm_users, 1);
        // mm_lock_seqcount_init
        if (c.lockKind !== 'absent') k.poke((mms[i] as number) + MM.at.mm_lock_seq, 0);
        return mms[i] as number;
      }
      throw new PoolExhaustedError(`out of mm_struct objects: the machine has ${mms.length}`);
    },
    mmput: b.add(
      routine('mmput', ['mm'], (v) => ({
        dec_mm_users(k) {
          if (k.fetchAdd(k.get(v.mm) + MM.at.mm_users, -1) > 1) return k.ret();
        },
        exit_mmap: (k) => k.call(exit_mmap, k.get(v.mm)),
        __mmdrop(k) {
          k.work(W.slab_free);
          release(k, k.get(v.mm));
          c.swap.forgetMm(k, k.get(v.mm));
          k.poke(used + mms.indexOf(k.get(v.mm)), 0);
          return k.ret();
        },
      })),
    ),
  };
}
