/** The system calls that make, fill and map files: memfd, files of the root file system, System V segments. */
import { type Exec, type Routine, routine, TASK, W } from '../machine/index.ts';
import type { Populate } from '../mm/gup/index.ts';
import { EBADF, EFBIG, EINVAL, type MmCore } from '../mm/mm-core.ts';
import type { FileMapping } from '../mm/mmap-file.ts';
import { MAX_FILE_PAGES, type Shmem } from '../mm/shmem.ts';
import { VM_LOCKED, VM_OPS_HUGETLB, VM_OPS_SHM, VM_OPS_SHMEM } from '../mm/structs.ts';
import type { Syscalls } from '../mm/syscalls.ts';
import type { ShmIds } from '../mm/sysv-ipc.ts';
import type { PunchHole } from '../mm/vma-edit/punch-hole.ts';
import { MAP_FLAGS } from '../uapi.ts';

export interface FileOps {
  readonly mmap: Routine;
  readonly memfd_create: Routine;
  readonly creat: Routine;
  readonly pwrite: Routine;
  readonly ftruncate: Routine;
  readonly punch_hole: Routine;
  readonly close: Routine;
  readonly shmget: Routine;
  readonly shmat: Routine;
  readonly shmdt: Routine;
  readonly shmctl_rmid: Routine;
}

const MM_OF_TASK = TASK.at.mm;

export function fileOps(
  c: MmCore,
  shm: Shmem,
  ids: ShmIds,
  sys: Syscalls,
  map: FileMapping,
  populate: Populate,
  edit: PunchHole,
): FileOps {
  const { b, rw } = c;
  const hugetlb = b.enabled('HUGETLBFS');
  const isOpen = (k: Exec, file: number) => shm.isFile(file) && shm.open(k, file, 0) > 0;

  const fileSetup = (k: Exec, pages: number, ops: number): number => {
    if (pages > MAX_FILE_PAGES) return -EFBIG;
    k.work(W.slab_alloc);
    const file = shm.create(k, pages, ops);
    shm.open(k, file, 1);
    return file;
  };
  /** Lets go of what `fileSetup` gave; mappings keep the file. */
  const release = (k: Exec, file: number, error: number): number => {
    if (!isOpen(k, file)) return -error;
    shm.open(k, file, -1);
    shm.put(k, file);
    return 0;
  };

  /** `(arg) -> value`: a step by itself. */
  const doing = (name: string, its: (k: Exec, arg: number) => number) =>
    b.add(
      routine(name, ['arg'], (v) => ({
        entry_SYSCALL_64(k) {
          k.work(W.syscall_entry);
        },
        file: (k) => k.ret(its(k, k.get(v.arg))),
      })),
    );
  /** `(pages) -> file`: a new file, its length set by ftruncate, without pages. */
  const creating = (name: string) => doing(name, (k, pages) => fileSetup(k, pages, VM_OPS_SHMEM));

  /** `(arg) -> value`: a step with the identifiers of segments locked, by a function the system call goes through. */
  const underIds = (name: string, inner: string, its: (k: Exec, arg: number) => number) => {
    const locked = b.add(
      routine(inner, ['arg', 'ret'], (v) => ({
        down_write: (k) => k.call(rw.down_write, ids.rwsem),
        change: (k) => k.set(v.ret, its(k, k.get(v.arg))),
        up_write: (k) => k.call(rw.up_write, ids.rwsem),
        done: (k) => k.ret(k.get(v.ret)),
      })),
    );
    return b.add(
      routine(name, ['arg'], (v) => ({
        entry_SYSCALL_64(k) {
          k.work(W.syscall_entry);
          return k.call(locked, k.get(v.arg));
        },
        sysretq: (k) => k.ret(k.result()),
      })),
    );
  };

  const pwrite = b.add(
    routine('pwrite64', ['file', 'pages', 'offset'], (v) => ({
      entry_SYSCALL_64(k) {
        k.work(W.syscall_entry);
        if (!isOpen(k, k.get(v.file))) return k.ret(-EBADF);
        if (k.get(v.offset) < 0) return k.ret(-EINVAL);
        if (k.get(v.offset) + k.get(v.pages) > MAX_FILE_PAGES) return k.ret(-EFBIG);
        // The descriptor is held for the call (fdget).
        shm.get(k, k.get(v.file));
      },
      write_iter: (k) =>
        k.call(shm.shmem_file_write_iter, k.get(v.file), k.get(v.offset), k.get(v.pages)),
      fput(k) {
        shm.put(k, k.get(v.file));
        return k.ret(0);
      },
    })),
  );

  /** A system call on an open file and a range of its pages. */
  const changing = (name: string, target: Routine, range: boolean) =>
    b.add(
      routine(name, ['file', 'pages', 'offset', 'ret'], (v) => ({
        entry_SYSCALL_64(k) {
          k.work(W.syscall_entry);
          const n = k.get(v.pages);
          const offset = k.get(v.offset);
          if (!isOpen(k, k.get(v.file))) return k.ret(-EBADF);
          if (n < 0 || offset < 0) return k.ret(-EINVAL);
          if (n + offset > MAX_FILE_PAGES) return k.ret(-EFBIG);
          shm.get(k, k.get(v.file));
        },
        change: (k) =>
          range
            ? k.call(target, k.get(v.file), k.get(v.offset), k.get(v.pages))
            : k.call(target, k.get(v.file), k.get(v.pages)),
        fput(k) {
          k.set(v.ret, k.result());
          shm.put(k, k.get(v.file));
          return k.ret(k.get(v.ret));
        },
      })),
    );

  const mmap = b.add(
    routine('mmap', ['pages', 'prot', 'flags', 'at', 'file', 'offset', 'ret'], (v) => ({
      entry_SYSCALL_64(k) {
        k.work(W.syscall_entry);
        if (k.get(v.flags) & MAP_FLAGS.hugetlb) return 'hugetlb_file_setup';
        if (k.get(v.file) === 0 || k.get(v.flags) & MAP_FLAGS.anonymous) return 'vm_mmap_pgoff';
        if (!isOpen(k, k.get(v.file))) return k.ret(-EBADF);
        if (k.get(v.offset) < 0) return k.ret(-EINVAL);
        shm.get(k, k.get(v.file));
        return 'vm_mmap_file';
      },
      vm_mmap_pgoff(k) {
        const mm = k.peek(k.task + MM_OF_TASK);
        const pages = k.get(v.pages);
        const prot = k.get(v.prot);
        const flags = k.get(v.flags);
        return k.callThen('sysretq', sys.vm_mmap_pgoff, mm, pages, prot, flags, k.get(v.at));
      },
      sysretq: (k) => k.ret(k.result()),
      hugetlb_file_setup(k) {
        const span = c.pt.span;
        if (!hugetlb) return k.ret(-EINVAL);
        // The length is rounded up to whole huge pages.
        const huge = Math.ceil(k.get(v.pages) / span);
        k.set(v.pages, huge * span);
        k.set(v.offset, 0);
        k.set(v.file, shm.create(k, huge, VM_OPS_HUGETLB));
      },
      vm_mmap_file(k) {
        const pages = k.get(v.pages);
        const prot = k.get(v.prot);
        const flags = k.get(v.flags);
        const at = k.get(v.at);
        const file = k.get(v.file);
        return k.call(map.vm_mmap_file, pages, prot, flags, at, file, k.get(v.offset));
      },
      fput(k) {
        k.set(v.ret, k.result());
        shm.put(k, k.get(v.file));
        return k.ret(k.get(v.ret));
      },
    })),
  );

  const shmat = b.add(
    routine('shmat', ['segment', 'pages', 'prot', 'ret'], (v) => ({
      entry_SYSCALL_64(k) {
        k.work(W.syscall_entry);
        const segment = k.get(v.segment);
        if (!isOpen(k, segment)) return k.ret(-EINVAL);
        shm.get(k, segment);
      },
      do_mmap(k) {
        const segment = k.get(v.segment);
        const pages = shm.sizeOf(k, segment);
        return k.call(map.vm_mmap_file, pages, k.get(v.prot), MAP_FLAGS.shared, 0, segment, 0);
      },
      // After mlockall(MCL_FUTURE).
      mm_populate(k) {
        const mm = k.peek(k.task + MM_OF_TASK);
        const pages = shm.sizeOf(k, k.get(v.segment));
        k.set(v.ret, k.result());
        if (k.result() < 0 || !(k.load(mm + c.MM.at.def_flags) & VM_LOCKED)) return;
        return k.call(populate.__mm_populate, mm, k.get(v.ret), pages, 1);
      },
      // The count of attachments kept the segment until it had one by its VMA.
      out_nattch: (k) => k.call(rw.down_write, ids.rwsem),
      up_write: (k) => k.call(rw.up_write, ids.rwsem),
      fput(k) {
        shm.put(k, k.get(v.segment));
        return k.ret(k.get(v.ret));
      },
    })),
  );
  const shmdt = b.add(
    routine('shmdt', ['address'], (v) => ({
      entry_SYSCALL_64(k) {
        k.work(W.syscall_entry);
        return k.call(map.ksys_shmdt, k.get(v.address));
      },
      sysretq: (k) => k.ret(k.result()),
    })),
  );

  return {
    mmap,
    memfd_create: creating('memfd_create'),
    // The root file system is tmpfs wherever TMPFS is built in (rootfs_init_fs_context).
    creat: creating('creat'),
    pwrite,
    ftruncate: changing('ftruncate', edit.shmem_setattr, false),
    punch_hole: changing('fallocate', edit.shmem_fallocate, true),
    close: doing('close', (k, file) => release(k, file, EBADF)),
    shmget: underIds('shmget', 'ipcget', (k, pages) => fileSetup(k, pages, VM_OPS_SHM)),
    shmat,
    shmdt,
    shmctl_rmid: underIds('shmctl_rmid', 'shmctl_down', (k, segment) =>
      release(k, segment, EINVAL),
    ),
  };
}
