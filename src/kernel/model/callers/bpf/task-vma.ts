/** The iterator over the VMAs of a task that BPF programs use. After bpf_iter_task_vma_new, _next and _destroy in kernel/bpf/task_iter.c. */
import { type Exec, type Routine, routine, wordStruct } from '../../machine/index.ts';
import type { MmCore } from '../../mm/mm-core.ts';
import { sysNiSyscall } from '../../mm/ni-syscall.ts';
import type { Shmem } from '../../mm/shmem.ts';
import { EBUSY, type MmapUnlockWork } from './mmap-unlock-work.ts';
import { trylockSites } from './trylock-sites.ts';

const FILE = 'kernel/bpf/task_iter.c';
const EOPNOTSUPP = 95;

/** What an edition's iterator walks under. */
export type BpfTaskVma =
  /** Up to 6.6: there is none. */
  | 'none'
  /** 6.12 with its back-ports, and 7.1: the lock of one VMA at a time, whose copy the program gets. */
  | 'vma_lock'
  /** 7.0: a trylock of mmap_lock, held from the first VMA to the last. */
  | 'mmap_trylock';

const ITER = wordStruct('bpf_iter_task_vma_kern_data', {
  /** The copy of a VMA, as far as programs look at it. */
  vm_start: 1,
  vm_end: 1,
  vm_file: 1,
  next_addr: 1,
  work: 1,
});

interface Iterator {
  /** `(mm, address) -> 0 or -errno`. */
  readonly bpf_iter_task_vma_new: Routine;
  /** `(mm) -> 1, or 0 at the end`. */
  readonly bpf_iter_task_vma_next: Routine;
  /** `(mm)`. */
  readonly bpf_iter_task_vma_destroy: Routine;
}

export interface TaskVmaParts {
  readonly work: MmapUnlockWork;
  readonly shm: Shmem;
  /** `(mm)`. */
  readonly mmput: Routine;
}

/** @returns `(mm, address) -> VMAs seen, or -errno`: a program that walks from an address to the end */
export function bpfTaskVma(c: MmCore, how: BpfTaskVma, p: TaskVmaParts): Routine {
  if (how === 'none') return sysNiSyscall(c.b);
  const it = how === 'vma_lock' ? onVmaLocks(c, p) : underMmapLock(c, p);
  return c.b.add(
    routine('bpf_iter_task_vma_prog', ['mm', 'address', 'seen'], (v) => ({
      bpf_iter_task_vma_new: (k) => k.call(it.bpf_iter_task_vma_new, k.get(v.mm), k.get(v.address)),
      initialized(k) {
        if (k.result() !== 0) return k.ret(k.result());
      },
      bpf_iter_task_vma_next: (k) => k.call(it.bpf_iter_task_vma_next, k.get(v.mm)),
      body(k) {
        if (k.result() === 0) return;
        k.set(v.seen, k.get(v.seen) + 1);
        return 'bpf_iter_task_vma_next';
      },
      bpf_iter_task_vma_destroy: (k) => k.call(it.bpf_iter_task_vma_destroy, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.seen)),
    })),
  );
}

const NEW = { file: FILE, signature: '(it, task, addr) -> int' };
const NEXT = { file: FILE, signature: '(it) -> vma or NULL' };
const DESTROY = { file: FILE, signature: '(it)' };

/** Where each thread's iterator lives (bpf_mem_alloc). */
function iterators(c: MmCore): (k: Exec) => number {
  const first = c.b.memory.pool(ITER, c.b.tasks.length, 'bpf_iter_task_vma');
  return (k) => first + k.tid * 16;
}

function onVmaLocks(c: MmCore, { work, shm, mmput }: TaskVmaParts): Iterator {
  const { b, MM, VMA, lock, rcu, tree } = c;
  const { vm_start, vm_end, vm_file } = VMA.at;
  const { next_addr } = ITER.at;
  const iter = iterators(c);
  const supported = c.lockKind !== 'absent';
  const skipped = b.fallback(
    {
      site: 'bpf_iter_task_vma_find_next:lock_vma_under_rcu',
      file: FILE,
      caller: 'bpf_iter_task_vma_find_next',
      tries: 'lock_vma_under_rcu',
      trigger: 'NULL: the VMA is being modified, or has gone',
      fallback: 'none: the walk goes on behind it, without the VMA',
    },
    true,
  );
  const unsupported = supported
    ? -1
    : b.fallback({
        site: 'bpf_iter_task_vma_new:PER_VMA_LOCK',
        file: FILE,
        caller: 'bpf_iter_task_vma_new',
        tries: 'lock_vma_under_rcu',
        trigger: 'the kernel is built without per-VMA locks',
        fallback: 'none: -EOPNOTSUPP',
      });

  /** Lets go of the file of the copy (bpf_iter_task_vma_snapshot_reset). */
  const snapshotReset = (k: Exec) => {
    const file = k.peek(iter(k) + ITER.at.vm_file);
    if (file !== 0) shm.put(k, file);
    k.poke(iter(k) + ITER.at.vm_file, 0);
  };

  /** `(mm) -> vma or 0`: the next VMA, read-locked. */
  const find_next = b.fn(
    { file: FILE, signature: '(data) -> vma or NULL' },
    routine('bpf_iter_task_vma_find_next', ['mm', 'vma', 'start', 'end'], (v) => ({
      rcu_read_lock(k) {
        rcu.readLock(k);
      },
      vma_next(k) {
        k.set(v.vma, tree.find(k, k.get(v.mm), k.peek(iter(k) + next_addr)));
        if (k.get(v.vma) !== 0) return;
        rcu.readUnlock(k);
        return k.ret(0);
      },
      read_range(k) {
        k.set(v.start, k.load(k.get(v.vma) + vm_start));
        k.set(v.end, k.peek(k.get(v.vma) + vm_end));
        rcu.readUnlock(k);
      },
      lock_vma_under_rcu: (k) => k.call(lock.lock_vma_under_rcu, k.get(v.mm), k.get(v.start)),
      locked(k) {
        k.set(v.vma, k.result());
        if (k.result() !== 0) return;
        k.count(skipped);
        const at = iter(k) + next_addr;
        // The end may be that of an object reused meanwhile: there is progress all the same.
        k.poke(at, k.get(v.end) <= k.peek(at) ? k.peek(at) + 1 : k.get(v.end));
        return 'rcu_read_lock';
      },
      check_end(k) {
        if (k.load(k.get(v.vma) + vm_end) > k.peek(iter(k) + next_addr)) return k.ret(k.get(v.vma));
        k.poke(iter(k) + next_addr, k.peek(iter(k) + next_addr) + 1);
        return k.callThen('rcu_read_lock', lock.vma_end_read, k.get(v.vma));
      },
    })),
  );

  return {
    bpf_iter_task_vma_new: b.fn(
      NEW,
      routine('bpf_iter_task_vma_new', ['mm', 'address'], (v) => ({
        check(k) {
          if (!supported) {
            k.count(unsupported);
            return k.ret(-EOPNOTSUPP);
          }
          // vma_end_read and fput may take locks that the interrupted code holds.
          if (work.irqsDisabled(k)) return k.ret(-EBUSY);
        },
        mmget(k) {
          k.fetchAdd(k.get(v.mm) + MM.at.mm_users, 1);
          k.poke(iter(k) + next_addr, k.get(v.address));
          return k.ret(0);
        },
      })),
    ),
    bpf_iter_task_vma_next: b.fn(
      NEXT,
      routine('bpf_iter_task_vma_next', ['mm', 'vma'], (v) => ({
        snapshot_reset(k) {
          snapshotReset(k);
          return k.call(find_next, k.get(v.mm));
        },
        found(k) {
          k.set(v.vma, k.result());
          if (k.result() === 0) return k.ret(0);
        },
        memcpy(k) {
          const vma = k.get(v.vma);
          const end = k.load(vma + vm_end);
          k.poke(iter(k) + ITER.at.vm_start, k.peek(vma + vm_start));
          k.poke(iter(k) + ITER.at.vm_end, end);
          k.poke(iter(k) + ITER.at.vm_file, k.peek(vma + vm_file));
          if (k.peek(vma + vm_file) !== 0) shm.get(k, k.peek(vma + vm_file));
          k.poke(iter(k) + next_addr, end);
          return k.call(lock.vma_end_read, vma);
        },
        done: (k) => k.ret(1),
      })),
    ),
    bpf_iter_task_vma_destroy: b.fn(
      DESTROY,
      routine('bpf_iter_task_vma_destroy', ['mm'], (v) => ({
        snapshot_reset: snapshotReset,
        mmput_async(k) {
          k.fill(0, iter(k), iter(k) + ITER.size);
          return k.call(mmput, k.get(v.mm));
        },
        done: (k) => k.ret(),
      })),
    ),
  };
}

function underMmapLock(c: MmCore, { work }: TaskVmaParts): Iterator {
  const { b, VMA, mmap, tree } = c;
  const { next_addr } = ITER.at;
  const iter = iterators(c);
  const busy = trylockSites(c, 'bpf_iter_task_vma_new', FILE, 'none: -EBUSY');

  return {
    bpf_iter_task_vma_new: b.fn(
      NEW,
      routine('bpf_iter_task_vma_new', ['mm', 'address'], (v) => ({
        bpf_mmap_unlock_get_irq_work(k) {
          k.poke(iter(k) + ITER.at.work, work.get(k));
          if (k.peek(iter(k) + ITER.at.work) >= 0) return;
          k.count(busy.irqWork);
          return k.ret(-EBUSY);
        },
        mmap_read_trylock: (k) => k.call(mmap.mmap_read_trylock, k.get(v.mm)),
        locked(k) {
          k.poke(iter(k) + next_addr, k.get(v.address));
          if (k.result()) return k.ret(0);
          k.count(busy.trylock);
          work.put(k, k.peek(iter(k) + ITER.at.work));
          return k.ret(-EBUSY);
        },
      })),
    ),
    bpf_iter_task_vma_next: b.fn(
      NEXT,
      routine('bpf_iter_task_vma_next', ['mm'], (v) => ({
        vma_next(k) {
          const vma = tree.find(k, k.get(v.mm), k.peek(iter(k) + next_addr));
          if (vma !== 0) k.poke(iter(k) + next_addr, k.peek(vma + VMA.at.vm_end));
          return k.ret(vma === 0 ? 0 : 1);
        },
      })),
    ),
    bpf_iter_task_vma_destroy: b.fn(
      DESTROY,
      routine('bpf_iter_task_vma_destroy', ['mm', 'work'], (v) => ({
        bpf_mmap_unlock_mm(k) {
          k.set(v.work, k.peek(iter(k) + ITER.at.work));
          k.fill(0, iter(k), iter(k) + ITER.size);
          return k.call(work.bpf_mmap_unlock_mm, k.get(v.mm), k.get(v.work));
        },
        done: (k) => k.ret(),
      })),
    ),
  };
}
