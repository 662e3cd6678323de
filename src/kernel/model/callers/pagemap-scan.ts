/**
 * PAGEMAP_SCAN on /proc/PID/pagemap: which pages were written, and with `wp_matching` write-protecting them in the same walk. After
 * do_pagemap_scan in fs/proc/task_mmu.c. Asks for PAGE_IS_WRITTEN with room for all the answers.
 */
import { type Exec, type Routine, routine, W } from '../machine/index.ts';
import type { FindVma } from '../mm/find-vma.ts';
import { EINVAL, ENOTTY, EPERM, type MmCore } from '../mm/mm-core.ts';
import { PTE_UFFD_WP } from '../mm/page-table.ts';
import { VM_PFNMAP, VM_UFFD_WP } from '../mm/structs.ts';
import { isSince } from '../release.ts';
import { PAGEMAP_SCAN_FLAGS } from '../uapi.ts';

/** Regions that fit into the buffer an answer goes through: it is copied out without mmap_lock. */
const REGIONS = 512;
const { wp_matching, check_wpasync } = PAGEMAP_SCAN_FLAGS;

/** What userfaultfd has to do with it; absent without USERFAULTFD. */
export interface ScanProtection {
  /** `(mm, vma, start, end, enable)`. */
  readonly uffd_wp_range: Routine;
  /** Whether writes to write-protected pages of an mm are let through by the kernel. */
  isWpAsync(k: Exec, mm: number): boolean;
}

/** @returns `(mm, start, pages, flags) -> 0 or -errno` */
export function pagemapScan(
  c: MmCore,
  find: FindVma,
  protection: ScanProtection | undefined,
): Routine {
  const { b, VMA, mmap, pt } = c;
  const { vm_start, vm_end, vm_flags } = VMA.at;
  // The file had no ioctl before 6.7.
  if (!isSince(c.release, '6.12')) {
    return b.lack(routine('pagemap_ioctl', ['mm'], () => ({ unknown: (k) => k.ret(-ENOTTY) })));
  }

  /** Whether a page counts as written: in a watched VMA also one that is not there. */
  const isWritten = (k: Exec, mm: number, vma: number, page: number): boolean => {
    const at = pt.find(k, mm, page);
    const pte = at === 0 ? pt.huge(k, mm, page) : k.peek(at);
    if (pte === 0) return (k.peek(vma + vm_flags) & VM_UFFD_WP) !== 0;
    return !(pte & PTE_UFFD_WP);
  };

  return b.add(
    routine(
      'do_pagemap_scan',
      ['mm', 'start', 'pages', 'flags', 'end', 'vma', 'next', 'to', 'regions', 'ret'],
      (v) => ({
        pagemap_scan_get_args(k) {
          if (k.get(v.flags) & ~(wp_matching | check_wpasync)) return k.ret(-EINVAL);
          k.set(v.end, k.get(v.start) + k.get(v.pages));
          if (k.get(v.end) > pt.pages) return k.ret(-EINVAL);
        },
        mmap_read_lock_killable: (k) => k.call(mmap.mmap_read_lock_killable, k.get(v.mm)),
        walk_page_range(k) {
          if (k.result() !== 0) return k.ret(k.result());
          k.set(v.regions, 0);
          return k.call(find.find_vma, k.get(v.mm), k.get(v.start));
        },
        found(k) {
          k.set(v.vma, k.result());
        },
        inside_vma(k) {
          const vma = k.get(v.vma);
          const end = k.get(v.end);
          const start = vma === 0 ? end : Math.min(end, k.load(vma + vm_start));
          if (k.get(v.start) < start) {
            k.set(v.start, start);
            return 'next_vma';
          }
        },
        find_next: (k) => k.call(find.find_vma, k.get(v.mm), k.peek(k.get(v.vma) + vm_end)),
        pagemap_scan_test_walk(k) {
          k.set(v.next, k.result());
          const vma = k.get(v.vma);
          const flags = k.load(vma + vm_flags);
          k.set(v.to, Math.min(k.get(v.end), k.peek(vma + vm_end)));
          const allowed = flags & VM_UFFD_WP && protection?.isWpAsync(k, k.get(v.mm));
          if (!allowed && k.get(v.flags) & check_wpasync) {
            k.set(v.ret, -EPERM);
            return 'mmap_read_unlock';
          }
          const apart = flags & VM_PFNMAP || (!allowed && k.get(v.flags) & wp_matching);
          if (apart) return 'skip';
        },
        pagemap_scan_output(k) {
          const mm = k.get(v.mm);
          const vma = k.get(v.vma);
          let inRegion = false;
          for (let page = k.get(v.start); page < k.get(v.to); page++) {
            const written = isWritten(k, mm, vma, page);
            k.work(W.pte_walk);
            if (written && !inRegion) {
              if (k.get(v.regions) === REGIONS) k.set(v.to, page);
              else k.set(v.regions, k.get(v.regions) + 1);
            }
            inRegion = written;
          }
          if (!(k.get(v.flags) & wp_matching) || protection === undefined) return 'skip';
          return k.call(protection.uffd_wp_range, mm, vma, k.get(v.start), k.get(v.to), 1);
        },
        skip(k) {
          k.set(v.start, k.get(v.to));
          // Full: what is left is for another round.
          if (k.get(v.to) < Math.min(k.get(v.end), k.peek(k.get(v.vma) + vm_end))) {
            return 'mmap_read_unlock';
          }
          k.set(v.vma, k.get(v.next));
        },
        next_vma(k) {
          if (k.get(v.start) < k.get(v.end)) return 'inside_vma';
        },
        mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
        pagemap_scan_flush_buffer(k) {
          if (k.get(v.ret) !== 0) return k.ret(k.get(v.ret));
          return k.get(v.start) < k.get(v.end) ? 'mmap_read_lock_killable' : k.ret(0);
        },
      }),
    ),
  );
}
