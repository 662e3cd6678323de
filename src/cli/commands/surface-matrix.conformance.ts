import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { packagePath } from '../../input/index.ts';
import { run } from '../test-io.test-util.ts';

/** A whole Linux 6.12, not only its Kconfig files. */
const ROOT = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12', 'linux-source-6.12');

const OPEN = /^#\s*ifdef CONFIG_PER_VMA_LOCK$/;
/** Headers and code the lock is defined in. */
const FILES = [
  'include/linux/mm.h',
  'include/linux/mm_types.h',
  'include/linux/mmap_lock.h',
  'mm/memory.c',
  'kernel/fork.c',
];

/** The text without questions after the option: what is there with it stays. */
function everywhere(text: string): string {
  const open: string[] = [];
  return text
    .split('\n')
    .filter((line) => {
      const word = /^\s*#\s*(if|else|elif|endif)/.exec(line)?.[1];
      const own = open.at(-1) !== 'other' && open.length > 0;
      if (word === 'if') open.push(OPEN.test(line) ? 'kept' : 'other');
      else if (word === 'else' && own) open[open.length - 1] = 'dropped';
      else if (word === 'endif') open.pop();
      const mark = OPEN.test(line) || (own && (word === 'else' || word === 'endif'));
      return !mark && !open.includes('dropped');
    })
    .join('\n');
}

/** A series in the spirit of the one that gave every build the lock, made from the tree itself. */
function series(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kmatrix-series-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const change = (path: string, edit: (text: string) => string): void => {
    for (const side of ['a', 'b']) {
      mkdirSync(dirname(join(folder, side, path)), { recursive: true });
      cpSync(join(ROOT, path), join(folder, side, path));
    }
    const text = readFileSync(join(ROOT, path), 'latin1');
    const edited = edit(text);
    expect(edited).not.toBe(text);
    writeFileSync(join(folder, 'b', path), edited, 'latin1');
  };
  for (const path of FILES) change(path, everywhere);
  change('mm/Kconfig', (text) => text.replace(/^config PER_VMA_LOCK\n(?:[\t ].*\n|\n)*/m, ''));
  let diff = '';
  try {
    execFileSync('git', ['diff', '--no-index', '--no-prefix', 'a', 'b'], {
      cwd: folder,
      stdio: 'pipe',
    });
  } catch (error) {
    diff = (error as { stdout: Buffer }).stdout.toString('latin1');
  }
  const path = join(folder, 'series.patch');
  writeFileSync(path, diff, 'latin1');
  return path;
}

test('a series that gives every build of 6.12 the lock of a VMA', async () => {
  const ran = await run([
    'surface',
    ...['--tree', ROOT, '--patch', series(), '--format', 'json', '--no-cache'],
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
