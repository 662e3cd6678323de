/** Names of anonymous memory: prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME). After prctl_set_vma in kernel/sys.c and mm/madvise.c of 6.12. */
import { type Routine, routine } from '../machine/index.ts';
import type { FindVma } from './find-vma.ts';
import { EINVAL, ENOMEM, type MmCore } from './mm-core.ts';
import type { VmaEdit } from './vma-edit/index.ts';

/** @returns `(mm, start, pages, name) -> 0 or -errno`; a name is a number, and 0 takes it away */
export function anonVmaName(c: MmCore, edit: VmaEdit, find: FindVma): Routine {
  const { b, VMA, mmap, lock } = c;
  const { vm_start, vm_end, vm_flags, anon_name } = VMA.at;

  if (anon_name === undefined) {
    return b.lack(routine('prctl_set_vma', ['mm'], () => ({ unsupported: (k) => k.ret(-EINVAL) })));
  }
  return b.add(
    routine('prctl_set_vma', ['mm', 'start', 'pages', 'name', 'end', 'vma', 'ret'], (v) => ({
      mmap_write_lock: (k) => k.call(mmap.mmap_write_lock, k.get(v.mm)),
      locked(k) {
        k.set(v.end, k.get(v.start) + k.get(v.pages));
      },
      find_vma: (k) => k.call(find.find_vma, k.get(v.mm), k.get(v.start)),
      // madvise_walk_vmas: gaps are skipped and reported at the end.
      found(k) {
        const vma = k.result();
        k.set(v.vma, vma);
        const start = vma === 0 ? k.get(v.end) : k.load(vma + vm_start);
        if (start > k.get(v.start) || vma === 0) k.set(v.ret, -ENOMEM);
        k.set(v.start, Math.max(k.get(v.start), start));
        if (k.get(v.start) >= k.get(v.end)) return 'mmap_write_unlock';
        lock.assertStabilised(k, vma);
        if (k.peek(vma + anon_name) === k.get(v.name)) return 'next_vma';
        // A change of name merges and splits as a change of flags does.
        const end = Math.min(k.get(v.end), k.peek(vma + vm_end));
        const flags = k.peek(vma + vm_flags);
        const name = k.get(v.name) + 1;
        return k.call(edit.vma_modify_flags, k.get(v.mm), vma, k.get(v.start), end, flags, name);
      },
      vma_start_write(k) {
        if (k.result() < 0) {
          k.set(v.ret, k.result());
          return 'mmap_write_unlock';
        }
        k.set(v.vma, k.result());
        return k.call(lock.vma_start_write, k.get(v.vma));
      },
      replace_anon_vma_name(k) {
        lock.assertWriteLocked(k, k.get(v.vma));
        k.store(k.get(v.vma) + anon_name, k.get(v.name));
      },
      next_vma(k) {
        k.set(v.start, k.load(k.get(v.vma) + vm_end));
        if (k.get(v.start) < k.get(v.end)) return 'find_vma';
      },
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );
}
