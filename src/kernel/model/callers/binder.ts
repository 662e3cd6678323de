/** Binder page installation. After drivers/android/binder_alloc.c. */
import { type Routine, routine, W } from '../machine/index.ts';
import type { WaitingLookup } from '../mm/lock/waiting-lookup.ts';
import type { MmCore } from '../mm/mm-core.ts';
import { mkPte, PTE_PRESENT, PTE_WRITE } from '../mm/page-table.ts';
import { VM_OPS_BINDER } from '../mm/structs.ts';

const FILE = 'drivers/android/binder_alloc.c';
const ESRCH = 3;

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

/** @returns `(mm, address) -> 0 or -ESRCH`: installs one page of a buffer, from whichever process sends */
export function binderPageInsert(
  c: MmCore,
  how: BinderLock,
  lookup: WaitingLookup | undefined,
): Routine {
  const { b, VMA, mmap, lock, tree, pages, pt } = c;
  const { vm_ops } = VMA.at;

  /** `(mm, vma, address) -> 0 or -ESRCH`. */
  const insert = b.add(
    routine('vm_insert_page', ['mm', 'vma', 'address'], (v) => ({
      check_vma(k) {
        const vma = k.get(v.vma);
        if (vma === 0) return k.ret(-ESRCH);
        if (k.load(vma + vm_ops) !== VM_OPS_BINDER) return k.ret(-ESRCH);
      },
      set_pte(k) {
        const mm = k.get(v.mm);
        k.work(W.binder_page);
        pt.allocate(k, mm, k.get(v.address));
        const entry = pt.find(k, mm, k.get(v.address));
        // -EBUSY: another sender was faster, its page serves both.
        if (k.peek(entry) === 0) k.poke(entry, mkPte(pages.alloc(k), PTE_PRESENT | PTE_WRITE));
        return k.ret(0);
      },
    })),
  );

  if (how === 'mmap_write_lock' || how === 'range_under_mmap_write_lock') {
    // A range of one page: an operation installs no more.
    const range = how === 'range_under_mmap_write_lock';
    return b.fn(
      {
        file: FILE,
        signature: range
          ? '(alloc, allocate, start, end) -> int'
          : '(alloc, lru_page, addr) -> int',
      },
      routine(
        range ? 'binder_update_page_range' : 'binder_install_single_page',
        ['mm', 'address', 'ret'],
        (v) => ({
          mmap_write_lock: (k) => k.call(mmap.mmap_write_lock, k.get(v.mm)),
          vm_insert_page(k) {
            const vma = tree.walk(k, k.get(v.mm), k.get(v.address));
            return k.call(insert, k.get(v.mm), vma, k.get(v.address));
          },
          inserted(k) {
            k.set(v.ret, k.result());
          },
          mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
          done: (k) => k.ret(k.get(v.ret)),
        }),
      ),
    );
  }

  if (how === 'waiting_lookup') {
    if (lookup === undefined) throw new RangeError('this edition has no waiting lookup');
    return b.fn(
      { file: FILE, signature: '(alloc, addr, page) -> int' },
      routine('binder_page_insert', ['mm', 'address', 'vma', 'ret'], (v) => ({
        lookup: (k) => k.call(lookup.routine, k.get(v.mm), k.get(v.address)),
        found(k) {
          k.set(v.vma, k.result());
          if (k.result() <= 0) return k.ret(k.result() || -ESRCH);
        },
        vm_insert_page: (k) => k.call(insert, k.get(v.mm), k.get(v.vma), k.get(v.address)),
        inserted(k) {
          k.set(v.ret, k.result());
        },
        vma_end_read: (k) => k.call(lock.vma_end_read, k.get(v.vma)),
        done: (k) => k.ret(k.get(v.ret)),
      })),
    );
  }

  const fallback = b.fallback({
    site: 'binder_page_insert:lock_vma_under_rcu',
    file: FILE,
    caller: 'binder_page_insert',
    tries: 'lock_vma_under_rcu',
    trigger: 'NULL: no VMA covers the address, or it is being modified',
    fallback: 'mmap_read_lock, vma_lookup',
  });
  return b.fn(
    { file: FILE, signature: '(alloc, addr, page) -> int' },
    routine('binder_page_insert', ['mm', 'address', 'vma', 'ret'], (v) => ({
      lock_vma_under_rcu: (k) => k.call(lock.lock_vma_under_rcu, k.get(v.mm), k.get(v.address)),
      found(k) {
        k.set(v.vma, k.result());
        if (k.result() === 0) return 'mmap_read_lock';
      },
      vm_insert_page: (k) => k.call(insert, k.get(v.mm), k.get(v.vma), k.get(v.address)),
      inserted(k) {
        k.set(v.ret, k.result());
      },
      vma_end_read: (k) => k.callThen('done', lock.vma_end_read, k.get(v.vma)),
      mmap_read_lock(k) {
        k.count(fallback);
        return k.call(mmap.mmap_read_lock, k.get(v.mm));
      },
      vma_lookup(k) {
        const vma = tree.walk(k, k.get(v.mm), k.get(v.address));
        return k.call(insert, k.get(v.mm), vma, k.get(v.address));
      },
      inserted_locked(k) {
        k.set(v.ret, k.result());
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );
}
