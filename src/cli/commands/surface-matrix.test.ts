import { expect, it } from 'vitest';
import { packagePath } from '../../input/index.ts';
import { run } from '../test-io.test-util.ts';

const cwd = packagePath('src', 'tree', 'testdata');
const surface = (...args: string[]) =>
  run(['surface', '--tree', 'small-kernel', ...args, '--no-cache', '--jobs', '1'], { cwd });
const MATRIX = ['--patch', 'small-series.mbox', '--matrix', 'small-kernel/matrix.yaml'];

it('says what a series changes in every cell of a matrix', async () => {
  const { code, out, err } = await surface(...MATRIX);
  expect([code, err]).toEqual([0, '']);
  expect(out.replaceAll(/\S*(?=small-kernel )/g, '')).toBe(`5 cells, 1 rejected; 4 files changed

Rejected: 1
  SMP=y,PER_VMA_LOCK=y  after: PER_VMA_LOCK=y: small-kernel (patched) does not define PER_VMA_LOCK

Options no longer defined: 1
  PER_VMA_LOCK

References left dangling: 1
  PER_VMA_LOCK  IS_ENABLED  net/receive.c:7

Gained: 3
  vma_end_read  include/vma.h
    stub-empty → code in SMP=n,NET=y · SMP=n,NET=n
  vma_try_read  include/vma.h
    stub-constant → code in SMP=n,NET=y · SMP=n,NET=n
  find_locked_vma  mm/vma-lock.c
    stub-constant → code in SMP=n,NET=y · SMP=n,NET=n

Stubs deleted: 3
  vma_end_read
  vma_try_read
  find_locked_vma

Fallbacks removed: 1
  handle_fault  find_locked_vma, else mmap_read_lock  mm/fault.c:5

Fallbacks left: 1
  map_received  find_locked_vma, else mmap_read_lock  net/receive.c:8
`);
});

it('says it as JSON, and with its exit code', async () => {
  const { code, out } = await surface(...MATRIX, '--format', 'json', '--exit-code');
  expect(code).toBe(1);
  const json = JSON.parse(out);
  expect(json).toMatchObject({
    schemaVersion: 1,
    series: { changed: ['Kconfig', 'include/vma.h', 'mm/Makefile', 'mm/fault.c'], conflicts: [] },
    removedOptions: ['PER_VMA_LOCK'],
  });
  expect(json.cells.map((cell: { id: string }) => cell.id)).toEqual([
    'SMP=y,NET=y',
    'SMP=y,NET=n',
    'SMP=n,NET=y',
    'SMP=n,NET=n',
    'SMP=y,PER_VMA_LOCK=y',
  ]);
  expect(json.functions.at(-1)).toEqual({
    name: 'find_locked_vma',
    file: 'mm/vma-lock.c',
    before: ['code', 'code', 'stub-constant', 'stub-constant', 'code'],
    after: ['code', 'code', 'code', 'code', null],
  });
});

it('wants a patch, and nothing to compare beside it', async () => {
  expect((await surface('--matrix', 'small-kernel/matrix.yaml')).err).toContain('wants --patch');
  expect((await surface(...MATRIX, '--left', 'SMP=y')).err).toContain('exclude each other');
});
