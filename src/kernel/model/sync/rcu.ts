/**
 * Read-copy-update, reduced to what its users rely on: a callback runs after every read-side section that was open
 * when `call_rcu` was called has closed. The model runs it at the earliest moment that allows, which is the
 * moment that shows most bugs; a real grace period only makes it later.
 */

import type { KernelBuilder } from '../kernel-builder.ts';
import { type Exec, TASK, W, wordStruct } from '../machine/index.ts';

export interface Rcu {
  /** Enters a read-side section. Touches nothing shared. */
  readLock(k: Exec): void;
  /** Leaves it; may end grace periods. */
  readUnlock(k: Exec): void;
  /** Has `free` called on the object after a grace period. */
  call(k: Exec, object: number): void;
  /** Objects still waiting for a grace period. */
  pending(k: Exec): number;
}

const NESTING = TASK.at.rcu_read_lock_nesting;

/**
 * Lays out the bookkeeping for `capacity` objects waiting at once.
 *
 * @param free what a finished grace period does to an object
 */
export function rcu(
  b: KernelBuilder,
  capacity: number,
  free: (k: Exec, object: number) => void,
): Rcu {
  const maskWords = Math.ceil(b.tasks.length / 32);
  const entry = 1 + maskWords;
  const state = b.memory.object(
    wordStruct('rcu_state', { n_cbs: 1, cbs: { array: capacity * entry } }),
    'rcu_state',
  );
  const cbs = state + 1;

  const quiesce = (k: Exec) => {
    let n = k.peek(state);
    let kept = 0;
    for (let i = 0; i < n; i++) {
      const from = cbs + i * entry;
      const word = from + 1 + (k.tid >> 5);
      k.poke(word, k.peek(word) & ~(1 << (k.tid & 31)));
      let waits = false;
      for (let w = 1; w <= maskWords; w++) if (k.peek(from + w) !== 0) waits = true;
      if (!waits) {
        k.work(W.rcu_callback);
        free(k, k.peek(from));
        continue;
      }
      const to = cbs + kept * entry;
      for (let w = 0; w < entry; w++) k.poke(to + w, k.peek(from + w));
      kept++;
    }
    for (let i = kept * entry; i < n * entry; i++) k.poke(cbs + i, 0);
    n = kept;
    k.poke(state, n);
  };

  return {
    readLock(k) {
      k.poke(k.task + NESTING, k.peek(k.task + NESTING) + 1);
    },
    readUnlock(k) {
      const depth = k.peek(k.task + NESTING) - 1;
      if (depth < 0) throw new RangeError('rcu_read_unlock without rcu_read_lock');
      k.poke(k.task + NESTING, depth);
      if (depth === 0 && k.peek(state) > 0) quiesce(k);
    },
    call(k, object) {
      const n = k.peek(state);
      if (n >= capacity) throw new RangeError('too many RCU callbacks at once');
      const to = cbs + n * entry;
      let readers = false;
      b.tasks.forEach((task, tid) => {
        if (k.peek(task + NESTING) === 0) return;
        readers = true;
        const word = to + 1 + (tid >> 5);
        k.poke(word, k.peek(word) | (1 << (tid & 31)));
      });
      if (!readers) {
        k.work(W.rcu_callback);
        free(k, object);
        return;
      }
      k.poke(to, object);
      k.poke(state, n + 1);
    },
    pending: (k) => k.peek(state),
  };
}
