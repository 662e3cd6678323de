/** Walking the VMAs of an mm one read lock at a time, since 6.17. After lock_next_vma in mm/mmap_lock.c. */
import type { KernelBuilder } from '../../kernel-builder.ts';
import { type Routine, routine } from '../../machine/index.ts';
import type { Rcu } from '../../sync/rcu.ts';
import type { MmapLock } from '../mmap-lock.ts';
import type { mmStruct, vmaStruct } from '../structs.ts';
import type { VmaTree } from '../vma-tree.ts';
import type { RefcountVmaLock } from './refcount-vma-lock.ts';

const FILE = 'mm/mmap_lock.c';
const EAGAIN = 11;

export interface LockNextVmaParts {
  readonly MM: ReturnType<typeof mmStruct>;
  readonly VMA: ReturnType<typeof vmaStruct>;
  readonly lock: RefcountVmaLock;
  readonly mmap: MmapLock;
  readonly rcu: Rcu;
  readonly tree: VmaTree;
}

/**
 * Registers `(mm, from) -> vma, 0 or -errno`: read-locks the first VMA that ends above `from`. RCU is held on entry and on return. The
 * iterator of the C function is the address itself here.
 */
export function lockNextVma(b: KernelBuilder, p: LockNextVmaParts): Routine {
  const { MM, VMA, lock, mmap, rcu, tree } = p;
  const { vm_start, vm_end } = VMA.at;
  const fallback = 'mmap_read_lock_killable, just to take a reference on the next VMA';
  const site = (what: string, tries: string, trigger: string) =>
    b.fallback({
      site: `lock_next_vma:${what}`,
      file: FILE,
      caller: 'lock_next_vma',
      tries,
      trigger,
      fallback,
    });
  const contended = site(
    'vma_start_read',
    'vma_start_read',
    'NULL: the next VMA is being modified, or its count is full',
  );
  const moved = site(
    'vma_changed',
    'vma_start_read',
    'the VMA shrank past the address, or another one may lie before it',
  );

  const lock_next_vma_under_mmap_lock = b.add(
    routine('lock_next_vma_under_mmap_lock', ['mm', 'from', 'vma'], (v) => ({
      mmap_read_lock_killable: (k) => k.call(mmap.mmap_read_lock_killable, k.get(v.mm)),
      killed(k) {
        if (k.result() !== 0) return k.ret(k.result());
      },
      vma_next(k) {
        k.set(v.vma, tree.find(k, k.get(v.mm), k.get(v.from)));
        if (k.get(v.vma) === 0) return 'mmap_read_unlock';
      },
      vma_start_read_locked: (k) => k.call(lock.vma_start_read_locked, k.get(v.vma)),
      started(k) {
        if (k.result() === 0) k.set(v.vma, -EAGAIN);
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.vma)),
    })),
  );

  return b.fn(
    { file: FILE, signature: '(mm, vmi, from_addr) -> vma, NULL or error' },
    routine('lock_next_vma', ['mm', 'from', 'vma', 'seq'], (v) => ({
      mmap_lock_speculate_try_begin(k) {
        k.set(v.seq, k.load(k.get(v.mm) + MM.at.mm_lock_seq));
      },
      vma_next(k) {
        k.set(v.vma, tree.next(k, k.get(v.mm), k.get(v.from)));
        if (k.get(v.vma) === 0) return k.ret(0);
      },
      vma_start_read: (k) => k.call(lock.vma_start_read, k.get(v.mm), k.get(v.vma)),
      started(k) {
        if (k.result() > 0) return 'check_end';
        // Detached under our hands: another VMA, or none, is there now. RCU has been dropped.
        if (k.result() === -EAGAIN) {
          rcu.readLock(k);
          return 'mmap_lock_speculate_try_begin';
        }
        k.count(contended);
        return 'under_mmap_lock';
      },
      check_end(k) {
        const vma = k.get(v.vma);
        const start = k.load(vma + vm_start);
        if (k.get(v.from) >= k.peek(vma + vm_end)) return 'fallback_unlock';
        if (k.get(v.from) >= start) return k.ret(vma);
        // Odd: mmap_lock was held for writing when the VMA was looked up.
        if (k.get(v.seq) & 1) return 'vma_next_again';
      },
      mmap_lock_speculate_retry(k) {
        if (k.load(k.get(v.mm) + MM.at.mm_lock_seq) === k.get(v.seq)) return k.ret(k.get(v.vma));
      },
      vma_next_again(k) {
        const vma = k.get(v.vma);
        if (tree.find(k, k.get(v.mm), k.get(v.from)) === vma) return k.ret(vma);
      },
      fallback_unlock(k) {
        k.count(moved);
        rcu.readUnlock(k);
        return k.call(lock.vma_end_read, k.get(v.vma));
      },
      under_mmap_lock: (k) => k.call(lock_next_vma_under_mmap_lock, k.get(v.mm), k.get(v.from)),
      rcu_read_lock(k) {
        rcu.readLock(k);
        return k.ret(k.result());
      },
    })),
  );
}
