/**
 * A slab cache as a LIFO free list over a fixed pool, after mm/slub.c's per-CPU free list: the object freed last is
 * handed out first. That makes reuse of a just freed object as likely as it is in the kernel, which is what
 * SLAB_TYPESAFE_BY_RCU users must survive.
 */

import type { KernelBuilder } from '../kernel-builder.ts';
import { type Exec, MemoryMap, type WordStruct, wordStruct } from '../machine/index.ts';

export interface Slab {
  /** Takes an object; its words keep what the last user left in them. Throws when the pool is empty. */
  alloc(k: Exec): number;
  free(k: Exec, object: number): void;
  /** Objects in use now. */
  inUse(k: Exec): number;
  /** Whether an object is on the free list. For invariants. */
  isFree(k: Exec, object: number): boolean;
  /** Addresses of all objects of the pool, in order. */
  readonly objects: readonly number[];
  /** Position of an object in the pool. */
  indexOf(object: number): number;
}

/** Thrown when a run needs more objects than the machine was laid out with. */
export class PoolExhaustedError extends Error {
  override name = 'PoolExhaustedError';
}

/** Lays out a pool of `count` objects with its free list. */
export function slab(b: KernelBuilder, struct: WordStruct, count: number, name: string): Slab {
  const base = b.memory.pool(struct, count, name);
  const stride = MemoryMap.stride(struct);
  const list = b.memory.object(
    wordStruct('kmem_cache', { head: 1, used: 1, next: { array: count } }),
    `${name} cache`,
  );
  const next = list + 2;
  b.onBoot((k) => {
    for (let i = 0; i < count; i++) k.poke(next + i, i + 1 < count ? i + 2 : 0);
    k.poke(list, count > 0 ? 1 : 0);
    k.poke(list + 1, 0);
  });
  return {
    objects: Array.from({ length: count }, (_, i) => base + i * stride),
    indexOf: (object) => (object - base) / stride,
    alloc(k) {
      const head = k.peek(list);
      if (head === 0) {
        throw new PoolExhaustedError(`out of ${name} objects: the machine has ${count}`);
      }
      k.poke(list, k.peek(next + head - 1));
      k.poke(list + 1, k.peek(list + 1) + 1);
      return base + (head - 1) * stride;
    },
    free(k, object) {
      const i = (object - base) / stride;
      k.poke(next + i, k.peek(list));
      k.poke(list, i + 1);
      k.poke(list + 1, k.peek(list + 1) - 1);
    },
    inUse: (k) => k.peek(list + 1),
    isFree(k, object) {
      const number = (object - base) / stride + 1;
      for (let at = k.peek(list); at !== 0; at = k.peek(next + at - 1)) {
        if (at === number) return true;
      }
      return false;
    },
  };
}
