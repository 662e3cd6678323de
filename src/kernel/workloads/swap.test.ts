import { expect, test } from 'vitest';
import { editionNamed } from '../editions/index.ts';
import { instantiate } from '../model/index.ts';
import { config, SMP64, SMP64_WITHOUT, UP64 } from '../model/user-script.test-util.ts';
import { countOnly } from '../simulate.ts';
import { loadWorkload } from './load.ts';

/** What the swap workloads count, by the source: nobody has measured these. */
const counted = (name: string, release: string, options: Readonly<Record<string, string>>) => {
  const edition = editionNamed(release);
  if (edition === undefined) throw new Error(`no edition ${release}`);
  const kernel = instantiate(edition, config({ ...options, SWAP: 'y' }));
  const { counters, mmap_lock, vma_write_locks, calls } = countOnly(
    kernel.build,
    loadWorkload(name),
  );
  return {
    faults: counters.pgfault,
    major: counters.pgmajfault,
    success: counters.vma_lock_success ?? 0,
    retry: counters.vma_lock_retry ?? 0,
    read: mmap_lock.read_acquired,
    vmas: vma_write_locks,
    swap: calls.do_swap_page ?? 0,
  };
};

test('a page that is in zram alone is read under the VMA lock, once', () => {
  const y = counted('swap_zram_write_256', 'v6.12', SMP64);
  expect(y).toMatchObject({ faults: 256, major: 256, success: 256, retry: 0, read: 0, swap: 256 });
  for (const options of [SMP64_WITHOUT, UP64]) {
    const n = counted('swap_zram_write_256', 'v6.12', options);
    expect(n).toMatchObject({ faults: 256, major: 256, success: 0, read: 256, vmas: 0 });
  }
});

test('6.4 sends the fault back to mmap_lock, and counts both tries', () => {
  const y = counted('swap_zram_write_256', 'v6.4', SMP64);
  expect(y).toMatchObject({ faults: 512, major: 256, success: 0, retry: 256, read: 256 });
  expect(counted('swap_zram_write_256', 'v6.6', SMP64)).toMatchObject({ retry: 0, read: 0 });
});

test('a page that was only read takes a second fault to be written before 6.12', () => {
  const name = 'swap_zram_read_write_256';
  expect(counted(name, 'v6.12', SMP64)).toMatchObject({ faults: 256, major: 256, success: 256 });
  expect(counted(name, 'v6.6', SMP64)).toMatchObject({ faults: 512, major: 256, success: 512 });
});

test('nothing is read while the swap cache has the page', () => {
  const y = counted('swap_disk_write_256', 'v6.12', SMP64);
  expect(y).toMatchObject({ faults: 256, major: 0, success: 256, read: 0 });
});
