/** Giving back pages of binder buffers that no transaction uses. After binder_alloc_free_page in drivers/android/binder_alloc.c. */
import { type Routine, routine, W } from '../../machine/index.ts';
import type { MmCore } from '../../mm/mm-core.ts';
import type { VmaEdit } from '../../mm/vma-edit/index.ts';
import { spinLock, spinUnlock } from '../../sync/spinlock.ts';
import type { BinderAlloc } from './alloc.ts';
import { FILE, mmgetNotZero } from './insert.ts';

/** How an edition's shrinker gets at the VMA a page is mapped in; it runs under a spinlock and may wait for nothing. */
export type BinderShrinker =
  /** 6.12: a trylock of mmap_lock. */
  | 'mmap_trylock'
  /** 6.14 to 7.0: the VMA lock, else a trylock of mmap_lock. */
  | 'vma_lock'
  /** The series, first version: the VMA lock, else the page is left alone. */
  | 'vma_lock_only'
  /** Its second version as posted: the VMA lock, else on without the VMA, which may be there all the same. */
  | 'vma_lock_as_posted'
  /** The same, with what decides the question: without the VMA only when binder's mapping is gone. */
  | 'vma_lock_is_mapped';

/** What the isolate callback says of a page: left where it is, or taken with the list's lock dropped. */
const LRU_SKIP = 0;
const LRU_REMOVED_RETRY = 1;

export interface ShrinkerParts {
  readonly alloc: BinderAlloc;
  readonly edit: VmaEdit;
  /** `(mm)`. */
  readonly mmput: Routine;
}

function fallbackSite(c: MmCore, how: BinderShrinker): number {
  const { b } = c;
  const site = {
    file: FILE,
    caller: 'binder_alloc_free_page',
    tries: 'lock_vma_under_rcu',
    trigger: 'NULL: no VMA covers the page, or it is being modified',
  };
  switch (how) {
    case 'mmap_trylock':
      return -1;
    case 'vma_lock':
      return b.fallback({
        ...site,
        site: 'binder_alloc_free_page:lock_vma_under_rcu',
        fallback: 'mmap_read_trylock, vma_lookup; LRU_SKIP if that fails',
      });
    case 'vma_lock_only':
      return b.fallback({
        ...site,
        site: 'binder_alloc_free_page:no_vma_lock',
        fallback: 'none: LRU_SKIP, the page stays',
      });
    case 'vma_lock_as_posted':
      return b.fallback({
        ...site,
        site: 'binder_alloc_free_page:no_vma_lock',
        fallback: 'none: the page is freed without being unmapped',
      });
    case 'vma_lock_is_mapped':
      return b.fallback({
        ...site,
        site: 'binder_alloc_free_page:no_vma_lock',
        fallback: 'none: LRU_SKIP while the buffer is mapped, else freed without being unmapped',
      });
  }
}

/** @returns `() -> pages freed`: one pass over all pages that can be reclaimed (binder_shrink_scan) */
export function binderShrinker(c: MmCore, how: BinderShrinker, p: ShrinkerParts): Routine {
  const { b, mmap, lock, tree } = c;
  const { alloc: binder, edit, mmput } = p;
  const { at } = binder;
  const site = fallbackSite(c, how);

  const binder_alloc_free_page = b.fn(
    { file: FILE, signature: '(item, lru, cb_arg) -> lru_status' },
    routine(
      'binder_alloc_free_page',
      ['alloc', 'index', 'mm', 'vma', 'mm_locked', 'pfn', 'ret'],
      (v) => ({
        mmget_not_zero(k) {
          k.set(v.mm, binder.mmOf(k.get(v.alloc)));
          if (!mmgetNotZero(c, k, k.get(v.mm))) return k.ret(LRU_SKIP);
        },
        lock_vma_under_rcu(k) {
          if (how === 'mmap_trylock') return 'mmap_read_trylock';
          const address = k.peek(k.get(v.alloc) + at.vm_start) + k.get(v.index);
          return k.call(lock.lock_vma_under_rcu, k.get(v.mm), address);
        },
        found(k) {
          k.set(v.vma, k.result());
          if (k.result() !== 0) return 'mutex_trylock';
          k.count(site);
          if (how === 'vma_lock_only') return 'mmput_async';
          return how === 'vma_lock' ? 'mmap_read_trylock' : 'mutex_trylock';
        },
        mmap_read_trylock: (k) => k.call(mmap.mmap_read_trylock, k.get(v.mm)),
        mm_locked(k) {
          if (k.result() === 0) return 'mmput_async';
          k.set(v.mm_locked, 1);
        },
        vma_lookup(k) {
          const address = k.peek(k.get(v.alloc) + at.vm_start) + k.get(v.index);
          k.set(v.vma, tree.walk(k, k.get(v.mm), address));
        },
        mutex_trylock(k) {
          if (k.cmpxchg(k.get(v.alloc) + at.mutex, 0, 1) !== 0) return 'err_unlock';
        },
        binder_alloc_is_mapped(k) {
          const vma = k.get(v.vma);
          const mapped = k.load(k.get(v.alloc) + at.vma);
          switch (how) {
            case 'mmap_trylock':
              return vma !== 0 && vma !== mapped ? 'err_invalid_vma' : 'free';
            case 'vma_lock_is_mapped':
              // Contended, not gone: the user's entry must not outlive binder's reference.
              if (vma === 0) return mapped !== 0 ? 'err_invalid_vma' : 'free';
              // Whatever lies there now is not binder's.
              return mapped === 0 ? 'vma_end_read_impostor' : 'free';
            default:
              return vma !== 0 && mapped === 0 ? 'err_invalid_vma' : 'free';
          }
        },
        vma_end_read_impostor(k) {
          const vma = k.get(v.vma);
          k.set(v.vma, 0);
          return k.call(lock.vma_end_read, vma);
        },
        free(k) {
          const word = k.get(v.alloc) + at.pages + k.get(v.index);
          k.set(v.pfn, k.load(word));
          // Its device was closed meanwhile.
          if (k.get(v.pfn) === 0) return 'err_invalid_vma';
          k.poke(word, 0);
          binder.lruDel(k, k.get(v.alloc), k.get(v.index));
        },
        lru_unlock(k) {
          spinUnlock(k, binder.lru_lock);
          if (k.get(v.vma) === 0) return 'mutex_unlock';
        },
        zap_page_range_single(k) {
          const address = k.peek(k.get(v.alloc) + at.vm_start) + k.get(v.index);
          return k.call(edit.zap_page_range, k.get(v.mm), address, address + 1);
        },
        mutex_unlock(k) {
          spinUnlock(k, k.get(v.alloc) + at.mutex);
          k.set(v.ret, LRU_REMOVED_RETRY);
        },
        binder_free_page(k) {
          binder.pageFree(k, k.get(v.pfn));
          return 'err_unlock';
        },
        err_invalid_vma(k) {
          spinUnlock(k, k.get(v.alloc) + at.mutex);
        },
        err_unlock(k) {
          if (k.get(v.mm_locked)) return k.call(mmap.mmap_read_unlock, k.get(v.mm));
          if (k.get(v.vma) !== 0) return k.call(lock.vma_end_read, k.get(v.vma));
        },
        mmput_async: (k) => k.call(mmput, k.get(v.mm)),
        done: (k) => k.ret(k.get(v.ret)),
      }),
    ),
  );

  return b.add(
    routine('binder_shrink_scan', ['nr_to_walk', 'i', 'freed'], (v) => ({
      binder_shrink_count(k) {
        k.work(W.syscall_entry);
        k.access(binder.lru_lock, 0);
        k.set(v.nr_to_walk, binder.lruLength(k));
      },
      lru_lock: (k) => spinLock(k, binder.lru_lock),
      next_item(k) {
        const entry = binder.lruEntry(k, k.get(v.i));
        if (entry === undefined || k.get(v.nr_to_walk) === 0) return 'lru_unlock';
        k.set(v.nr_to_walk, k.get(v.nr_to_walk) - 1);
        return k.call(binder_alloc_free_page, entry.alloc, entry.index);
      },
      isolated(k) {
        if (k.result() === LRU_SKIP) {
          k.set(v.i, k.get(v.i) + 1);
          return 'next_item';
        }
        // The callback has dropped the lock: the list is walked from its start again.
        k.set(v.freed, k.get(v.freed) + 1);
        k.set(v.i, 0);
        return 'lru_lock';
      },
      lru_unlock(k) {
        spinUnlock(k, binder.lru_lock);
        return k.ret(k.get(v.freed));
      },
    })),
  );
}
