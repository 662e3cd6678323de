/** Allocating, duplicating and freeing VMAs. After kernel/fork.c of 6.12 and mm/vma_init.c of 7.0. */
import { type Routine, routine, W } from '../machine/index.ts';
import type { MmCore } from './mm-core.ts';

const FORK = 'kernel/fork.c';

export interface VmaAlloc {
  /** `(mm) -> vma`. */
  readonly vm_area_alloc: Routine;
  /** `(orig) -> vma`: a copy that is attached nowhere. */
  readonly vm_area_dup: Routine;
  /** `(vma)`: frees; readers under RCU may still look at it for a while. */
  readonly vm_area_free: Routine;
  /** `(vma)`: frees at once what nobody can find any more. */
  readonly __vm_area_free: Routine;
}

/** What becomes of a freed VMA: waits for a grace period, or is reused at once. */
export type VmaFree = 'call_rcu' | 'at-once';

export function vmaAlloc(c: MmCore, free: VmaFree, file: string): VmaAlloc {
  const { b, VMA, vmas, lock, rcu } = c;
  const { vm_mm, anon_vma } = VMA.at;
  // vma_lock_alloc: a semaphore is an object of another cache.
  const objects = c.lockKind === 'rwsem' ? 2 : 1;
  // The count of a reused object may be looked at by a late reader: it stays 0, as it was freed.
  const initialised = Object.values(VMA.at).filter((at) => at !== VMA.at.vm_refcnt);
  const copied = initialised.filter((at) => at !== VMA.at.vm_lock);

  const vm_area_alloc = b.fn(
    { file, signature: '(mm) -> vma' },
    routine('vm_area_alloc', ['mm', 'vma'], (v) => ({
      kmem_cache_alloc(k) {
        k.work(W.slab_alloc, objects);
        k.set(v.vma, vmas.alloc(k));
      },
      vma_init(k) {
        const vma = k.get(v.vma);
        for (let i = 0; i < initialised.length; i++) k.poke(vma + (initialised[i] as number), 0);
        k.store(vma + vm_mm, k.get(v.mm));
        lock.init(k, vma);
        return k.ret(vma);
      },
    })),
  );

  const vm_area_dup = b.fn(
    { file, signature: '(orig) -> vma' },
    routine('vm_area_dup', ['orig', 'vma'], (v) => ({
      kmem_cache_alloc(k) {
        k.work(W.slab_alloc, objects);
        k.set(v.vma, vmas.alloc(k));
      },
      copy(k) {
        const vma = k.get(v.vma);
        const orig = k.get(v.orig);
        k.access(vma, 1);
        for (let i = 0; i < copied.length; i++) {
          const at = copied[i] as number;
          k.poke(vma + at, k.peek(orig + at));
        }
        k.poke(vma + anon_vma, 0);
        lock.init(k, vma);
        return k.ret(vma);
      },
    })),
  );

  // Makes the slab caches of a process, those of its VMAs among them until these have a file of their own.
  b.inline('proc_caches_init', { file: FORK, signature: '()' });
  if (file !== FORK) b.inline('vma_state_init', { file, signature: '()' });
  b.name('vm_area_cachep', 'object', file);
  if (c.lockKind === 'rwsem') b.name('vma_lock_cachep', 'object', file);
  if (free === 'call_rcu') {
    b.inline('vm_area_free_rcu_cb', { file, signature: '(head)' });
  }
  const vm_area_free = b.fn(
    { file, signature: '(vma)' },
    routine('vm_area_free', ['vma'], (v) => ({
      free(k) {
        const vma = k.get(v.vma);
        k.work(W.slab_free, objects);
        if (free === 'call_rcu') {
          rcu.call(k, vma);
          return k.ret();
        }
        lock.assertDetached(k, vma);
        vmas.free(k, vma);
        return k.ret();
      },
    })),
  );
  // A function of its own until the file was split.
  const __vm_area_free =
    file === 'kernel/fork.c'
      ? b.add(
          routine('__vm_area_free', ['vma'], (v) => ({
            free(k) {
              const vma = k.get(v.vma);
              lock.assertDetached(k, vma);
              k.work(W.slab_free, objects);
              vmas.free(k, vma);
              return k.ret();
            },
          })),
        )
      : vm_area_free;
  return { vm_area_alloc, vm_area_dup, vm_area_free, __vm_area_free };
}
