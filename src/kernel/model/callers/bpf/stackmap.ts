/** Stack traces of user space with build ids for addresses. After stack_map_get_build_id_offset in kernel/bpf/stackmap.c. */
import { type Routine, routine, W } from '../../machine/index.ts';
import type { FindVma } from '../../mm/find-vma.ts';
import type { MmCore } from '../../mm/mm-core.ts';
import type { MmapUnlockWork } from './mmap-unlock-work.ts';
import { trylockSites } from './trylock-sites.ts';

const FILE = 'kernel/bpf/stackmap.c';

/**
 * @returns `(mm, address, entries) -> entries with a build id`: a trace of return addresses one page apart; those without a VMA of a file,
 * and all where mmap_lock cannot be had, stay bare addresses
 */
export function stackMapBuildId(c: MmCore, find: FindVma, work: MmapUnlockWork): Routine {
  const { b, VMA, mmap } = c;
  const { vm_start, vm_end, vm_file } = VMA.at;
  const busy = trylockSites(
    c,
    'stack_map_get_build_id_offset',
    FILE,
    'none: every entry is left as an address (BPF_STACK_BUILD_ID_IP)',
  );
  return b.fn(
    { file: FILE, signature: '(id_offs, trace_nr, user, may_fault)' },
    routine(
      'stack_map_get_build_id_offset',
      ['mm', 'address', 'entries', 'work', 'i', 'prev_vma', 'valid'],
      (v) => ({
        bpf_mmap_unlock_guard_get(k) {
          k.set(v.work, work.get(k));
          if (k.get(v.work) >= 0) return;
          k.count(busy.irqWork);
          return k.ret(0);
        },
        mmap_read_trylock: (k) => k.call(mmap.mmap_read_trylock, k.get(v.mm)),
        locked(k) {
          if (k.result()) return;
          k.count(busy.trylock);
          work.put(k, k.get(v.work));
          return k.ret(0);
        },
        next_entry(k) {
          if (k.get(v.i) === k.get(v.entries)) return 'bpf_mmap_unlock_mm';
          const ip = k.get(v.address) + k.get(v.i);
          k.set(v.i, k.get(v.i) + 1);
          const prev = k.get(v.prev_vma);
          if (prev !== 0 && ip >= k.peek(prev + vm_start) && ip < k.peek(prev + vm_end)) {
            return 'build_id_valid';
          }
          return k.call(find.find_vma, k.get(v.mm), ip);
        },
        build_id_parse(k) {
          const vma = k.result();
          if (vma === 0 || k.load(vma + vm_file) === 0) return 'next_entry';
          k.work(W.pte_walk);
          k.set(v.prev_vma, vma);
        },
        build_id_valid(k) {
          k.set(v.valid, k.get(v.valid) + 1);
          return 'next_entry';
        },
        bpf_mmap_unlock_mm: (k) => k.call(work.bpf_mmap_unlock_mm, k.get(v.mm), k.get(v.work)),
        done: (k) => k.ret(k.get(v.valid)),
      }),
    ),
  );
}
