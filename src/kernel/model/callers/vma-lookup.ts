/**
 * What a caller that is neither a fault nor any of the drivers does to hold one VMA still: the lookup that waits for writers where the
 * edition has one, else lock_vma_under_rcu with mmap_lock to fall back to, and mmap_lock alone in kernels without per-VMA locks. And
 * the opposite: a writer that goes to sleep while it has the VMA locked, as one that waits for memory does.
 */
import { type Routine, routine } from '../machine/index.ts';
import type { WaitingLookup } from '../mm/lock/waiting-lookup.ts';
import type { MmCore } from '../mm/mm-core.ts';

const ENOENT = 2;

export interface VmaLookup {
  /** `(mm, address) -> 0, -ENOENT or -EINTR`: locks the VMA of an address for reading and lets it go. */
  readonly vma_lookup: Routine;
  /** `(mm, address, ns) -> 0 or -ENOENT`: write-locks the VMA of an address and sleeps so long before it lets go. */
  readonly vma_write_sleep: Routine;
}

export function vmaLookup(c: MmCore, waiting: WaitingLookup | undefined): VmaLookup {
  const { b, lock, lockKind, mmap, tree } = c;
  const wait = waiting?.routine;
  const first = wait ?? (lockKind === 'absent' ? undefined : lock.lock_vma_under_rcu);

  const vma_lookup = b.add(
    routine('vma_lookup', ['mm', 'address', 'ret'], (v) => ({
      lookup(k) {
        if (first === undefined) return 'mmap_read_lock';
        return k.call(first, k.get(v.mm), k.get(v.address));
      },
      locked(k) {
        const vma = k.result();
        if (vma > 0) return k.callThen('found', lock.vma_end_read, vma);
        if (wait !== undefined) return k.ret(vma < 0 ? vma : -ENOENT);
      },
      mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
      find_vma(k) {
        k.set(v.ret, tree.walk(k, k.get(v.mm), k.get(v.address)) === 0 ? -ENOENT : 0);
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.ret)),
      found: (k) => k.ret(0),
    })),
  );

  const vma_write_sleep = b.add(
    routine('vma_write_sleep', ['mm', 'address', 'ns', 'vma'], (v) => ({
      mmap_write_lock: (k) => k.call(mmap.mmap_write_lock, k.get(v.mm)),
      find_vma(k) {
        k.set(v.vma, tree.walk(k, k.get(v.mm), k.get(v.address)));
        if (k.get(v.vma) === 0) return 'mmap_write_unlock';
      },
      vma_start_write: (k) => k.call(lock.vma_start_write, k.get(v.vma)),
      schedule_timeout: (k) => k.pause(k.get(v.ns), false),
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.vma) === 0 ? -ENOENT : 0),
    })),
  );
  return { vma_lookup, vma_write_sleep };
}
