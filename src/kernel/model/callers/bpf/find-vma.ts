/** The helper that finds the VMA of an address for a BPF program. After bpf_find_vma in kernel/bpf/task_iter.c. */
import { type Routine, routine } from '../../machine/index.ts';
import type { FindVma } from '../../mm/find-vma.ts';
import type { MmCore } from '../../mm/mm-core.ts';
import { EBUSY, type MmapUnlockWork } from './mmap-unlock-work.ts';
import { trylockSites } from './trylock-sites.ts';

const FILE = 'kernel/bpf/task_iter.c';
const ENOENT = 2;

/** @returns `(mm, address) -> 0, -ENOENT or -EBUSY`: it never waits for mmap_lock, which the program's own code may hold */
export function bpfFindVma(c: MmCore, find: FindVma, work: MmapUnlockWork): Routine {
  const { b, VMA, mmap } = c;
  const busy = trylockSites(c, 'bpf_find_vma', FILE, 'none: -EBUSY');
  return b.fn(
    { file: FILE, signature: '(task, start, callback_fn, callback_ctx, flags) -> long' },
    routine('bpf_find_vma', ['mm', 'address', 'work', 'ret'], (v) => ({
      bpf_mmap_unlock_guard_get(k) {
        k.set(v.ret, -ENOENT);
        k.set(v.work, work.get(k));
        if (k.get(v.work) >= 0) return;
        k.count(busy.irqWork);
        return k.ret(-EBUSY);
      },
      mmap_read_trylock: (k) => k.call(mmap.mmap_read_trylock, k.get(v.mm)),
      locked(k) {
        if (k.result()) return;
        k.count(busy.trylock);
        work.put(k, k.get(v.work));
        return k.ret(-EBUSY);
      },
      find_vma: (k) => k.call(find.find_vma, k.get(v.mm), k.get(v.address)),
      callback_fn(k) {
        const vma = k.result();
        if (vma !== 0 && k.load(vma + VMA.at.vm_start) <= k.get(v.address)) k.set(v.ret, 0);
      },
      bpf_mmap_unlock_mm: (k) => k.call(work.bpf_mmap_unlock_mm, k.get(v.mm), k.get(v.work)),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );
}
