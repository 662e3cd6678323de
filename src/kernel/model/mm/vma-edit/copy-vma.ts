/** A VMA at another place with the contents of an existing one, for mremap. After copy_vma and vma_merge_extend in mm/vma.c of 6.12. */
import { type Exec, type Routine, routine, W } from '../../machine/index.ts';
import type { AnonVma } from '../anon-vma.ts';
import type { IMmap } from '../i-mmap.ts';
import type { MmCore } from '../mm-core.ts';
import type { Shmem } from '../shmem.ts';
import { VM_OPS_ANON, VM_OPS_SHM, VM_OPS_SHMEM } from '../structs.ts';
import type { VmaAlloc } from '../vma.ts';
import { account } from './account.ts';
import type { Merge } from './merge.ts';

export interface CopyVma {
  /** `(mm, vma, from, to, pages, keep) -> vma`: covers `pages` at `to`; a neighbour there that is alike is widened instead. */
  readonly copy_vma: Routine;
  /** `(mm, vma, pages) -> vma or 0`: widens a VMA upwards over free pages, and joins it with the next one if they are alike now. */
  readonly vma_merge_extend: Routine;
}

/** mmap_lock is held for writing. */
export function copyVma(
  c: MmCore,
  alloc: VmaAlloc,
  anon: AnonVma,
  shm: Shmem,
  merge: Merge & IMmap,
): CopyVma {
  const { b, VMA, lock, tree } = c;
  const { vm_start, vm_end, vm_flags, vm_ops, vm_pgoff, vm_file, anon_vma, anon_name, vm_policy } =
    VMA.at;

  const wanted = (k: Exec, vma: number) => ({
    flags: k.peek(vma + vm_flags),
    ops: k.peek(vma + vm_ops),
    file: k.peek(vma + vm_file),
    anon: k.peek(vma + anon_vma),
    ...(anon_name === undefined ? {} : { name: k.peek(vma + anon_name) }),
    ...(vm_policy === undefined ? {} : { policy: k.peek(vma + vm_policy) }),
  });
  /** What a driver has mapped (VM_MIXEDMAP), and hugetlbfs (VM_DONTEXPAND), is never merged. */
  const special = (k: Exec, vma: number): boolean =>
    ![VM_OPS_ANON, VM_OPS_SHMEM, VM_OPS_SHM].includes(k.peek(vma + vm_ops));

  const copy_vma = b.add(
    routine(
      'copy_vma',
      ['mm', 'vma', 'from', 'to', 'pages', 'keep', 'pgoff', 'prev', 'next', 'new'],
      (v) => ({
        find_vma_prev(k) {
          const vma = k.get(v.vma);
          const offset = k.get(v.from) - k.peek(vma + vm_start) + k.peek(vma + vm_pgoff);
          const unfaulted = k.peek(vma + vm_ops) === VM_OPS_ANON && k.peek(vma + anon_vma) === 0;
          // Pages that do not exist yet have no offset to keep: with the one of the new place it may merge there.
          k.set(v.pgoff, unfaulted ? k.get(v.to) : offset);
          if (special(k, vma)) return 'vm_area_dup';
          k.work(W.vma_merge_check);
          const prev = merge.mergeablePrev(
            k,
            k.get(v.mm),
            k.get(v.to),
            k.get(v.pgoff),
            wanted(k, vma),
          );
          // With MREMAP_DONTUNMAP source and destination stay two VMAs.
          k.set(v.prev, unfaulted && k.get(v.keep) && prev === vma ? 0 : prev);
        },
        find_next(k) {
          const vma = k.get(v.vma);
          const prev = k.get(v.prev);
          const end = k.get(v.to) + k.get(v.pages);
          const w = wanted(k, vma);
          // Merging both sides at once, they must be able to share an anon_vma with each other, too.
          const shared = w.anon === 0 && prev !== 0 ? k.peek(prev + anon_vma) : w.anon;
          const next = merge.mergeableNext(k, k.get(v.mm), end, k.get(v.pgoff) + k.get(v.pages), {
            ...w,
            anon: shared,
          });
          const self = w.anon === 0 && k.get(v.keep) !== 0 && next === vma;
          k.set(v.next, self && w.ops === VM_OPS_ANON ? 0 : next);
        },
        vma_merge_new_range(k) {
          const prev = k.get(v.prev);
          const next = k.get(v.next);
          if (prev === 0 && next === 0) return;
          const start = prev !== 0 ? k.peek(prev + vm_start) : k.get(v.to);
          const end = next !== 0 ? k.peek(next + vm_end) : k.get(v.to) + k.get(v.pages);
          const keep = prev !== 0 ? prev : next;
          const gone = prev !== 0 ? next : 0;
          return k.callThen('merged', merge.vma_expand, k.get(v.mm), keep, start, end, gone);
        },
        vm_area_dup: (k) => k.call(alloc.vm_area_dup, k.get(v.vma)),
        vma_set_range(k) {
          const fresh = k.result();
          k.set(v.new, fresh);
          k.work(W.vma_init);
          k.access(fresh, 1);
          k.poke(fresh + vm_start, k.get(v.to));
          k.poke(fresh + vm_end, k.get(v.to) + k.get(v.pages));
          k.poke(fresh + vm_pgoff, k.get(v.pgoff));
          const vma = k.get(v.vma);
          if (k.peek(vma + vm_file) !== 0) shm.get(k, k.peek(vma + vm_file));
        },
        anon_vma_clone: (k) => k.call(anon.anon_vma_clone, k.get(v.new), k.get(v.vma)),
        // vma_link
        vma_start_write: (k) => k.call(lock.vma_start_write, k.get(v.new)),
        vma_mark_attached: (k) => k.call(lock.vma_mark_attached, k.get(v.new)),
        vma_iter_store(k) {
          const fresh = k.get(v.new);
          tree.store(k, k.get(v.mm), k.get(v.to), k.get(v.to) + k.get(v.pages), fresh);
          account(c, k, k.get(v.mm), 1, 0);
        },
        vma_link_file: (k) => k.call(merge.vma_link_file, k.get(v.new)),
        linked: (k) => k.ret(k.get(v.new)),
        merged: (k) => k.ret(k.result()),
      }),
    ),
  );

  const vma_merge_extend = b.add(
    routine('vma_merge_extend', ['mm', 'vma', 'pages'], (v) => ({
      find_next(k) {
        const vma = k.get(v.vma);
        if (special(k, vma)) return k.ret(0);
        const start = k.peek(vma + vm_start);
        const end = k.peek(vma + vm_end) + k.get(v.pages);
        const pgoff = k.peek(vma + vm_pgoff) + end - start;
        k.work(W.vma_merge_check);
        const next = merge.mergeableNext(k, k.get(v.mm), end, pgoff, wanted(k, vma));
        const to = next !== 0 ? k.peek(next + vm_end) : end;
        return k.call(merge.vma_expand, k.get(v.mm), vma, start, to, next);
      },
      done: (k) => k.ret(k.result()),
    })),
  );
  return { copy_vma, vma_merge_extend };
}
