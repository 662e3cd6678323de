/** mlock, munlock, mlockall and munlockall, and the populating that mmap and brk do. After mm/mlock.c and mm/mmap.c of 6.12. */
import { type Routine, routine, TASK } from '../machine/index.ts';
import { MAP_FLAGS, MLOCKALL_FLAGS } from '../uapi.ts';
import type { Populate } from './gup/index.ts';
import { EAGAIN, EFAULT, EINVAL, ENOMEM, type MmCore } from './mm-core.ts';
import {
  VM_LOCKED,
  VM_LOCKED_MASK,
  VM_LOCKONFAULT,
  VM_OPS_ANON,
  VM_OPS_SHM,
  VM_OPS_SHMEM,
} from './structs.ts';
import type { Syscalls } from './syscalls.ts';
import type { VmaEdit } from './vma-edit/index.ts';

const MM_OF_TASK = TASK.at.mm;

export interface Mlock {
  /** `(mm, start, pages) -> 0 or -errno`. */
  readonly mlock: Routine;
  /** `(mm, start, pages) -> 0 or -errno`: mlock2 with MLOCK_ONFAULT. */
  readonly mlock_onfault: Routine;
  /** `(mm, start, pages) -> 0 or -errno`. */
  readonly munlock: Routine;
  /** `(mm, flags) -> 0 or -errno`. */
  readonly mlockall: Routine;
  /** `(mm) -> 0 or -errno`. */
  readonly munlockall: Routine;
  /** Has mmap, an operation of user space, followed by the populating that MAP_POPULATE or mlockall asks for (vm_mmap_pgoff). */
  populating(mmap: Routine): Routine;
  /** `(mm, by) -> old end or -errno`: brk, with the populating after it. */
  readonly brk: Routine;
}

/** Whoever locks memory here has CAP_IPC_LOCK: RLIMIT_MEMLOCK is not looked at, and nothing is accounted for it. */
export function mlock(c: MmCore, edit: VmaEdit, sys: Syscalls, populate: Populate): Mlock {
  const { b, MM, VMA, mmap, lock, tree, pt } = c;
  const { vm_start, vm_end, vm_flags, vm_ops, vm_mm } = VMA.at;
  const { def_flags } = MM.at;

  /**
   * `(vma, start, end, flags) -> vma`: gives part of a VMA new flags and marks its pages. mmap_lock is held for writing. The VM_IO that
   * the kernel sets meanwhile speaks to page migration and reclaim only.
   */
  const mlock_fixup = b.add(
    routine('mlock_fixup', ['vma', 'start', 'end', 'flags', 'old'], (v) => ({
      filter(k) {
        const vma = k.get(v.vma);
        k.set(v.old, k.load(vma + vm_flags));
        const ops = k.peek(vma + vm_ops);
        // vma_supports_mlock: not what a driver maps, and not hugetlbfs.
        const supported = [VM_OPS_ANON, VM_OPS_SHMEM, VM_OPS_SHM].includes(ops);
        if (k.get(v.old) === k.get(v.flags) || !supported) return k.ret(vma);
      },
      vma_modify_flags(k) {
        const vma = k.get(v.vma);
        const start = k.get(v.start);
        const end = k.get(v.end);
        return k.call(edit.vma_modify_flags, k.peek(vma + vm_mm), vma, start, end, k.get(v.flags));
      },
      vma_start_write(k) {
        k.set(v.vma, k.result());
        return k.call(lock.vma_start_write, k.get(v.vma));
      },
      vm_flags_reset(k) {
        const vma = k.get(v.vma);
        lock.assertWriteLocked(k, vma);
        k.store(vma + vm_flags, k.get(v.flags));
        // Marking pages that are marked already would count them twice.
        if (k.get(v.flags) & k.get(v.old) & VM_LOCKED) return k.ret(vma);
      },
      walk_page_range: (k) =>
        k.call(sys.walk_page_range, k.peek(k.get(v.vma) + vm_mm), k.get(v.start), k.get(v.end)),
      done: (k) => k.ret(k.get(v.vma)),
    })),
  );

  /** `(mm, start, end, flags) -> 0 or -ENOMEM`: over every VMA of a range, up to the first gap. */
  const apply_vma_lock_flags = b.add(
    routine('apply_vma_lock_flags', ['mm', 'start', 'end', 'flags'], (v) => ({
      next_vma(k) {
        const at = k.get(v.start);
        const vma = tree.find(k, k.get(v.mm), at);
        if (vma === 0 || k.peek(vma + vm_start) > at) return k.ret(-ENOMEM);
        const flags = (k.peek(vma + vm_flags) & ~VM_LOCKED_MASK) | k.get(v.flags);
        return k.call(mlock_fixup, vma, at, Math.min(k.get(v.end), k.peek(vma + vm_end)), flags);
      },
      fixed(k) {
        k.set(v.start, k.load(k.result() + vm_end));
        return k.get(v.start) < k.get(v.end) ? 'next_vma' : k.ret(0);
      },
    })),
  );

  /** `(mm, flags)`: over every VMA of the mm; those that cannot be locked are left out. */
  const apply_mlockall_flags = b.add(
    routine('apply_mlockall_flags', ['mm', 'flags', 'at'], (v) => ({
      next_vma(k) {
        const vma = tree.find(k, k.get(v.mm), k.get(v.at));
        if (vma === 0) return k.ret();
        const flags = (k.peek(vma + vm_flags) & ~VM_LOCKED_MASK) | k.get(v.flags);
        return k.call(mlock_fixup, vma, k.peek(vma + vm_start), k.peek(vma + vm_end), flags);
      },
      fixed(k) {
        k.set(v.at, k.load(k.result() + vm_end));
        return 'next_vma';
      },
    })),
  );

  /** A system call that changes the flags of a range under mmap_lock; a lock that is not on fault brings the pages in. */
  const ranged = (name: string, flags: number) =>
    b.add(
      routine(name, ['mm', 'start', 'pages', 'ret'], (v) => ({
        mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
        locked(k) {
          if (k.result() !== 0) return k.ret(k.result());
        },
        apply_vma_lock_flags(k) {
          const start = k.get(v.start);
          return k.call(apply_vma_lock_flags, k.get(v.mm), start, start + k.get(v.pages), flags);
        },
        applied(k) {
          k.set(v.ret, k.result());
        },
        mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
        mm_populate(k) {
          if (k.get(v.ret) !== 0 || flags === 0) return k.ret(k.get(v.ret));
          return k.call(populate.__mm_populate, k.get(v.mm), k.get(v.start), k.get(v.pages), 0);
        },
        // __mlock_posix_error_return
        done(k) {
          const error = k.result();
          return k.ret(error === -EFAULT ? -ENOMEM : error === -ENOMEM ? -EAGAIN : error);
        },
      })),
    );

  const mlockall = b.add(
    routine('__do_sys_mlockall', ['mm', 'flags', 'add'], (v) => ({
      check_flags(k) {
        const { current, future, onfault } = MLOCKALL_FLAGS;
        const flags = k.get(v.flags);
        const known = (flags & ~(current | future | onfault)) === 0;
        if (!known || flags === 0 || flags === onfault) return k.ret(-EINVAL);
        k.set(v.add, VM_LOCKED | (flags & onfault ? VM_LOCKONFAULT : 0));
      },
      mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
      locked(k) {
        if (k.result() !== 0) return k.ret(k.result());
      },
      set_def_flags(k) {
        const flags = k.get(v.flags);
        k.store(k.get(v.mm) + def_flags, flags & MLOCKALL_FLAGS.future ? k.get(v.add) : 0);
        if (!(flags & MLOCKALL_FLAGS.current)) return 'mmap_write_unlock';
      },
      apply_mlockall_flags: (k) => k.call(apply_mlockall_flags, k.get(v.mm), k.get(v.add)),
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      mm_populate(k) {
        if (!(k.get(v.flags) & MLOCKALL_FLAGS.current)) return;
        return k.call(populate.__mm_populate, k.get(v.mm), 0, pt.pages, 1);
      },
      done: (k) => k.ret(0),
    })),
  );

  const munlockall = b.add(
    routine('__do_sys_munlockall', ['mm'], (v) => ({
      mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
      locked(k) {
        if (k.result() !== 0) return k.ret(k.result());
      },
      clear_def_flags(k) {
        k.store(k.get(v.mm) + def_flags, 0);
      },
      apply_mlockall_flags: (k) => k.call(apply_mlockall_flags, k.get(v.mm), 0),
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done: (k) => k.ret(0),
    })),
  );

  const populating = (mmapOp: Routine) =>
    b.add(
      routine(
        'mmap_and_populate',
        ['pages', 'prot', 'flags', 'at', 'file', 'pgoff', 'ret'],
        (v) => ({
          mmap(k) {
            const pages = k.get(v.pages);
            const prot = k.get(v.prot);
            const flags = k.get(v.flags);
            return k.call(mmapOp, pages, prot, flags, k.get(v.at), k.get(v.file), k.get(v.pgoff));
          },
          mm_populate(k) {
            const mm = k.peek(k.task + MM_OF_TASK);
            k.set(v.ret, k.result());
            const asked = k.get(v.flags) & (MAP_FLAGS.populate | MAP_FLAGS.nonblock);
            const wanted =
              asked === MAP_FLAGS.populate ||
              k.get(v.flags) & MAP_FLAGS.locked ||
              k.load(mm + def_flags) & VM_LOCKED;
            if (k.get(v.ret) < 0 || !wanted) return;
            return k.call(populate.__mm_populate, mm, k.get(v.ret), k.get(v.pages), 1);
          },
          done: (k) => k.ret(k.get(v.ret)),
        }),
      ),
    );

  const brk = b.add(
    routine('brk_and_populate', ['mm', 'by', 'ret'], (v) => ({
      sys_brk: (k) => k.call(sys.sys_brk, k.get(v.mm), k.get(v.by)),
      mm_populate(k) {
        k.set(v.ret, k.result());
        const wanted = k.load(k.get(v.mm) + def_flags) & VM_LOCKED && k.get(v.by) > 0;
        if (k.get(v.ret) < 0 || !wanted) return;
        return k.call(populate.__mm_populate, k.get(v.mm), k.get(v.ret), k.get(v.by), 1);
      },
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );

  return {
    mlock: ranged('do_mlock', VM_LOCKED),
    mlock_onfault: ranged('do_mlock2_onfault', VM_LOCKED_MASK),
    munlock: ranged('__do_sys_munlock', 0),
    mlockall,
    munlockall,
    populating,
    brk,
  };
}
