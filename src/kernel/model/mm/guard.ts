/** Guard regions: pages that raise SIGSEGV without a VMA of their own. After madvise_guard_install and madvise_guard_remove in mm/madvise.c. */
import { type Routine, routine, W, WRITE } from '../machine/index.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import type { AnonVma } from './anon-vma.ts';
import type { MmCore } from './mm-core.ts';
import { PTE_MARKER_GUARD } from './page-table.ts';
import { VM_OPS_ANON } from './structs.ts';
import { KEEP_GUARDS } from './vma-edit/index.ts';

/** The system call starts again, so that whoever waits for its lock gets it. */
export const ERESTARTNOINTR = 513;
/** How often pages that come back are thrown away before that. */
const MAX_MADVISE_GUARD_RETRIES = 5;

export interface Guard {
  /** `(mm, start, end, vma) -> 0 or -ERESTARTNOINTR`: throws the pages away and guards their place. mmap_lock or the VMA is held. */
  readonly madvise_guard_install: Routine;
  /** `(mm, start, end) -> 0`. */
  readonly madvise_guard_remove: Routine;
}

export interface GuardParts {
  readonly anon: AnonVma;
  /** `(mm, address)`: makes the page table that holds an entry. */
  readonly __pte_alloc: Routine;
  /** `(mm, start, end, KEEP_GUARDS)`. */
  readonly zap_page_range: Routine;
}

export function guard(c: MmCore, { anon, __pte_alloc, zap_page_range }: GuardParts): Guard {
  const { b, VMA, pt } = c;
  const tableEnd = (at: number, end: number) =>
    Math.min(end, (Math.floor(at / pt.span) + 1) * pt.span);

  return {
    madvise_guard_install: b.add(
      routine(
        'madvise_guard_install',
        ['mm', 'start', 'end', 'vma', 'at', 'ptl', 'populated', 'tries'],
        (v) => ({
          anon_vma_prepare(k) {
            if (k.peek(k.get(v.vma) + VMA.at.vm_ops) !== VM_OPS_ANON) return;
            return k.call(anon.anon_vma_prepare, k.get(v.vma));
          },
          walk_page_range(k) {
            k.set(v.at, k.get(v.start));
            k.set(v.populated, 0);
          },
          guard_install_pmd_entry(k) {
            if (k.get(v.at) >= k.get(v.end)) return k.ret(0);
            if (pt.huge(k, k.get(v.mm), k.get(v.at)) !== 0) return 'zap_page_range_single';
            return k.call(__pte_alloc, k.get(v.mm), k.get(v.at));
          },
          pte_lock(k) {
            const entry = pt.find(k, k.get(v.mm), k.get(v.at));
            // A huge page was faster.
            if (entry === 0) return 'zap_page_range_single';
            k.set(v.ptl, pt.lockOf(k.get(v.mm), entry));
            return spinLock(k, k.get(v.ptl));
          },
          guard_install_set_pte(k) {
            const end = tableEnd(k.get(v.at), k.get(v.end));
            k.access(k.get(v.ptl), WRITE);
            for (let page = k.get(v.at); page < end; page++) {
              const entry = pt.find(k, k.get(v.mm), page);
              const pte = k.peek(entry);
              if (pte !== 0 && pte !== PTE_MARKER_GUARD) {
                k.set(v.populated, 1);
                break;
              }
              k.work(W.pte_set);
              k.poke(entry, PTE_MARKER_GUARD);
            }
            k.set(v.at, end);
          },
          pte_unlock(k) {
            spinUnlock(k, k.get(v.ptl));
            if (!k.get(v.populated)) return 'guard_install_pmd_entry';
          },
          zap_page_range_single: (k) =>
            k.call(zap_page_range, k.get(v.mm), k.get(v.start), k.get(v.end), KEEP_GUARDS),
          again(k) {
            k.set(v.tries, k.get(v.tries) + 1);
            if (k.get(v.tries) < MAX_MADVISE_GUARD_RETRIES) return 'walk_page_range';
            return k.ret(-ERESTARTNOINTR);
          },
        }),
      ),
    ),

    madvise_guard_remove: b.add(
      routine('madvise_guard_remove', ['mm', 'start', 'end', 'ptl'], (v) => ({
        next_table(k) {
          const at = k.get(v.start);
          if (at >= k.get(v.end)) return k.ret(0);
          const entry = pt.find(k, k.get(v.mm), at);
          if (entry === 0) {
            k.set(v.start, tableEnd(at, k.get(v.end)));
            return 'next_table';
          }
          k.set(v.ptl, pt.lockOf(k.get(v.mm), entry));
        },
        pte_lock: (k) => spinLock(k, k.get(v.ptl)),
        guard_remove_pte_entry(k) {
          const end = tableEnd(k.get(v.start), k.get(v.end));
          k.access(k.get(v.ptl), WRITE);
          pt.each(k, k.get(v.mm), k.get(v.start), end, (entry) => {
            if (k.peek(entry) === PTE_MARKER_GUARD) k.poke(entry, 0);
          });
          k.set(v.start, end);
        },
        pte_unlock(k) {
          spinUnlock(k, k.get(v.ptl));
          return 'next_table';
        },
      })),
    ),
  };
}
