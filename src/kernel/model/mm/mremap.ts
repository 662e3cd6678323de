/** mremap: growing, shrinking and moving mappings. After mm/mremap.c of 6.12. */
import { type Exec, type Routine, routine, W } from '../machine/index.ts';
import { MREMAP_FLAGS, UFFD_FEATURES } from '../uapi.ts';
import type { AnonVma } from './anon-vma.ts';
import type { Populate } from './gup/index.ts';
import { EFAULT, EINVAL, ENOMEM, EPERM, type MmCore } from './mm-core.ts';
import { isSealed } from './mseal.ts';
import type { Shmem } from './shmem.ts';
import { STACK_RESERVE } from './stack.ts';
import {
  __VM_UFFD_FLAGS,
  VM_LOCKED,
  VM_LOCKED_MASK,
  VM_OPS_ANON,
  VM_OPS_HUGETLB,
  VM_UFFD_WP,
} from './structs.ts';
import { TELL_EARLY, TELL_LATE } from './userfaultfd/events.ts';
import type { VmaAlloc } from './vma.ts';
import { copyVma } from './vma-edit/copy-vma.ts';
import type { VmaEdit } from './vma-edit/index.ts';

const { maymove, fixed, dontunmap } = MREMAP_FLAGS;

/** @returns `(mm, start, pages, new_pages, flags, to) -> address or -errno` */
export function mremap(
  c: MmCore,
  alloc: VmaAlloc,
  anon: AnonVma,
  shm: Shmem,
  edit: VmaEdit,
  move_page_tables: Routine,
  populate: Populate,
): Routine {
  const { b, MM, VMA, mmap, lock, tree, pt } = c;
  const { vm_start, vm_end, vm_flags, vm_ops, vm_pgoff } = VMA.at;
  const { total_vm } = MM.at;
  const thp = b.enabled('TRANSPARENT_HUGEPAGE');
  const { copy_vma, vma_merge_extend } = copyVma(c, alloc, anon, shm, edit);

  /** `(mm, vma, from, to, pages, new_pages) -> to`; with MREMAP_DONTUNMAP `pages` is negative. */
  const move_vma = b.add(
    routine(
      'move_vma',
      ['mm', 'vma', 'from', 'to', 'pages', 'new_pages', 'keep', 'new', 'locked', 'rmap'],
      (v) => ({
        read_flags(k) {
          k.set(v.keep, k.get(v.pages) < 0 ? 1 : 0);
          k.set(v.pages, Math.abs(k.get(v.pages)));
          k.set(v.locked, k.load(k.get(v.vma) + vm_flags) & VM_LOCKED);
          if (!k.get(v.keep) || !k.get(v.locked)) return 'vma_start_write';
        },
        // What is locked is split ahead, so that exactly the source loses its lock.
        split_before(k) {
          const vma = k.get(v.vma);
          if (k.peek(vma + vm_start) === k.get(v.from)) return;
          return k.call(edit.__split_vma, k.get(v.mm), vma, k.get(v.from), 1);
        },
        split_after(k) {
          const vma = k.get(v.vma);
          const end = k.get(v.from) + k.get(v.pages);
          if (k.peek(vma + vm_end) === end) return;
          return k.call(edit.__split_vma, k.get(v.mm), vma, end, 0);
        },
        vma_start_write: (k) => k.call(lock.vma_start_write, k.get(v.vma)),
        copy_vma: (k) =>
          k.call(
            copy_vma,
            k.get(v.mm),
            k.get(v.vma),
            k.get(v.from),
            k.get(v.to),
            k.get(v.new_pages),
            k.get(v.keep),
          ),
        copied(k) {
          const fresh = k.result();
          k.set(v.new, fresh);
          // An untouched source may have been merged into its own copy.
          const from = k.get(v.from);
          if (from >= k.load(fresh + vm_start) && from < k.peek(fresh + vm_end))
            k.set(v.vma, fresh);
          // rmap comes by what was merged into before the source, and could miss pages that move there meanwhile.
          const to = k.get(v.to);
          const merged =
            k.peek(fresh + vm_start) !== to || k.peek(fresh + vm_end) !== to + k.get(v.new_pages);
          const before = k.peek(fresh + vm_pgoff) <= k.peek(k.get(v.vma) + vm_pgoff);
          k.set(v.rmap, merged && before ? k.get(v.vma) : 0);
        },
        mremap_userfaultfd_prep(k) {
          const fresh = k.get(v.new);
          if (!(k.peek(fresh + vm_flags) & __VM_UFFD_FLAGS)) return 'hugetlb_lock_write';
          if (edit.events?.notices(k, fresh, UFFD_FEATURES.event_remap)) {
            const prep = edit.events.mremap_userfaultfd_prep;
            return k.callThen('hugetlb_lock_write', prep, fresh, k.get(v.to));
          }
          return k.call(lock.vma_start_write, fresh);
        },
        userfaultfd_reset_ctx(k) {
          const at = k.get(v.new) + vm_flags;
          k.store(at, k.peek(at) & ~__VM_UFFD_FLAGS);
        },
        // move_hugetlb_page_tables
        hugetlb_lock_write(k) {
          if (edit.isHugetlb(k, k.get(v.vma))) {
            return k.call(edit.hugetlb_zap_begin, k.get(v.vma));
          }
        },
        move_page_tables: (k) =>
          k.call(
            move_page_tables,
            k.get(v.mm),
            k.get(v.from),
            k.get(v.to),
            k.get(v.pages),
            k.peek(k.get(v.new) + vm_flags) & VM_UFFD_WP,
            k.get(v.rmap),
          ),
        hugetlb_unlock_write(k) {
          if (edit.isHugetlb(k, k.get(v.vma))) return k.call(edit.hugetlb_zap_end, k.get(v.vma));
        },
        vm_stat_account(k) {
          const at = k.get(v.mm) + total_vm;
          k.store(at, k.peek(at) + k.get(v.new_pages));
          if (!k.get(v.keep)) return 'do_vmi_munmap';
        },
        vm_flags_clear(k) {
          const vma = k.get(v.vma);
          lock.assertWriteLocked(k, vma);
          k.store(vma + vm_flags, k.peek(vma + vm_flags) & ~VM_LOCKED_MASK);
          const whole =
            k.peek(vma + vm_start) === k.get(v.from) &&
            k.peek(vma + vm_end) === k.get(v.from) + k.get(v.pages);
          if (!whole) return k.ret(k.get(v.to));
        },
        // Its pages are gone, so it is as if never touched.
        unlink_anon_vmas: (k) => k.call(anon.unlink_anon_vmas, k.get(v.vma)),
        reset_pgoff(k) {
          const vma = k.get(v.vma);
          if (k.peek(vma + vm_ops) === VM_OPS_ANON) {
            k.store(vma + vm_pgoff, k.peek(vma + vm_start));
          }
          return k.ret(k.get(v.to));
        },
        do_vmi_munmap: (k) =>
          k.call(edit.do_vmi_munmap, k.get(v.mm), k.get(v.from), k.get(v.from) + k.get(v.pages), 0),
        done: (k) => k.ret(k.get(v.to)),
      }),
    ),
  );

  /** vma_to_resize: why the pages cannot be resized or moved, or 0. */
  const refuses = (k: Exec, vma: number, start: number, pages: number): number =>
    vma === 0 || start + pages > k.peek(vma + vm_end) ? -EFAULT : 0;

  return b.add(
    routine(
      '__do_sys_mremap',
      ['mm', 'start', 'pages', 'new_pages', 'flags', 'to', 'old', 'vma', 'ret', 'populate'],
      (v) => ({
        check_flags(k) {
          const flags = k.get(v.flags);
          const pages = k.get(v.pages);
          const newPages = k.get(v.new_pages);
          const alone = flags & (fixed | dontunmap) && !(flags & maymove);
          if (alone || (flags & dontunmap && pages !== newPages)) return k.ret(-EINVAL);
          k.set(v.old, pages);
        },
        mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
        locked(k) {
          if (k.result() !== 0) return k.ret(k.result());
        },
        vma_lookup(k) {
          edit.events?.tell(k, TELL_LATE);
          const vma = tree.walk(k, k.get(v.mm), k.get(v.start));
          k.set(v.vma, vma);
          k.set(v.ret, vma === 0 ? -EFAULT : isSealed(c, k, vma) ? -EPERM : 0);
          if (k.get(v.ret) !== 0) return 'mmap_write_unlock';
          if (k.peek(vma + vm_ops) === VM_OPS_HUGETLB) {
            k.set(v.pages, Math.ceil(k.get(v.pages) / pt.span) * pt.span);
            k.set(v.new_pages, Math.ceil(k.get(v.new_pages) / pt.span) * pt.span);
            // Whole huge pages only, and VM_DONTEXPAND.
            const aligned = k.get(v.start) % pt.span === 0 && k.get(v.to) % pt.span === 0;
            const keeps = k.get(v.flags) & dontunmap;
            if (!aligned || keeps || k.get(v.new_pages) > k.get(v.pages)) {
              k.set(v.ret, -EINVAL);
              return 'mmap_write_unlock';
            }
          }
          if (k.get(v.flags) & (fixed | dontunmap)) return 'mremap_to';
          k.set(v.ret, k.get(v.start));
          if (k.get(v.new_pages) === k.get(v.pages)) return 'mmap_write_unlock';
          if (k.get(v.new_pages) > k.get(v.pages)) return 'vma_to_resize';
        },
        shrink(k) {
          const start = k.get(v.start);
          const pages = k.get(v.pages);
          const mm = k.get(v.mm);
          const from = start + k.get(v.new_pages);
          return k.call(edit.do_vmi_munmap, mm, from, start + pages, 1);
        },
        shrunk(k) {
          // With success do_vmi_munmap has dropped the lock.
          if (k.result() === 0) return 'userfaultfd_complete';
          k.set(v.ret, k.result());
          return 'mmap_write_unlock';
        },

        vma_to_resize(k) {
          const start = k.get(v.start);
          const pages = k.get(v.pages);
          const vma = k.get(v.vma);
          k.set(v.ret, refuses(k, vma, start, pages));
          if (k.get(v.ret) !== 0) return 'mmap_write_unlock';
          // vma_expandable: the range ends where the VMA does, and what follows is free.
          const end = start + k.get(v.new_pages);
          if (k.peek(vma + vm_end) !== start + pages || end > pt.pages) return 'maymove';
          const next = tree.find(k, k.get(v.mm), k.peek(vma + vm_end));
          if (next !== 0 && k.peek(next + vm_start) < end) return 'maymove';
        },
        vma_merge_extend(k) {
          const delta = k.get(v.new_pages) - k.get(v.pages);
          return k.call(vma_merge_extend, k.get(v.mm), k.get(v.vma), delta);
        },
        extended(k) {
          const vma = k.result();
          k.set(v.ret, vma === 0 ? -ENOMEM : k.get(v.start));
          if (vma === 0) return 'mmap_write_unlock';
          const at = k.get(v.mm) + total_vm;
          k.store(at, k.peek(at) + k.get(v.new_pages) - k.get(v.pages));
          k.set(v.populate, k.peek(vma + vm_flags) & VM_LOCKED);
          return 'mmap_write_unlock';
        },
        maymove(k) {
          if (k.get(v.flags) & maymove) return 'get_unmapped_area';
          k.set(v.ret, -ENOMEM);
          return 'mmap_write_unlock';
        },

        mremap_to(k) {
          const start = k.get(v.start);
          const to = k.get(v.to);
          const end = start + k.get(v.pages);
          const newEnd = to + k.get(v.new_pages);
          if (to < 0 || newEnd > pt.pages || (end > to && newEnd > start)) {
            k.set(v.ret, -EINVAL);
            return 'mmap_write_unlock';
          }
          if (!(k.get(v.flags) & fixed)) return 'shrink_first';
          edit.events?.tell(k, TELL_EARLY);
          return k.call(edit.do_vmi_munmap, k.get(v.mm), to, newEnd, 0);
        },
        destination_free(k) {
          k.set(v.ret, k.result());
          if (k.result() < 0) return 'mmap_write_unlock';
        },
        shrink_first(k) {
          edit.events?.tell(k, TELL_LATE);
          const start = k.get(v.start);
          const pages = k.get(v.pages);
          const newPages = k.get(v.new_pages);
          if (pages <= newPages) return 'vma_to_move';
          k.set(v.pages, newPages);
          return k.call(edit.do_vmi_munmap, k.get(v.mm), start + newPages, start + pages, 0);
        },
        shrunk_first(k) {
          k.set(v.ret, k.result());
          if (k.result() < 0) return 'mmap_write_unlock';
        },
        vma_to_move(k) {
          const vma = tree.walk(k, k.get(v.mm), k.get(v.start));
          k.set(v.vma, vma);
          k.set(v.ret, refuses(k, vma, k.get(v.start), k.get(v.pages)));
          if (k.get(v.ret) !== 0) return 'mmap_write_unlock';
          if (k.get(v.flags) & fixed) return 'move_vma';
        },
        get_unmapped_area(k) {
          const mm = k.get(v.mm);
          k.work(W.find_free_area);
          const floor = k.peek(mm + MM.at.mmap_base);
          const pages = k.get(v.new_pages);
          // thp_get_unmapped_area: anonymous memory as long as huge pages is aligned to them.
          const anonymous = k.peek(k.get(v.vma) + vm_ops) === VM_OPS_ANON;
          const align = thp && anonymous && pages % pt.span === 0 ? pt.span : 1;
          const found = tree.findGap(k, mm, pages + align - 1, floor, pt.pages - STACK_RESERVE);
          k.set(v.to, Math.ceil(found / align) * align);
          if (found !== 0) return;
          k.set(v.ret, -ENOMEM);
          return 'mmap_write_unlock';
        },
        move_vma(k) {
          const vma = k.get(v.vma);
          const from = k.get(v.start);
          const to = k.get(v.to);
          const newPages = k.get(v.new_pages);
          const pages = k.get(v.flags) & dontunmap ? -k.get(v.pages) : k.get(v.pages);
          if (pages > 0) k.set(v.populate, k.peek(vma + vm_flags) & VM_LOCKED);
          return k.call(move_vma, k.get(v.mm), vma, from, to, pages, newPages);
        },
        moved(k) {
          k.set(v.ret, k.result());
        },
        mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
        mm_populate(k) {
          const grown = k.get(v.new_pages) - k.get(v.old);
          if (k.get(v.ret) < 0 || !k.get(v.populate) || grown <= 0) return 'userfaultfd_complete';
          return k.call(populate.__mm_populate, k.get(v.mm), k.get(v.ret) + k.get(v.old), grown, 1);
        },
        userfaultfd_complete(k) {
          const { events } = edit;
          if (events?.finish(k)) return k.call(events.userfaultfd_complete, k.get(v.mm));
        },
        done: (k) => k.ret(k.get(v.ret)),
      }),
    ),
  );
}
