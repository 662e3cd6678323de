import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packagePath } from '../../input/index.ts';
import { run } from '../test-io.test-util.ts';
import { LOCK_EVERYWHERE, patchOf } from './lock-series.test-util.ts';

/** A whole Linux 6.12, not only its Kconfig files. */
const ROOT = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12', 'linux-source-6.12');

test('a series that gives every build of 6.12 the lock of a VMA', async () => {
  const ran = await run([
    'surface',
    ...[
      '--tree',
      ROOT,
      '--patch',
      patchOf(ROOT, LOCK_EVERYWHERE),
      '--format',
      'json',
      '--no-cache',
    ],
    ...['--matrix', packagePath('matrices', 'per-vma-lock.yaml')],
  ]);
  expect(ran.err).toBe('');
  const {
    series: told,
    removedOptions,
    dangling,
    functions,
    stubsDeleted,
    fallbacks,
    cells,
  } = JSON.parse(ran.out);
  expect(told.conflicts).toEqual([]);
  expect(removedOptions).toEqual(['PER_VMA_LOCK']);
  // Questions outside of these files.
  const left = new Set(dangling[0].references.map((one: { file: string }) => one.file));
  for (const file of ['kernel/bpf/task_iter.c', 'mm/pagewalk.c', 'mm/userfaultfd.c'])
    expect(left).toContain(file);
  const { before, after } = functions.find(
    (one: { name: string }) => one.name === 'vma_start_read',
  );
  const single = cells.flatMap(
    (cell: { id: string; before: unknown; after: unknown }, i: number) =>
      cell.id.includes('SMP=n') && cell.before === null && cell.after === null ? [i] : [],
  );
  expect(single.length).toBeGreaterThan(0);
  for (const i of single) expect([before[i], after[i]]).toEqual(['stub-constant', 'code']);
  for (const name of ['vma_start_read', 'vma_end_read', 'lock_vma_under_rcu']) {
    expect(stubsDeleted).toContain(name);
  }
  // Left alone, they lose what the option gave them.
  expect(functions.find((one: { name: string }) => one.name === 'uffd_lock_vma')).toMatchObject({
    file: 'mm/userfaultfd.c',
  });
  expect(fallbacks.removed).toEqual([]);
  const callers = fallbacks.left.map((one: { function: string }) => one.function);
  expect(callers.length).toBeGreaterThan(5);
});
