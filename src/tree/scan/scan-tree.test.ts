import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { InputError } from '../../input/index.ts';
import { folderOf, write } from '../testing/folder.test-util.ts';
import { FolderQueue } from './folder-queue.ts';
import { TreeFiles } from './read-tree.ts';
import { indexOf, scanTree } from './scan-tree.ts';
import { Threads } from './threads.ts';
import type { TreeIndex } from './tree-index.ts';
import { TreePartReader } from './tree-part.ts';

const shown = (index: TreeIndex): string[] =>
  index.names.flatMap((name) =>
    index.mentions(name).map(({ path, offset }) => `${name} ${path}:${offset}`),
  );

it('gives the same index for any number of threads', async () => {
  const files: Record<string, string> = {
    Kconfig: 'config A1\n',
    é: 'CONFIG_A1',
    z: 'CONFIG_A1 CONFIG_B2',
  };
  for (let i = 0; i < 300; i++) files[`d${i % 7}/f${i}.c`] = `x CONFIG_A1 CONFIG_N${i} CONFIG_B2`;
  const root = folderOf(files);
  const one = await scanTree(root, { jobs: 1 });
  const threads = new Threads({ jobs: 3 });
  const queue = new FolderQueue();
  const help = threads.folders(root, queue, 'read');
  while (!queue.finished) await setTimeout(1);
  const parts = await help.finish();
  await threads.end();
  const three = indexOf(new TreeFiles(parts));
  const paths = ['é', 'z', 'd3/f3.c', 'd3/f4.c', 'd3', 'Kconfig/z', ''];
  const has = paths.map((path) => three.has(path));
  expect(has).toEqual([true, true, true, false, false, false, false]);
  expect([...three.defined]).toEqual(['A1']);
  expect(three.columns).toEqual(one.columns);
  expect(paths.map((path) => three.has(path))).toEqual(has);
  expect(shown(await scanTree(root))).toEqual(shown(one));
  expect(one.mentions('A1')).toHaveLength(303);
  expect(one.files.at(-1)).toBe('é');
  expect([...one.defined]).toEqual(['A1']);
});

it('loses nothing where there is no room for folders that wait', () => {
  const folders = Array.from({ length: 20 }, (_, i) => `folder-${i}/a${i % 3}/b${i % 2}/c`);
  const root = folderOf(Object.fromEntries(folders.map((path) => [`${path}/f`, 'CONFIG_A1'])));
  const queue = new FolderQueue(undefined, 40);
  const reader = new TreePartReader(root, 'read');
  while (reader.step(queue));
  expect(queue.finished).toBe(true);
  expect(new TreeFiles([reader.part()]).paths.all).toEqual(
    folders.map((path) => `${path}/f`).sort(),
  );
});

it('reads again only what changed', async () => {
  const root = folderOf({ 'a.c': 'CONFIG_A1', 'b.c': 'CONFIG_B2', 'c.c': 'CONFIG_C3' });
  const cache = folderOf({});
  const old = new Date(Date.now() - 60_000);
  const scan = (): Promise<TreeIndex> => scanTree(root, { cache });
  await scan();
  expect(readdirSync(join(cache, 'trees'))).toHaveLength(1);
  // Same size and time as before: only the inode's own time tells.
  writeFileSync(join(root, 'a.c'), 'CONFIG_X1');
  utimesSync(join(root, 'a.c'), old, old);
  expect(shown(await scan())).toEqual(['B2 b.c:7', 'C3 c.c:7', 'X1 a.c:7']);
  rmSync(join(root, 'b.c'));
  write(root, 'd/d.c', 'CONFIG_D4 CONFIG_A1');
  const changed = await scan();
  expect(shown(changed)).toEqual(['A1 d/d.c:17', 'C3 c.c:7', 'D4 d/d.c:7', 'X1 a.c:7']);
  expect(shown(await scanTree(root))).toEqual(shown(changed));
});

it('does without a cache that is not whole', async () => {
  const root = folderOf({ 'a.c': 'CONFIG_A1' });
  const cache = folderOf({});
  await scanTree(root, { cache });
  const [file] = readdirSync(join(cache, 'trees'));
  writeFileSync(join(cache, 'trees', file!), Buffer.alloc(100, 'x'));
  expect(shown(await scanTree(root, { cache }))).toEqual(['A1 a.c:7']);
  expect(shown(await scanTree(root, { cache: join(root, 'a.c') }))).toEqual(['A1 a.c:7']);
});

it('survives a hostile tree and lists what it left out', async () => {
  const root = folderOf({
    'new\nline/a\nb.c': 'CONFIG_A1',
    'binary.bin': Buffer.from('CONFIG_B2\0CONFIG_B2'),
    'long.c': `${'x'.repeat(3_000_000)} CONFIG_LONG1`,
    'longer.c': `CONFIG_LONG2 ${'x'.repeat(4 << 20)}`,
  });
  symlinkSync('..', join(root, 'new\nline/up'));
  symlinkSync('self', join(root, 'self'));
  execFileSync('mkfifo', [join(root, 'pipe')]);
  execFileSync('truncate', ['-s', '1G', join(root, 'huge.c')]);
  mkdirSync(join(root, `${'d'.repeat(200)}/`.repeat(15)), { recursive: true });
  const index = await scanTree(root);
  expect(shown(index)).toEqual(['A1 new\nline/a\nb.c:7', 'LONG1 long.c:3000008']);
  expect(index.skipped).toEqual([
    { path: 'huge.c', reason: 'larger than 64 MiB' },
    { path: 'longer.c', reason: 'a line longer than 4 MiB' },
    { path: 'pipe', reason: 'a pipe, a socket or a device' },
  ]);
});

it('says what is wrong with a folder that is none', async () => {
  await expect(scanTree('/nowhere/at/all')).rejects.toThrow(InputError);
});
