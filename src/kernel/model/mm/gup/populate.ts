/** Making pages present ahead of use: mlock, MAP_POPULATE, MADV_POPULATE_READ and _WRITE. After mm/gup.c and mm/madvise.c. */
import { type Routine, routine } from '../../machine/index.ts';
import { EFAULT, type MmCore } from '../mm-core.ts';
import { VM_ACCESS_FLAGS, VM_LOCKONFAULT, VM_PFNMAP, VM_SHARED, VM_WRITE } from '../structs.ts';
import {
  FOLL_FORCE,
  FOLL_MADV_POPULATE,
  FOLL_UNLOCKABLE,
  FOLL_WRITE,
  gupDropped,
  gupPages,
  gupResult,
} from './flags.ts';
import type { GetUserPages } from './get-user-pages.ts';

export interface Populate {
  /** `(vma, start, end, flags) -> gupResult or -errno`: as the VMA's flags ask; `flags` are more FOLL flags. mmap_lock is held. */
  readonly populate_vma_page_range: Routine;
  /** `(mm, start, pages, ignore_errors) -> 0 or -errno`: takes mmap_lock itself. */
  readonly __mm_populate: Routine;
  /** `(mm, start, pages, write) -> 0 or -errno`: MADV_POPULATE_READ and _WRITE. */
  readonly madvise_populate: Routine;
}

export function populate(c: MmCore, gup: GetUserPages): Populate {
  const { b, VMA, mmap, tree } = c;
  const { vm_start, vm_end, vm_flags, vm_mm } = VMA.at;

  const populate_vma_page_range = b.add(
    routine('populate_vma_page_range', ['vma', 'start', 'end', 'flags'], (v) => ({
      gup_flags(k) {
        const vma = k.get(v.vma);
        const flags = k.load(vma + vm_flags);
        const n = k.get(v.end) - k.get(v.start);
        if (flags & VM_LOCKONFAULT) return k.ret(gupResult(n, false));
        if (!(flags & VM_ACCESS_FLAGS)) return k.ret(-EFAULT);
        // A private page is copied now rather than at the first write; a shared one would be dirtied for nothing.
        const writes = (flags & (VM_WRITE | VM_SHARED)) === VM_WRITE;
        const how = k.get(v.flags) | (writes ? FOLL_WRITE : FOLL_FORCE);
        return k.call(gup.__get_user_pages, k.peek(vma + vm_mm), k.get(v.start), n, how);
      },
      lru_add_drain: (k) => k.ret(k.result()),
    })),
  );

  const __mm_populate = b.add(
    routine(
      '__mm_populate',
      ['mm', 'start', 'pages', 'ignore', 'end', 'vma', 'next', 'locked', 'ret'],
      (v) => ({
        begin(k) {
          k.set(v.end, k.get(v.start) + k.get(v.pages));
        },
        next_range(k) {
          if (k.get(v.start) >= k.get(v.end)) return 'unlock';
          if (k.get(v.locked)) return 'find_vma_intersection';
          return k.call(mmap.mmap_read_lock, k.get(v.mm));
        },
        locked(k) {
          k.set(v.locked, 1);
          k.set(v.vma, 0);
        },
        find_vma_intersection(k) {
          const last = k.get(v.vma);
          if (last !== 0 && k.get(v.start) < k.peek(last + vm_end)) return 'nend';
          const from = last === 0 ? k.get(v.start) : k.peek(last + vm_end);
          const vma = tree.find(k, k.get(v.mm), from);
          k.set(v.vma, vma);
          if (vma === 0 || k.peek(vma + vm_start) >= k.get(v.end)) return 'unlock';
        },
        nend(k) {
          const vma = k.get(v.vma);
          k.set(v.start, Math.max(k.get(v.start), k.load(vma + vm_start)));
          k.set(v.next, Math.min(k.get(v.end), k.peek(vma + vm_end)));
          // What a driver maps page by page has nothing that could be brought in.
          if (k.peek(vma + vm_flags) & VM_PFNMAP) {
            k.set(v.start, k.get(v.next));
            return 'next_range';
          }
        },
        populate_vma_page_range: (k) =>
          k.call(
            populate_vma_page_range,
            k.get(v.vma),
            k.get(v.start),
            k.get(v.next),
            FOLL_UNLOCKABLE,
          ),
        populated(k) {
          const result = k.result();
          if (result >= 0) {
            k.set(v.locked, gupDropped(result) ? 0 : 1);
            k.set(v.start, k.get(v.start) + gupPages(result));
            return 'next_range';
          }
          if (!k.get(v.ignore)) k.set(v.ret, result);
          k.set(v.start, k.get(v.ignore) ? k.get(v.next) : k.get(v.end));
          return 'next_range';
        },
        unlock(k) {
          if (k.get(v.locked)) return k.call(mmap.mmap_read_unlock, k.get(v.mm));
        },
        done: (k) => k.ret(k.get(v.ret)),
      }),
    ),
  );

  const madvise_populate = b.add(
    routine('madvise_populate', ['mm', 'start', 'pages', 'write', 'ret'], (v) => ({
      mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
      faultin_page_range(k) {
        const flags = FOLL_UNLOCKABLE | FOLL_MADV_POPULATE | (k.get(v.write) ? FOLL_WRITE : 0);
        const mm = k.get(v.mm);
        const start = k.get(v.start);
        const n = k.get(v.pages);
        return k.call(gup.__get_user_pages_locked, mm, start, n, 1, flags);
      },
      faulted_in(k) {
        if (k.result() < 0) {
          k.set(v.ret, k.result());
          return 'mmap_read_unlock';
        }
        k.set(v.start, k.get(v.start) + gupPages(k.result()));
        k.set(v.pages, k.get(v.pages) - gupPages(k.result()));
        if (gupDropped(k.result())) return k.call(mmap.mmap_read_lock, k.get(v.mm));
      },
      next(k) {
        if (k.get(v.pages) > 0) return 'faultin_page_range';
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );

  return { populate_vma_page_range, __mm_populate, madvise_populate };
}
