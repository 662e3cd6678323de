/** Every shipped workload on the releases' kernels without per-VMA locks: what differs there has nothing to do with the lock. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packagePath } from '../input/index.ts';
import { editionNamed } from './editions/index.ts';
import { instantiate } from './model/index.ts';
import { config, SMP64_WITHOUT } from './model/user-script.test-util.ts';
import { countOnly } from './simulate.ts';
import { loadWorkload, shippedWorkloads } from './workloads/index.ts';

/** Workloads that count otherwise than in 6.12, and since or until when. */
const DIFFERENT: Readonly<Record<string, readonly string[]>> = {
  // The stack grew under mmap_lock held for reading.
  stack_growth_64: ['v6.4'],
  // Execve looked for the stack under mmap_lock held for reading.
  vfork_exec_16: ['v6.4'],
  fork_exec_16: ['v6.4'],
  posix_spawn_16: ['v6.4'],
  exec_threads_8: ['v6.4'],
  exec_dynamic_8: ['v6.4'],
  // A fault that waits counted once more when it was tried again.
  uffd_minor_shmem_64: ['v6.4'],
  uffd_missing_copy_64: ['v6.4'],
  uffd_missing_zeropage_64: ['v6.4'],
  uffd_wp_64: ['v6.4'],
  uffd_wp_hugetlb_8: ['v6.4'],
  uffd_wp_huge_8: ['v6.4'],
  uffd_wp_shmem_64: ['v6.4'],
  // The call or the ioctl is newer.
  mseal_1: ['v6.4', 'v6.6'],
  mseal_refused_100: ['v6.4', 'v6.6'],
  uffd_move_64: ['v6.4', 'v6.6'],
  uffd_move_samevma_64: ['v6.4', 'v6.6'],
  pagemap_scan_wp_256: ['v6.4', 'v6.6'],
  uffd_wp_async_64: ['v6.4', 'v6.6'],
  uffd_wp_unpopulated_64: ['v6.4', 'v6.6'],
  // A huge page takes the place of the huge zero page.
  thp_zero_write_2M: ['v6.15', 'v7.0'],
  // mmap_lock is taken once for all ranges.
  process_madvise_cold_100: ['v6.15', 'v7.0'],
  // Binder took mmap_lock for writing.
  binder_page_insert_256: ['v6.15', 'v7.0'],
  binder_reclaim: ['v6.15', 'v7.0'],
  // The iterator is newer, and needs the lock where 6.12 has it back-ported.
  bpf_iter_task_vma: ['v6.15', 'v7.0'],
  // The advice is newer, be it at all or for one's own memory.
  madvise_guard_64: ['v6.15', 'v7.0'],
  process_madvise_own_8: ['v6.15', 'v7.0'],
  // The back-port to 6.12 takes mmap_lock for every signal.
  shstk_sigreturn: ['v6.4', 'v6.6', 'v6.15', 'v7.0'],
  // Futexes of a policy's node, and trampolines, are newer.
  futex_mpol_100: ['v7.0'],
  uprobe_nop5: ['v7.0'],
};
/** Wait for ever for an answer that the release cannot give. */
const NEVER_ENDS = { uffd_poison_64: 'v6.4', uffd_poison_hugetlb_8: 'v6.4' };

const counts = (edition: string, workload: string) => {
  const found = editionNamed(edition);
  if (found === undefined) throw new Error(edition);
  const kernel = instantiate(found, config(SMP64_WITHOUT));
  const { counters, mmap_lock } = countOnly(kernel.build, loadWorkload(workload));
  return { ...counters, ...mmap_lock };
};

/** What these count depends on who comes first, which the executor without time does not tell as a kernel would. */
const SCALE = new Set(
  readdirSync(packagePath('src', 'kernel', 'workloads', 'scale')).map((f) =>
    f.replace('.yaml', ''),
  ),
);

describe.each(shippedWorkloads().filter((name) => !SCALE.has(name)))(
  '%s without the lock',
  (workload) => {
    it('counts what 6.12 counts, or what is told', () => {
      const reference = counts('v6.12', workload);
      for (const edition of ['v6.4', 'v6.6', 'v6.15', 'v7.0']) {
        if (NEVER_ENDS[workload as keyof typeof NEVER_ENDS] === edition) {
          expect(() => counts(edition, workload)).toThrow('handle_userfault');
          continue;
        }
        const same = !(DIFFERENT[workload] ?? []).includes(edition);
        if (same) expect(counts(edition, workload), edition).toEqual(reference);
        else expect(counts(edition, workload), edition).not.toEqual(reference);
      }
    });
  },
);
