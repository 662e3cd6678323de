/** Reading an address space through /proc: maps, smaps_rollup and the PROCMAP_QUERY ioctl. After fs/proc/task_mmu.c and fs/seq_file.c. */
import { type KernelBuilder, returns, type Stub } from '../kernel-builder.ts';
import { type Routine, routine, W } from '../machine/index.ts';
import type { FindVma } from '../mm/find-vma.ts';
import { ENOTTY, type MmCore } from '../mm/mm-core.ts';
import { sysNiSyscall } from '../mm/ni-syscall.ts';
import { RWSEM, RWSEM_FLAG_WAITERS } from '../sync/rwsem/index.ts';
import {
  AT_END,
  AT_GATE,
  GATE_LINE,
  mapsLines,
  SEQ_BUFFER,
  smapGatherStats,
} from './maps-lines.ts';

const FILE = 'fs/proc/task_mmu.c';
const EAGAIN = 11;
const ENOENT = 2;

/** What a reader of maps holds: mmap_lock for a buffer full of lines, or since 6.17 the lock of one VMA at a time. */
export type ProcMapsLock = 'mmap_lock' | 'vma_lock';

export interface ProcMaps {
  /** `(mm) -> 0`: opens maps and reads it to its end. */
  readonly proc_maps: Routine;
  /** `(mm) -> 0`: opens smaps_rollup and reads it to its end. */
  readonly proc_smaps_rollup: Routine;
  /** `(mm, address) -> 0 or -errno`: asks for the VMA at or above an address. */
  readonly do_procmap_query: Routine;
}

/**
 * @param how what the edition's readers hold where there is a VMA lock
 * @param lock_next_vma where the kernel has it
 * @param query whether the file answers PROCMAP_QUERY
 */
export function procMaps(
  c: MmCore,
  find: FindVma,
  how: ProcMapsLock,
  lock_next_vma: Routine | undefined,
  query: boolean,
): ProcMaps {
  const { b, MM, VMA, mmap, lock, tree, rcu } = c;
  const { gate, lineOf } = mapsLines(c);
  if (!b.enabled('PROC_FS')) {
    const none = sysNiSyscall(b);
    return { proc_maps: none, proc_smaps_rollup: none, do_procmap_query: none };
  }
  const { vm_start, vm_end } = VMA.at;
  const site = (caller: string) =>
    how === 'mmap_lock'
      ? -1
      : b.fallback({
          site: `${caller}:lock_next_vma`,
          file: FILE,
          caller,
          tries: 'lock_next_vma',
          trigger: '-EAGAIN: the count of a VMA is full',
          fallback: 'mmap_lock for reading until the buffer is full',
        });
  const mapsFallback = site('proc_get_vma');
  const queryFallback = query ? site('query_vma_find_by_addr') : -1;

  /**
   * `(mm)`: reads the file to its end. Each read fills one buffer under one m_start, whose position of the next line is
   * the address of its VMA; the last read gives nothing.
   */
  const proc_pid_maps = b.add(
    routine(
      'proc_pid_maps_read',
      ['mm', 'pos', 'count', 'vma', 'locked_vma', 'mmap_locked'],
      (v) => ({
        seq_read(k) {
          k.work(W.syscall_entry);
          k.work(W.file_io);
          k.set(v.count, 0);
          if (k.get(v.pos) === AT_END) return k.ret(0);
          if (lock_next_vma !== undefined) return 'lock_vma_range';
          if (mapsFallback >= 0) k.count(mapsFallback);
        },
        m_start: (k) => k.call(mmap.mmap_read_lock_killable, k.get(v.mm)),
        locked(k) {
          if (k.result() !== 0) return k.ret(k.result());
          k.set(v.mmap_locked, 1);
          return k.get(v.pos) === AT_GATE ? 'gate_vma' : 'vma_next';
        },
        vma_next(k) {
          // m_start walks down from the root, m_next goes on from where it is.
          const first = k.get(v.count) === 0;
          const vma = tree[first ? 'find' : 'next'](k, k.get(v.mm), k.get(v.pos));
          k.set(v.vma, vma);
          return vma === 0 ? 'gate_vma' : 'show_map_vma';
        },

        lock_vma_range(k) {
          rcu.readLock(k);
          if (k.get(v.pos) === AT_GATE) return 'gate_vma';
        },
        unlock_ctx_vma(k) {
          const vma = k.get(v.locked_vma);
          k.set(v.locked_vma, 0);
          if (vma !== 0) return k.call(lock.vma_end_read, vma);
        },
        get_next_vma: (k) => k.call(lock_next_vma as Routine, k.get(v.mm), k.get(v.pos)),
        got_vma(k) {
          k.set(v.vma, k.result());
          k.set(v.locked_vma, Math.max(0, k.result()));
          if (k.result() > 0) return 'show_map_vma';
          if (k.result() === 0) return 'gate_vma';
          // Interrupted, or the VMA's count is full: then the rest of the buffer is filled under mmap_lock.
          if (k.result() !== -EAGAIN) return 'm_stop';
          k.count(mapsFallback);
          rcu.readUnlock(k);
          return 'fallback_to_mmap_lock';
        },
        fallback_to_mmap_lock: (k) => k.callThen('fallen_back', mmap.mmap_read_lock, k.get(v.mm)),
        fallen_back(k) {
          k.set(v.mmap_locked, 1);
          return 'vma_next';
        },

        show_map_vma(k) {
          const vma = k.get(v.vma);
          const end = k.load(vma + vm_end);
          const count = k.get(v.count) + lineOf(k, k.get(v.mm), vma);
          k.work(W.proc_maps_line);
          // seq_has_overflowed: the line is for the next read.
          if (count >= SEQ_BUFFER) return 'm_stop';
          k.set(v.count, count);
          k.set(v.pos, end);
          return k.get(v.mmap_locked) ? 'vma_next' : 'unlock_ctx_vma';
        },
        gate_vma(k) {
          const count = k.get(v.count) + GATE_LINE.length;
          const shown = gate && count < SEQ_BUFFER;
          k.set(v.pos, shown ? AT_END : AT_GATE);
          if (shown) k.set(v.count, count);
        },
        m_stop(k) {
          if (k.get(v.mmap_locked)) return 'mmap_read_unlock';
          const vma = k.get(v.locked_vma);
          k.set(v.locked_vma, 0);
          if (vma !== 0) return k.call(lock.vma_end_read, vma);
        },
        rcu_read_unlock(k) {
          rcu.readUnlock(k);
          return 'read_done';
        },
        mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
        read_done(k) {
          k.set(v.mmap_locked, 0);
          // seq_read_iter gives the reader the buffer when no lock is held any more.
          if (k.get(v.count) > 0) k.work(W.copy_page);
          return k.get(v.count) > 0 ? 'seq_read' : k.ret(0);
        },
      }),
    ),
  );

  const show_smaps_rollup = b.add(
    routine('show_smaps_rollup', ['mm', 'vma', 'at'], (v) => ({
      mmap_read_lock_killable: (k) => k.call(mmap.mmap_read_lock_killable, k.get(v.mm)),
      locked(k) {
        if (k.result() !== 0) return k.ret(k.result());
      },
      for_each_vma(k) {
        k.set(v.vma, tree.find(k, k.get(v.mm), k.get(v.at)));
        if (k.get(v.vma) === 0) return 'mmap_read_unlock';
      },
      smap_gather_stats(k) {
        const vma = k.get(v.vma);
        const end = k.load(vma + vm_end);
        const from = Math.max(k.get(v.at), k.peek(vma + vm_start));
        smapGatherStats(c, k, k.get(v.mm), from, end);
        k.set(v.at, end);
      },
      // mmap_lock_is_contended: a writer that waits is let through between two VMAs.
      mmap_lock_is_contended(k) {
        const sem = k.get(v.mm) + MM.at.mmap_lock;
        if (k.load(sem + RWSEM.at.count) & RWSEM_FLAG_WAITERS) return;
        return 'for_each_vma';
      },
      let_writer_through: (k) =>
        k.callThen('mmap_read_lock_killable', mmap.mmap_read_unlock, k.get(v.mm)),
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      done: (k) => k.ret(0),
    })),
  );

  const do_procmap_query = b.add(
    routine('do_procmap_query', ['mm', 'address', 'vma'], (v) => ({
      query_vma_setup(k) {
        if (lock_next_vma !== undefined) return 'rcu_read_lock';
        if (queryFallback >= 0) k.count(queryFallback);
      },
      mmap_read_lock_killable: (k) => k.call(mmap.mmap_read_lock_killable, k.get(v.mm)),
      locked(k) {
        if (k.result() !== 0) return k.ret(k.result());
      },
      find_vma: (k) => k.call(find.find_vma, k.get(v.mm), k.get(v.address)),
      found(k) {
        k.set(v.vma, k.result());
        k.work(W.proc_maps_line);
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.vma) === 0 ? -ENOENT : 0),

      rcu_read_lock(k) {
        rcu.readLock(k);
        return k.call(lock_next_vma as Routine, k.get(v.mm), k.get(v.address));
      },
      rcu_read_unlock(k) {
        k.set(v.vma, k.result());
        rcu.readUnlock(k);
        if (k.result() === 0) return 'done';
        if (k.result() > 0) return 'query_vma_teardown';
        if (k.result() !== -EAGAIN) return k.ret(k.result());
        k.count(queryFallback);
        return 'mmap_read_lock_killable';
      },
      query_vma_teardown(k) {
        k.work(W.proc_maps_line);
        return k.callThen('done', lock.vma_end_read, k.get(v.vma));
      },
    })),
  );

  if (how === 'vma_lock') declareLockingCtx(b, lock_next_vma !== undefined);
  if (query) b.name('PROCMAP_QUERY', 'ioctl', 'include/uapi/linux/fs.h');
  const noIoctl = routine('vfs_ioctl', ['mm'], () => ({ unknown: (k) => k.ret(-ENOTTY) }));
  return {
    proc_maps: proc_pid_maps,
    proc_smaps_rollup: show_smaps_rollup,
    do_procmap_query: query ? do_procmap_query : b.add(noIoctl),
  };
}

/** What readers call, whichever lock it takes: two versions of each, of which the option builds one. */
function declareLockingCtx(b: KernelBuilder, perVma: boolean): void {
  const fn = (name: string, signature: string, stub?: Stub) =>
    b.inline(name, { file: FILE, signature }, stub);
  fn('lock_vma_range', '(m, lock_ctx) -> bool');
  fn('get_next_vma', '(priv, last_pos) -> vma');
  // mmap_lock is what they hold already.
  fn('fallback_to_mmap_lock', '(priv, pos) -> bool', perVma ? undefined : returns(0, 'false'));
  fn('query_vma_setup', '(lock_ctx) -> int');
  fn('query_vma_teardown', '(lock_ctx)');
  fn('query_vma_find_by_addr', '(lock_ctx, addr) -> vma');
}
