/**
 * Which lock holds a VMA still while userfaultfd fills or moves its pages: the VMA's own, taken through mmap_lock where the VMA
 * cannot be had without it, or mmap_lock for the whole operation in kernels without per-VMA locks. After mm/userfaultfd.c.
 */
import { type Exec, type Routine, routine } from '../../machine/index.ts';
import type { AnonVma } from '../anon-vma.ts';
import type { RefcountVmaLock } from '../lock/refcount-vma-lock.ts';
import type { MmCore } from '../mm-core.ts';
import { __VM_UFFD_FLAGS, VM_SHARED } from '../structs.ts';

const FILE = 'mm/userfaultfd.c';
export const ENOENT = 2;
export const EAGAIN = 11;

export interface UserfaultLock {
  /** `(mm, start, end) -> vma or -errno`: the registered VMA that covers a range, held still, with an anon_vma if private. */
  readonly uffd_mfill_lock: Routine;
  /** `(vma)`. */
  readonly uffd_mfill_unlock: Routine;
  /** `(mm, dst, src, out) -> dst VMA or -errno`: both VMAs held still. */
  readonly uffd_move_lock: Routine;
  /** `(mm, src, dst_vma) -> src VMA`: the second of the two that uffd_move_lock holds still. */
  readonly src_vma_of: Routine;
  /** `(dst_vma, src_vma)`. */
  readonly uffd_move_unlock: Routine;
}

const SIGNATURES = {
  mfill: '(dst_mm, dst_start, len) -> vma or error',
  move: '(mm, dst_start, src_start, dst_vmap, src_vmap) -> int',
};

/** What holds the VMAs: mmap_lock whatever the build, or since 6.9 their own locks where there are any. */
export type UffdLock = 'mmap_lock' | 'vma_lock';

/** @param moves whether the release has UFFDIO_MOVE */
export function userfaultLock(
  c: MmCore,
  anon: AnonVma,
  how: UffdLock,
  moves: boolean,
): UserfaultLock {
  const { b, VMA, tree, lock, mmap } = c;
  const { vm_start, vm_end, vm_flags, vm_mm, anon_vma } = VMA.at;

  const site = (what: string, caller: string, trigger: string, fallback: string, late: boolean) => {
    // Nothing is tried first, so nothing falls back.
    if (how === 'mmap_lock' || (caller === 'uffd_move_lock' && !moves)) return -1;
    return b.fallback(
      {
        site: `${caller}:${what}`,
        file: FILE,
        caller,
        tries: 'lock_vma_under_rcu',
        trigger,
        fallback,
      },
      late,
    );
  };
  const underMmapLock =
    'mmap_read_lock, vma_lookup, anon_vma_prepare, the VMA lock, mmap_read_unlock';
  const noVma = site(
    'lock_vma_under_rcu',
    'uffd_lock_vma',
    'NULL: no VMA covers the address, or it is being modified',
    underMmapLock,
    false,
  );
  const noAnonVma = site(
    'anon_vma',
    'uffd_lock_vma',
    'the VMA is private and has no anon_vma yet',
    underMmapLock,
    true,
  );
  const noSource = site(
    'lock_vma_under_rcu',
    'uffd_move_lock',
    'NULL for the source while the destination is read-locked',
    'both VMAs unlocked, then locked under mmap_lock held for reading',
    true,
  );

  /** `(mm, address) -> vma or -ENOENT`: mmap_lock is held. */
  const find_vma_and_prepare_anon = b.add(
    routine('find_vma_and_prepare_anon', ['mm', 'address', 'vma'], (v) => ({
      vma_lookup(k) {
        const vma = tree.walk(k, k.get(v.mm), k.get(v.address));
        k.set(v.vma, vma);
        if (vma === 0) return k.ret(-ENOENT);
      },
      check_shared(k) {
        if (k.load(k.get(v.vma) + vm_flags) & VM_SHARED) return k.ret(k.get(v.vma));
      },
      anon_vma_prepare: (k) => k.call(anon.anon_vma_prepare, k.get(v.vma)),
      done: (k) => k.ret(k.get(v.vma)),
    })),
  );
  /** `(mm, address, vma) -> vma or -ENOENT`: the VMA itself if it covers the address, else the one that does. */
  const src_vma_of = b.add(
    routine('find_src_vma', ['mm', 'address', 'dst_vma'], (v) => ({
      in_dst_vma(k) {
        const dst = k.get(v.dst_vma);
        const start = k.load(dst + vm_start);
        if (k.get(v.address) >= start && k.get(v.address) < k.peek(dst + vm_end)) return k.ret(dst);
      },
      vma_lookup: (k) => k.ret(tree.walk(k, k.get(v.mm), k.get(v.address)) || -ENOENT),
    })),
  );
  /** `(vma, end) -> bool`: whether the range lies in the VMA and the VMA is registered (validate_dst_vma). */
  const validate = (k: Exec, vma: number, end: number): boolean =>
    end <= k.load(vma + vm_end) && (k.peek(vma + vm_flags) & __VM_UFFD_FLAGS) !== 0;

  if (c.lockKind === 'absent' || how === 'mmap_lock') {
    // Before 6.9 these lines stand in the operations themselves.
    const fn: typeof b.fn = (d, r) => (how === 'mmap_lock' ? b.add(r) : b.fn(d, r));
    const lockMm = (k: Exec, mm: number) => {
      if (noVma >= 0) k.count(noVma);
      return k.call(mmap.mmap_read_lock, mm);
    };
    return {
      src_vma_of,
      uffd_mfill_lock: fn(
        { file: FILE, signature: SIGNATURES.mfill },
        routine('uffd_mfill_lock', ['mm', 'start', 'end', 'vma'], (v) => ({
          mmap_read_lock: (k) => lockMm(k, k.get(v.mm)),
          find: (k) => k.call(find_vma_and_prepare_anon, k.get(v.mm), k.get(v.start)),
          found(k) {
            k.set(v.vma, k.result());
            if (k.result() < 0) return 'mmap_read_unlock';
          },
          validate_dst_vma(k) {
            if (validate(k, k.get(v.vma), k.get(v.end))) return k.ret(k.get(v.vma));
            k.set(v.vma, -ENOENT);
          },
          mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
          failed: (k) => k.ret(k.get(v.vma)),
        })),
      ),
      uffd_mfill_unlock: fn(
        { file: FILE, signature: '(vma)' },
        routine('uffd_mfill_unlock', ['vma'], (v) => ({
          mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.peek(k.get(v.vma) + vm_mm)),
          done: (k) => k.ret(),
        })),
      ),
      uffd_move_lock: fn(
        { file: FILE, signature: SIGNATURES.move },
        routine('uffd_move_lock', ['mm', 'dst', 'src', 'vma'], (v) => ({
          mmap_read_lock: (k) => lockMm(k, k.get(v.mm)),
          find_dst: (k) => k.call(find_vma_and_prepare_anon, k.get(v.mm), k.get(v.dst)),
          found_dst(k) {
            k.set(v.vma, k.result());
            if (k.result() < 0) return 'mmap_read_unlock';
          },
          find_src: (k) => k.call(src_vma_of, k.get(v.mm), k.get(v.src), k.get(v.vma)),
          found_src(k) {
            if (k.result() > 0) return k.ret(k.get(v.vma));
            k.set(v.vma, k.result());
          },
          mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
          failed: (k) => k.ret(k.get(v.vma)),
        })),
      ),
      uffd_move_unlock: fn(
        { file: FILE, signature: '(dst_vma, src_vma)' },
        routine('uffd_move_unlock', ['dst_vma', 'src_vma'], (v) => ({
          mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.peek(k.get(v.dst_vma) + vm_mm)),
          done: (k) => k.ret(),
        })),
      ),
    };
  }

  // Under mmap_lock no writer can exist, so the lock is taken without looking at the sequence, which may look locked when it is not.
  const startReadLocked =
    c.lockKind === 'refcount'
      ? (lock as RefcountVmaLock).vma_start_read_locked
      : b.add(
          routine('down_read_vm_lock', ['vma'], (v) => ({
            down_read: (k) => k.call(c.rw.down_read, k.get(v.vma) + VMA.at.vm_lock),
            locked: (k) => k.ret(1),
          })),
        );

  const uffd_lock_vma = b.fn(
    { file: FILE, signature: '(mm, address) -> vma or error' },
    routine('uffd_lock_vma', ['mm', 'address', 'vma'], (v) => ({
      lock_vma_under_rcu: (k) => k.call(lock.lock_vma_under_rcu, k.get(v.mm), k.get(v.address)),
      found(k) {
        k.set(v.vma, k.result());
        if (k.result() !== 0) return 'check_anon_vma';
        k.count(noVma);
        return 'mmap_read_lock';
      },
      check_anon_vma(k) {
        const vma = k.get(v.vma);
        const has = k.load(vma + anon_vma) !== 0;
        if (has || k.peek(vma + vm_flags) & VM_SHARED) return k.ret(vma);
        k.count(noAnonVma);
      },
      vma_end_read: (k) => k.call(lock.vma_end_read, k.get(v.vma)),
      mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
      find: (k) => k.call(find_vma_and_prepare_anon, k.get(v.mm), k.get(v.address)),
      vma_start_read_locked(k) {
        k.set(v.vma, k.result());
        if (k.result() < 0) return 'mmap_read_unlock';
        return k.call(startReadLocked, k.get(v.vma));
      },
      started(k) {
        if (k.result() === 0) k.set(v.vma, -EAGAIN);
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.vma)),
    })),
  );

  return {
    src_vma_of,
    uffd_mfill_lock: b.fn(
      { file: FILE, signature: SIGNATURES.mfill },
      routine('uffd_mfill_lock', ['mm', 'start', 'end', 'vma'], (v) => ({
        uffd_lock_vma: (k) => k.call(uffd_lock_vma, k.get(v.mm), k.get(v.start)),
        locked(k) {
          k.set(v.vma, k.result());
          if (k.result() < 0) return k.ret(k.result());
        },
        validate_dst_vma(k) {
          if (validate(k, k.get(v.vma), k.get(v.end))) return k.ret(k.get(v.vma));
        },
        vma_end_read: (k) => k.call(lock.vma_end_read, k.get(v.vma)),
        failed: (k) => k.ret(-ENOENT),
      })),
    ),
    uffd_mfill_unlock: b.fn(
      { file: FILE, signature: '(vma)' },
      routine('uffd_mfill_unlock', ['vma'], (v) => ({
        vma_end_read: (k) => k.call(lock.vma_end_read, k.get(v.vma)),
        done: (k) => k.ret(),
      })),
    ),
    uffd_move_lock: b.fn(
      { file: FILE, signature: SIGNATURES.move },
      routine('uffd_move_lock', ['mm', 'dst', 'src', 'vma', 'src_vma'], (v) => ({
        uffd_lock_vma: (k) => k.call(uffd_lock_vma, k.get(v.mm), k.get(v.dst)),
        locked(k) {
          k.set(v.vma, k.result());
          if (k.result() < 0) return k.ret(k.result());
        },
        // One VMA for both must not be locked twice.
        in_dst_vma(k) {
          const vma = k.get(v.vma);
          const start = k.load(vma + vm_start);
          if (k.get(v.src) >= start && k.get(v.src) < k.peek(vma + vm_end)) return k.ret(vma);
        },
        lock_vma_under_rcu: (k) => k.call(lock.lock_vma_under_rcu, k.get(v.mm), k.get(v.src)),
        found_src(k) {
          if (k.result() !== 0) return k.ret(k.get(v.vma));
          k.count(noSource);
        },
        // Waiting for mmap_lock with a VMA lock held could wait for a writer that waits for us.
        vma_end_read: (k) => k.call(lock.vma_end_read, k.get(v.vma)),
        mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
        find_dst: (k) => k.call(find_vma_and_prepare_anon, k.get(v.mm), k.get(v.dst)),
        found_dst(k) {
          k.set(v.vma, k.result());
          if (k.result() < 0) return 'mmap_read_unlock';
        },
        find_src: (k) => k.call(src_vma_of, k.get(v.mm), k.get(v.src), k.get(v.vma)),
        found_src_locked(k) {
          k.set(v.src_vma, k.result());
          if (k.result() > 0) return;
          k.set(v.vma, k.result());
          return 'mmap_read_unlock';
        },
        start_read_dst: (k) => k.call(startReadLocked, k.get(v.vma)),
        start_read_src(k) {
          if (k.result() === 0) return 'overflow';
          if (k.get(v.src_vma) === k.get(v.vma)) return 'mmap_read_unlock';
          return k.call(startReadLocked, k.get(v.src_vma));
        },
        started_src(k) {
          if (k.result() !== 0) return 'mmap_read_unlock';
          return k.callThen('overflow', lock.vma_end_read, k.get(v.vma));
        },
        overflow(k) {
          k.set(v.vma, -EAGAIN);
        },
        mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
        done: (k) => k.ret(k.get(v.vma)),
      })),
    ),
    uffd_move_unlock: b.fn(
      { file: FILE, signature: '(dst_vma, src_vma)' },
      routine('uffd_move_unlock', ['dst_vma', 'src_vma'], (v) => ({
        vma_end_read_src: (k) => k.call(lock.vma_end_read, k.get(v.src_vma)),
        vma_end_read_dst(k) {
          if (k.get(v.src_vma) === k.get(v.dst_vma)) return 'done';
          return k.call(lock.vma_end_read, k.get(v.dst_vma));
        },
        done: (k) => k.ret(),
      })),
    ),
  };
}
