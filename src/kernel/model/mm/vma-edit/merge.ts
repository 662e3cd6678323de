/**
 * Merging VMAs. After vma_merge_existing_range, vma_merge_new_range and vma_modify in mm/vma.c of 6.12: neighbours are merged when their
 * flags, their backing and their offsets continue each other and they can share an anon_vma.
 */
import { type Exec, type Routine, routine, W } from '../../machine/index.ts';
import type { AnonVma } from '../anon-vma.ts';
import { EINVAL, type MmCore } from '../mm-core.ts';
import type { Shmem } from '../shmem.ts';
import { VM_OPS_ANON, VM_OPS_HUGETLB, VM_OPS_SHM, VM_SOFTDIRTY } from '../structs.ts';
import type { VmaPrepare } from './prepare.ts';

export interface Merge {
  /** `(mm, start, end, flags, file, pgoff) -> vma or 0`: widens a neighbour over a free range that could merge with it. */
  readonly vma_merge_new_range: Routine;
  /** `(mm, vma, start, end, flags, name) -> vma or -EINVAL`: makes `[start, end)` of a VMA one that may get new flags, or with `name` a new name (plus one) or memory policy (minus one, negative). */
  readonly vma_modify_flags: Routine;
  /** `(mm, keep, start, end, next) -> keep`: widens a VMA over a free range, and over the next VMA whole. */
  readonly vma_expand: Routine;
  /** The VMA that ends where a range starts, if it can take the range over; else 0. One shared read. */
  mergeablePrev(k: Exec, mm: number, start: number, pgoff: number, w: Wanted): number;
  /** The VMA that starts where a range ends, if it can take the range over; else 0. One shared read. */
  mergeableNext(k: Exec, mm: number, end: number, pgoff: number, w: Wanted): number;
}

/**
 * Whether a VMA with pages is merged into a neighbour that never had any. Before 6.16 it was not, for want of a chain that could
 * be asked for its length (is_mergeable_anon_vma).
 */
export type UnfaultedMerge = 'apart' | 'merged';

/** What a VMA would have to look like to be merged with. */
export interface Wanted {
  readonly flags: number;
  readonly ops: number;
  readonly file: number;
  readonly anon: number;
  /** Name of anonymous memory, 0 without; only looked at where VMAs can have one. */
  readonly name?: number;
  /** Memory policy, 0 for the default; only looked at where VMAs can have one. */
  readonly policy?: number;
}

/** mmap_lock is held for writing. */
export function merge(
  c: MmCore,
  anon: AnonVma,
  shm: Shmem,
  __split_vma: Routine,
  prep: VmaPrepare,
  unfaulted: UnfaultedMerge,
): Merge {
  const { b, VMA, lock, tree, pt, split_huge_pmd } = c;
  const { vm_start, vm_end, vm_flags, vm_ops, vm_pgoff, vm_file, anon_vma, anon_name, vm_policy } =
    VMA.at;

  /** can_vma_merge_before and can_vma_merge_after: whether `vma`, which begins at page offset `pgoff`, can join. */
  const canMerge = (k: Exec, vma: number, w: Wanted, pgoff: number): boolean => {
    const its = k.peek(vma + anon_vma);
    // A VMA whose vm_ops have `close` may not vanish into another; the model merges such VMAs not at all.
    if (w.ops === VM_OPS_SHM || w.ops === VM_OPS_HUGETLB) return false;
    return (
      ((k.peek(vma + vm_flags) ^ w.flags) & ~VM_SOFTDIRTY) === 0 &&
      k.peek(vma + vm_ops) === w.ops &&
      k.peek(vma + vm_file) === w.file &&
      k.peek(vma + vm_pgoff) === pgoff &&
      (vm_policy === undefined || k.peek(vma + vm_policy) === (w.policy ?? 0)) &&
      (anon_name === undefined || k.peek(vma + anon_name) === (w.name ?? 0)) &&
      (its === w.anon ||
        // A child's VMA keeps its anon_vma to itself: it is chained to its parent's, too.
        (its === 0
          ? unfaulted === 'merged' && !anon.isForked(k, w.anon)
          : w.anon === 0 && !anon.isForked(k, its)))
    );
  };
  /** The VMA that ends where a range starts, if it can take the range over; else 0. One shared read. */
  const mergeablePrev = (k: Exec, mm: number, start: number, pgoff: number, w: Wanted): number => {
    const prev = tree.prev(k, mm, start);
    if (prev === 0 || k.peek(prev + vm_end) !== start) return 0;
    const pages = start - k.peek(prev + vm_start);
    return canMerge(k, prev, w, pgoff - pages) ? prev : 0;
  };
  /** The VMA that starts where a range ends, if it can take the range over; else 0. One shared read. */
  const mergeableNext = (k: Exec, mm: number, end: number, pgoff: number, w: Wanted): number => {
    const next = tree.find(k, mm, end);
    if (next === 0 || k.peek(next + vm_start) !== end) return 0;
    return canMerge(k, next, w, pgoff) ? next : 0;
  };

  /** The name a VMA is to have: `given` less one, or what it has. */
  const nameOf = (k: Exec, vma: number, given: number): number =>
    given > 0 ? given - 1 : anon_name === undefined ? 0 : k.peek(vma + anon_name);
  /** The policy a VMA is to have, likewise. */
  const policyOf = (k: Exec, vma: number, given: number): number =>
    given < 0 ? -given - 1 : vm_policy === undefined ? 0 : k.peek(vma + vm_policy);

  /**
   * `(mm, keep, start, end, gone, gone2) -> keep`: lets one VMA take over a range and up to two neighbours whole, with their anon_vma
   * if it has none.
   */
  const commit_merge = b.add(
    routine('commit_merge', ['mm', 'keep', 'start', 'end', 'gone', 'gone2', 'sem'], (v) => ({
      vma_start_write_gone(k) {
        if (k.get(v.gone)) return k.call(lock.vma_start_write, k.get(v.gone));
      },
      vma_start_write: (k) => k.call(lock.vma_start_write, k.get(v.keep)),
      vma_start_write_gone2(k) {
        if (k.get(v.gone2)) return k.call(lock.vma_start_write, k.get(v.gone2));
      },
      dup_anon_vma(k) {
        const has = (vma: number) => vma !== 0 && k.peek(vma + anon_vma) !== 0;
        if (has(k.get(v.keep))) return;
        const donor = has(k.get(v.gone)) ? k.get(v.gone) : k.get(v.gone2);
        if (has(donor)) return k.call(anon.anon_vma_clone, k.get(v.keep), donor);
      },
      vma_prepare: (k) => k.call(prep.vma_prepare, k.get(v.keep)),
      vma_set_range(k) {
        const vma = k.get(v.keep);
        k.set(v.sem, k.result());
        lock.assertWriteLocked(k, vma);
        k.work(W.vma_split);
        k.access(vma, 1);
        k.poke(vma + vm_pgoff, k.peek(vma + vm_pgoff) - (k.peek(vma + vm_start) - k.get(v.start)));
        k.poke(vma + vm_start, k.get(v.start));
        k.poke(vma + vm_end, k.get(v.end));
      },
      vma_iter_store(k) {
        tree.store(k, k.get(v.mm), k.get(v.start), k.get(v.end), k.get(v.keep));
      },
      vma_complete(k) {
        const gone = k.get(v.gone);
        const gone2 = k.get(v.gone2);
        const sem = k.get(v.sem);
        const keep = k.get(v.keep);
        const mm = k.get(v.mm);
        return k.call(prep.vma_complete, sem, keep, mm, gone || gone2, gone && gone2);
      },
      done: (k) => k.ret(k.get(v.keep)),
    })),
  );

  /** `(mm, keep, start, end, next) -> keep`: widens a VMA over a free range, and over the next VMA whole. */
  const vma_expand = b.add(
    routine('vma_expand', ['mm', 'keep', 'start', 'end', 'next'], (v) => ({
      commit_merge(k) {
        const mm = k.get(v.mm);
        const keep = k.get(v.keep);
        const next = k.get(v.next);
        return k.call(commit_merge, mm, keep, k.get(v.start), k.get(v.end), next);
      },
      done: (k) => k.ret(k.result()),
    })),
  );

  const vma_merge_new_range = b.add(
    routine(
      'vma_merge_new_range',
      ['mm', 'start', 'end', 'flags', 'file', 'pgoff', 'prev', 'next'],
      (v) => ({
        find_prev(k) {
          const file = k.get(v.file);
          const ops = file === 0 ? VM_OPS_ANON : shm.opsOf(k, file);
          const wanted = { flags: k.get(v.flags), ops, file, anon: 0 };
          k.work(W.vma_merge_check);
          k.set(v.prev, mergeablePrev(k, k.get(v.mm), k.get(v.start), k.get(v.pgoff), wanted));
        },
        find_next(k) {
          const prev = k.get(v.prev);
          const anon = prev === 0 ? 0 : k.peek(prev + anon_vma);
          const file = k.get(v.file);
          const ops = file === 0 ? VM_OPS_ANON : shm.opsOf(k, file);
          const wanted = { flags: k.get(v.flags), ops, file, anon };
          const pgoff = k.get(v.pgoff) + k.get(v.end) - k.get(v.start);
          k.set(v.next, mergeableNext(k, k.get(v.mm), k.get(v.end), pgoff, wanted));
        },
        vma_expand(k) {
          const prev = k.get(v.prev);
          const next = k.get(v.next);
          const start = prev !== 0 ? k.peek(prev + vm_start) : k.get(v.start);
          const end = next !== 0 ? k.peek(next + vm_end) : k.get(v.end);
          if (prev !== 0) return k.call(vma_expand, k.get(v.mm), prev, start, end, next);
          if (next !== 0) return k.call(vma_expand, k.get(v.mm), next, start, end);
          return k.ret(0);
        },
        done: (k) => k.ret(k.result()),
      }),
    ),
  );

  const vma_modify_flags = b.add(
    routine(
      'vma_modify_flags',
      ['mm', 'vma', 'start', 'end', 'flags', 'name', 'prev', 'next', 'keep'],
      (v) => {
        const wanted = (k: Exec): Wanted => {
          const vma = k.get(v.vma);
          return {
            flags: k.get(v.flags),
            ops: k.peek(vma + vm_ops),
            file: k.peek(vma + vm_file),
            anon: k.peek(vma + anon_vma),
            name: nameOf(k, vma, k.get(v.name)),
            policy: policyOf(k, vma, k.get(v.name)),
          };
        };
        /** Page offset of a place in the VMA. */
        const pgoffAt = (k: Exec, page: number) =>
          k.peek(k.get(v.vma) + vm_pgoff) + page - k.peek(k.get(v.vma) + vm_start);
        return {
          find_prev(k) {
            const start = k.get(v.start);
            k.work(W.vma_merge_check);
            if (start !== k.peek(k.get(v.vma) + vm_start)) return;
            k.set(v.prev, mergeablePrev(k, k.get(v.mm), start, pgoffAt(k, start), wanted(k)));
          },
          find_next(k) {
            const end = k.get(v.end);
            if (end !== k.peek(k.get(v.vma) + vm_end)) return;
            const w = wanted(k);
            const prev = k.get(v.prev);
            // Merging both sides at once, they must be able to share an anon_vma with each other, too.
            const shared = w.anon === 0 && prev !== 0 ? k.peek(prev + anon_vma) : w.anon;
            const next = mergeableNext(k, k.get(v.mm), end, pgoffAt(k, end), {
              ...w,
              anon: shared,
            });
            k.set(v.next, next);
          },
          vma_merge_existing_range(k) {
            const vma = k.get(v.vma);
            const prev = k.get(v.prev);
            const next = k.get(v.next);
            if (prev === 0 && next === 0) return 'split_start';
            const start = prev !== 0 ? k.peek(prev + vm_start) : k.get(v.start);
            const end = next !== 0 ? k.peek(next + vm_end) : k.get(v.end);
            const whole =
              k.get(v.start) === k.peek(vma + vm_start) && k.get(v.end) === k.peek(vma + vm_end);
            k.set(v.keep, prev !== 0 ? prev : next);
            if (!whole) return 'vma_start_write';
            const other = prev !== 0 ? next : 0;
            return k.callThen(
              'merged',
              commit_merge,
              k.get(v.mm),
              k.get(v.keep),
              start,
              end,
              vma,
              other,
            );
          },
          merged: (k) => k.ret(k.result()),

          // Part of the VMA goes to its neighbour: the boundary between them moves.
          vma_start_write: (k) => k.call(lock.vma_start_write, k.get(v.vma)),
          dup_anon_vma(k) {
            const keep = k.get(v.keep);
            if (k.peek(keep + anon_vma) !== 0 || k.peek(k.get(v.vma) + anon_vma) === 0) return;
            return k.call(anon.anon_vma_clone, keep, k.get(v.vma));
          },
          vma_adjust_trans_huge(k) {
            const edge = k.get(v.prev) === 0 ? k.get(v.start) : k.get(v.end);
            if (edge % pt.span === 0 || pt.huge(k, k.get(v.mm), edge) === 0) return;
            return k.call(split_huge_pmd, k.get(v.mm), edge);
          },
          shrink_vma(k) {
            const vma = k.get(v.vma);
            lock.assertWriteLocked(k, vma);
            k.access(vma, 1);
            if (k.get(v.prev) === 0) k.poke(vma + vm_end, k.get(v.start));
            else {
              k.poke(vma + vm_pgoff, pgoffAt(k, k.get(v.end)));
              k.poke(vma + vm_start, k.get(v.end));
            }
          },
          take_over(k) {
            const keep = k.get(v.keep);
            const start = k.get(v.prev) !== 0 ? k.peek(keep + vm_start) : k.get(v.start);
            const end = k.get(v.prev) !== 0 ? k.get(v.end) : k.peek(keep + vm_end);
            return k.callThen('merged', commit_merge, k.get(v.mm), keep, start, end);
          },

          split_start(k) {
            const vma = k.get(v.vma);
            if (k.peek(vma + vm_start) < k.get(v.start)) {
              return k.call(__split_vma, k.get(v.mm), vma, k.get(v.start), 1);
            }
          },
          split_end(k) {
            if (k.result() < 0 && k.peek(k.get(v.vma) + vm_start) < k.get(v.start)) {
              return k.ret(k.result());
            }
            const vma = k.get(v.vma);
            if (k.peek(vma + vm_end) > k.get(v.end)) {
              return k.call(__split_vma, k.get(v.mm), vma, k.get(v.end), 0);
            }
          },
          unmerged: (k) =>
            k.ret(k.peek(k.get(v.vma) + vm_end) > k.get(v.end) ? -EINVAL : k.get(v.vma)),
        };
      },
    ),
  );
  return { vma_merge_new_range, vma_modify_flags, vma_expand, mergeablePrev, mergeableNext };
}
