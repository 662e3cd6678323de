/**
 * mmap_lock and its wrappers, after include/linux/mmap_lock.h: the rwsem of mm_struct, the trace points that count
 * acquisitions, and the write-side sequence that ends all per-VMA write locks at once.
 */

import { EMPTY, type KernelBuilder } from '../kernel-builder.ts';
import { type Exec, type Routine, routine } from '../machine/index.ts';
import type { RwsemRoutines } from '../sync/rwsem/index.ts';
import type { mmStruct } from './structs.ts';

const FILE = 'include/linux/mmap_lock.h';

export interface MmapLock {
  readonly mmap_read_lock: Routine;
  readonly mmap_read_lock_killable: Routine;
  readonly mmap_read_trylock: Routine;
  readonly mmap_read_unlock: Routine;
  readonly mmap_write_lock: Routine;
  readonly mmap_write_lock_killable: Routine;
  readonly mmap_write_unlock: Routine;
  readonly mmap_write_downgrade: Routine;
  readonly events: {
    readonly read_acquired: number;
    readonly write_acquired: number;
    readonly read_failed: number;
    readonly write_failed: number;
  };
  /** Events of acquisitions, by the way the lock was taken; a downgrade is a way, too. */
  readonly acquiredBy: ReadonlyMap<string, number>;
}

/** How the mm counts its write sections: a number bumped at the end of each, or since 6.14 a seqcount, odd while one lasts. */
export type MmLockSeq = 'counter' | 'seqcount';

/**
 * Registers the lock's functions.
 *
 * @param present whether the mm has `mm_lock_seq`: without per-VMA locks its functions are empty
 */
export function mmapLock(
  b: KernelBuilder,
  MM: ReturnType<typeof mmStruct>,
  rw: RwsemRoutines,
  seq: MmLockSeq,
  present: boolean,
): MmapLock {
  const { mmap_lock, mm_lock_seq } = MM.at;
  const events = {
    read_acquired: b.event('mmap_lock read_acquired'),
    write_acquired: b.event('mmap_lock write_acquired'),
    read_failed: b.event('mmap_lock read_failed'),
    write_failed: b.event('mmap_lock write_failed'),
  };
  const WAYS = ['read', 'read_killable', 'read_trylock', 'write', 'write_killable', 'downgrade'];
  const acquiredBy = new Map(WAYS.map((way) => [way, b.event(`mmap_lock acquired by ${way}`)]));
  const wayOf = (way: string) => acquiredBy.get(way) as number;

  const inline = (name: string) =>
    b.inline(name, { file: FILE, signature: '(mm)' }, present ? undefined : EMPTY);
  if (seq === 'seqcount') {
    inline('mm_lock_seqcount_init');
    inline('mm_lock_seqcount_begin');
    inline('mm_lock_seqcount_end');
    // Asserts that mmap_lock is held in any case.
    b.inline('vma_end_write_all', { file: FILE, signature: '(mm)' });
  } else inline('vma_end_write_all');
  for (const event of ['start_locking', 'acquire_returned', 'released']) {
    if (!b.enabled('TRACEPOINTS')) break;
    b.name(`mmap_lock_${event}`, 'trace point', 'include/trace/events/mmap_lock.h');
  }
  // Only the holder writes it, so a plain read-and-write is exact.
  const bump = (k: Exec, mm: number) => {
    const word = mm + mm_lock_seq;
    k.store(word, k.peek(word) + 1);
  };
  const fn = (r: Routine, signature: string) => b.fn({ file: FILE, signature }, r);

  const readLock = (name: string, way: number, down: Routine) =>
    fn(
      routine(name, ['mm'], (v) => ({
        down_read: (k) => k.call(down, k.get(v.mm) + mmap_lock),
        acquired(k) {
          const failed = k.result() !== 0;
          k.count(failed ? events.read_failed : events.read_acquired);
          if (!failed) k.count(way);
          return k.ret(k.result());
        },
      })),
      '(mm)',
    );

  const writeLock = (name: string, way: number, down: Routine) =>
    fn(
      routine(name, ['mm'], (v) => ({
        down_write: (k) => k.call(down, k.get(v.mm) + mmap_lock),
        mm_lock_seqcount_begin(k) {
          if (k.result() !== 0) {
            k.count(events.write_failed);
            return k.ret(k.result());
          }
          k.count(events.write_acquired);
          k.count(way);
          if (present && seq === 'seqcount') bump(k, k.get(v.mm));
          return k.ret(0);
        },
      })),
      '(mm)',
    );

  return {
    events,
    acquiredBy,
    mmap_read_lock: readLock('mmap_read_lock', wayOf('read'), rw.down_read),
    mmap_read_lock_killable: readLock(
      'mmap_read_lock_killable',
      wayOf('read_killable'),
      rw.down_read_killable,
    ),
    mmap_read_trylock: fn(
      routine('mmap_read_trylock', ['mm'], (v) => ({
        down_read_trylock: (k) => k.call(rw.down_read_trylock, k.get(v.mm) + mmap_lock),
        acquired(k) {
          k.count(k.result() ? events.read_acquired : events.read_failed);
          if (k.result()) k.count(wayOf('read_trylock'));
          return k.ret(k.result());
        },
      })),
      '(mm) -> bool',
    ),
    mmap_read_unlock: fn(
      routine('mmap_read_unlock', ['mm'], (v) => ({
        up_read: (k) => k.call(rw.up_read, k.get(v.mm) + mmap_lock),
        done: (k) => k.ret(),
      })),
      '(mm)',
    ),
    mmap_write_lock: writeLock('mmap_write_lock', wayOf('write'), rw.down_write),
    mmap_write_lock_killable: writeLock(
      'mmap_write_lock_killable',
      wayOf('write_killable'),
      rw.down_write_killable,
    ),
    mmap_write_unlock: fn(
      routine('mmap_write_unlock', ['mm'], (v) => ({
        vma_end_write_all(k) {
          if (present) bump(k, k.get(v.mm));
        },
        up_write: (k) => k.call(rw.up_write, k.get(v.mm) + mmap_lock),
        done: (k) => k.ret(),
      })),
      '(mm)',
    ),
    mmap_write_downgrade: fn(
      routine('mmap_write_downgrade', ['mm'], (v) => ({
        vma_end_write_all(k) {
          if (present) bump(k, k.get(v.mm));
        },
        downgrade_write(k) {
          k.count(events.read_acquired);
          k.count(wayOf('downgrade'));
          return k.call(rw.downgrade_write, k.get(v.mm) + mmap_lock);
        },
        done: (k) => k.ret(),
      })),
      '(mm)',
    ),
  };
}
