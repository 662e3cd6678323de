/** Installing pages of a binder buffer in the address space of the process that receives. After drivers/android/binder_alloc.c. */
import { type Exec, type Routine, routine, W } from '../../machine/index.ts';
import { FOLL_GET, FOLL_NOFAULT } from '../../mm/gup/flags.ts';
import type { Gup } from '../../mm/gup/index.ts';
import { EBUSY } from '../../mm/insert-page.ts';
import type { WaitingLookup } from '../../mm/lock/waiting-lookup.ts';
import { ENOMEM, type MmCore } from '../../mm/mm-core.ts';
import type { BinderAlloc } from './alloc.ts';

export const FILE = 'drivers/android/binder_alloc.c';
export const ESRCH = 3;

/** How an edition's binder finds the VMA it installs a page in. */
export type BinderLock =
  /** Up to 6.7: mmap_lock for writing around the insertion of a range. */
  | 'range_under_mmap_write_lock'
  /** 6.8 to 6.13: the same around each page. */
  | 'mmap_write_lock'
  /** 6.14 to 7.0: the VMA lock, else mmap_lock for reading. */
  | 'vma_lock'
  /** The series: the helper that waits for writers, nothing else. */
  | 'waiting_lookup';

export interface InsertParts {
  readonly alloc: BinderAlloc;
  readonly gup: Gup;
  /** `(mm, vma, address, pfn) -> 0 or -errno`. */
  readonly vm_insert_page: Routine;
  /** `(mm)`. */
  readonly mmput: Routine;
  readonly lookup: WaitingLookup | undefined;
}

/** @returns `(alloc, index) -> 0 or -errno` (binder_install_single_page) */
export function binderInstall(c: MmCore, how: BinderLock, p: InsertParts): Routine {
  if (how === 'mmap_write_lock' || how === 'range_under_mmap_write_lock') {
    return underMmapLock(c, how === 'range_under_mmap_write_lock', p);
  }
  return installSinglePage(c, how === 'vma_lock' ? pageInsert(c, p) : waitingInsert(c, p), p);
}

/** Takes a user of an mm that may be on its way out. Gives whether there was one left (mmget_not_zero). */
export function mmgetNotZero(c: MmCore, k: Exec, mm: number): boolean {
  const users = mm + c.MM.at.mm_users;
  if (k.peek(users) === 0) {
    k.load(users);
    return false;
  }
  k.fetchAdd(users, 1);
  return true;
}

/** One writer of mmap_lock at a time, so nobody else can install the page meanwhile. A range is of one page here. */
function underMmapLock(
  c: MmCore,
  range: boolean,
  { alloc: binder, vm_insert_page, mmput }: InsertParts,
): Routine {
  const { b, mmap, pages } = c;
  const { at } = binder;
  return b.fn(
    {
      file: FILE,
      signature: range ? '(alloc, allocate, start, end) -> int' : '(alloc, lru_page, addr) -> int',
    },
    routine(
      range ? 'binder_update_page_range' : 'binder_install_single_page',
      ['alloc', 'index', 'mm', 'vma', 'pfn', 'ret'],
      (v) => ({
        mmget_not_zero(k) {
          k.set(v.mm, binder.mmOf(k.get(v.alloc)));
          if (!mmgetNotZero(c, k, k.get(v.mm))) return k.ret(-ESRCH);
        },
        mmap_write_lock: (k) => k.call(mmap.mmap_write_lock, k.get(v.mm)),
        binder_get_installed_page(k) {
          if (k.load(k.get(v.alloc) + at.pages + k.get(v.index)) !== 0) return 'mmap_write_unlock';
        },
        check_vma(k) {
          k.set(v.vma, k.load(k.get(v.alloc) + at.vma));
          if (k.get(v.vma) !== 0) return;
          k.set(v.ret, -ESRCH);
          return 'mmap_write_unlock';
        },
        alloc_page(k) {
          k.work(W.binder_page);
          k.set(v.pfn, binder.pageAlloc(k));
        },
        vm_insert_page(k) {
          const address = k.peek(k.get(v.alloc) + at.vm_start) + k.get(v.index);
          return k.call(vm_insert_page, k.get(v.mm), k.get(v.vma), address, k.get(v.pfn));
        },
        inserted(k) {
          if (k.result() === 0) return 'binder_set_installed_page';
          pages.put(k, k.get(v.pfn));
          k.set(v.ret, -ENOMEM);
          return 'mmap_write_unlock';
        },
        binder_set_installed_page(k) {
          k.store(k.get(v.alloc) + at.pages + k.get(v.index), k.get(v.pfn));
        },
        mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
        mmput_async: (k) => k.call(mmput, k.get(v.mm)),
        done: (k) => k.ret(k.get(v.ret)),
      }),
    ),
  );
}

/** Since 6.14: several senders may install the same page at once; the entry that is set first wins. */
function installSinglePage(c: MmCore, binder_page_insert: Routine, p: InsertParts): Routine {
  const { b, mmap } = c;
  const { alloc: binder, gup, mmput } = p;
  const { at } = binder;

  /** `(alloc, address) -> pfn or 0`: the page that is mapped there, with a reference. */
  const binder_page_lookup = b.fn(
    { file: FILE, signature: '(alloc, addr) -> page' },
    routine('binder_page_lookup', ['alloc', 'address', 'pfn'], (v) => ({
      mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, binder.mmOf(k.get(v.alloc))),
      binder_alloc_is_mapped(k) {
        if (!binder.isMapped(k, k.get(v.alloc))) return 'mmap_read_unlock';
      },
      get_user_pages_remote(k) {
        const flags = FOLL_GET | FOLL_NOFAULT;
        const mm = binder.mmOf(k.get(v.alloc));
        return k.call(gup.__get_user_pages, mm, k.get(v.address), 1, flags, 0);
      },
      got(k) {
        if (k.result() > 0) k.set(v.pfn, gup.pinned(k, 0));
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, binder.mmOf(k.get(v.alloc))),
      done: (k) => k.ret(k.get(v.pfn)),
    })),
  );

  return b.fn(
    { file: FILE, signature: '(alloc, index, addr) -> int' },
    routine('binder_install_single_page', ['alloc', 'index', 'address', 'pfn', 'ret'], (v) => ({
      mmget_not_zero(k) {
        const alloc = k.get(v.alloc);
        k.set(v.address, k.peek(alloc + at.vm_start) + k.get(v.index));
        if (!mmgetNotZero(c, k, binder.mmOf(alloc))) return k.ret(-ESRCH);
      },
      binder_page_alloc(k) {
        k.work(W.binder_page);
        k.set(v.pfn, binder.pageAlloc(k));
      },
      binder_page_insert: (k) =>
        k.call(binder_page_insert, k.get(v.alloc), k.get(v.address), k.get(v.pfn)),
      inserted(k) {
        k.set(v.ret, k.result());
        if (k.result() === 0) return 'binder_set_installed_page';
        binder.pageFree(k, k.get(v.pfn));
        if (k.result() !== -EBUSY) return 'mmput_async';
      },
      binder_page_lookup: (k) => k.call(binder_page_lookup, k.get(v.alloc), k.get(v.address)),
      looked_up(k) {
        k.set(v.pfn, k.result());
        k.set(v.ret, k.result() === 0 ? -ESRCH : 0);
        if (k.result() === 0) return 'mmput_async';
      },
      binder_set_installed_page(k) {
        const word = k.get(v.alloc) + at.pages + k.get(v.index);
        k.access(word, 1);
        // Who is second gives back what the first has set; the driver keeps that reference for good.
        if (k.peek(word) !== 0) c.pages.put(k, k.peek(word));
        k.poke(word, k.get(v.pfn));
      },
      mmput_async: (k) => k.call(mmput, binder.mmOf(k.get(v.alloc))),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );
}

const INSERT = { file: FILE, signature: '(alloc, addr, page) -> int' };

/** `(alloc, address, pfn) -> 0 or -errno`, 6.14 to 7.0. */
function pageInsert(c: MmCore, { alloc: binder, vm_insert_page }: InsertParts): Routine {
  const { b, mmap, lock, tree } = c;
  const fallback = b.fallback({
    site: 'binder_page_insert:lock_vma_under_rcu',
    file: FILE,
    caller: 'binder_page_insert',
    tries: 'lock_vma_under_rcu',
    trigger: 'NULL: no VMA covers the address, or it is being modified',
    fallback: 'mmap_read_lock, vma_lookup',
  });
  const mmOf = (k: Exec, alloc: number) => binder.mmOf(k.get(alloc));
  return b.fn(
    INSERT,
    routine('binder_page_insert', ['alloc', 'address', 'pfn', 'vma', 'ret'], (v) => ({
      lock_vma_under_rcu(k) {
        k.set(v.ret, -ESRCH);
        return k.call(lock.lock_vma_under_rcu, mmOf(k, v.alloc), k.get(v.address));
      },
      found(k) {
        k.set(v.vma, k.result());
        if (k.result() === 0) return 'mmap_read_lock';
      },
      binder_alloc_is_mapped(k) {
        if (!binder.isMapped(k, k.get(v.alloc))) return 'vma_end_read';
      },
      vm_insert_page: (k) =>
        k.call(vm_insert_page, mmOf(k, v.alloc), k.get(v.vma), k.get(v.address), k.get(v.pfn)),
      inserted(k) {
        k.set(v.ret, k.result());
      },
      vma_end_read: (k) => k.callThen('done', lock.vma_end_read, k.get(v.vma)),
      mmap_read_lock(k) {
        k.count(fallback);
        return k.call(mmap.mmap_read_lock, mmOf(k, v.alloc));
      },
      vma_lookup(k) {
        k.set(v.vma, tree.walk(k, mmOf(k, v.alloc), k.get(v.address)));
        if (k.get(v.vma) === 0) return 'mmap_read_unlock';
      },
      binder_alloc_is_mapped_locked(k) {
        if (!binder.isMapped(k, k.get(v.alloc))) return 'mmap_read_unlock';
      },
      vm_insert_page_locked: (k) =>
        k.call(vm_insert_page, mmOf(k, v.alloc), k.get(v.vma), k.get(v.address), k.get(v.pfn)),
      inserted_locked(k) {
        k.set(v.ret, k.result());
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, mmOf(k, v.alloc)),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );
}

/** The same with the helper that waits for writers. */
function waitingInsert(c: MmCore, { alloc: binder, vm_insert_page, lookup }: InsertParts): Routine {
  const { b, lock } = c;
  if (lookup === undefined) throw new RangeError('this edition has no waiting lookup');
  return b.fn(
    INSERT,
    routine('binder_page_insert', ['alloc', 'address', 'pfn', 'vma', 'ret'], (v) => ({
      lookup: (k) => k.call(lookup.routine, binder.mmOf(k.get(v.alloc)), k.get(v.address)),
      found(k) {
        k.set(v.vma, k.result());
        k.set(v.ret, -ESRCH);
        if (k.result() <= 0) return k.ret(k.result() || -ESRCH);
      },
      binder_alloc_is_mapped(k) {
        if (!binder.isMapped(k, k.get(v.alloc))) return 'vma_end_read';
      },
      vm_insert_page(k) {
        const mm = binder.mmOf(k.get(v.alloc));
        return k.call(vm_insert_page, mm, k.get(v.vma), k.get(v.address), k.get(v.pfn));
      },
      inserted(k) {
        k.set(v.ret, k.result());
      },
      vma_end_read: (k) => k.call(lock.vma_end_read, k.get(v.vma)),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );
}
