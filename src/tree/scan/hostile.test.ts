import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findDangling } from '../refs/find.ts';
import { SourceTree } from '../source/source-tree.ts';
import { folderOf } from '../testing/folder.test-util.ts';
import { HitReader } from './hit-reader.ts';
import { scanTree } from './scan-tree.ts';

describe('a hostile tree', () => {
  it('with folders deeper than a path can be long', async () => {
    const root = folderOf({ 'a.c': 'CONFIG_A1' });
    onTestFinished(() => void execFileSync('rm', ['-rf', join(root, 'd'.repeat(200))]));
    const script = `for (let i = 0; i < 30; i++) {
      require('fs').mkdirSync('${'d'.repeat(200)}');
      process.chdir('${'d'.repeat(200)}');
    }`;
    execFileSync(process.execPath, ['-e', script], { cwd: root });
    const { files, skipped } = await scanTree(root);
    expect(files).toEqual(['a.c']);
    expect(skipped.map(({ reason }) => reason)).toEqual(['its path is too long']);
  });

  it('with 200 folders in each other', async () => {
    const root = folderOf({});
    const deep = 'd/'.repeat(200);
    mkdirSync(join(root, deep), { recursive: true });
    writeFileSync(join(root, deep, 'f'), 'CONFIG_A1');
    expect((await scanTree(root)).names).toEqual(['A1']);
  });

  it('with loops of links, to itself, to above and to nowhere', async () => {
    const root = folderOf({ 'a/b.c': 'CONFIG_A1' });
    for (const [to, at] of [
      ['self', 'self'],
      ['..', 'a/up'],
      ['/nowhere', 'a/gone'],
      ['b.c', 'a/c.c'],
      ['/dev/zero', 'a/endless'],
    ] as const) {
      symlinkSync(to, join(root, at));
    }
    const { files, skipped } = await scanTree(root);
    expect([files, skipped]).toEqual([['a/b.c'], []]);
  });

  it('with names that are no texts, or look like more than one', async () => {
    const root = folderOf({
      'two\nlines.c': 'CONFIG_A1',
      '-rf': 'CONFIG_B2',
      'a"b\\c': 'CONFIG_C3',
    });
    execFileSync('sh', ['-c', 'printf CONFIG_D4 > "$(printf "\\377")"'], { cwd: root });
    const index = await scanTree(root);
    expect(index.names).toEqual(['A1', 'B2', 'C3']);
    expect(index.skipped).toEqual([{ path: '\ufffd', reason: 'gone, or its name is not UTF-8' }]);
  });

  it('with a line as long as the file', async () => {
    const long = `${'x'.repeat(800_000)} CONFIG_LONG_ONE ${'('.repeat(800_000)}`;
    const root = folderOf({ Kconfig: '', 'a.c': long, 'b.h': `#if CONFIG_B2 ${long}` });
    const tree = new SourceTree(root, await scanTree(root));
    expect(
      (await findDangling(tree)).map(({ symbol, references }) => [symbol, references.length]),
    ).toEqual([
      ['B2', 1],
      ['LONG_ONE', 2],
    ]);
  });

  it.skipIf(process.getuid?.() === 0)('with what may not be read', async () => {
    const root = folderOf({ 'a.c': 'CONFIG_A1', 'b/c.c': 'CONFIG_A1', 'd.c': 'CONFIG_D4' });
    chmodSync(join(root, 'a.c'), 0);
    chmodSync(join(root, 'b'), 0);
    onTestFinished(() => chmodSync(join(root, 'b'), 0o755));
    const index = await scanTree(root);
    expect(index.names).toEqual(['D4']);
    expect(index.skipped).toEqual([
      { path: 'a.c', reason: 'no permission' },
      { path: 'b', reason: 'no permission' },
    ]);
  });
});

it('neither waits for nor follows what took the place of a file after it was listed', () => {
  const root = folderOf({ 'a.c': 'CONFIG_A1' });
  execFileSync('mkfifo', [join(root, 'pipe')]);
  symlinkSync('a.c', join(root, 'link'));
  const hits = (path: string) => new HitReader().read(path, false);
  expect(hits(join(root, 'pipe'))).toBeUndefined();
  expect(hits(join(root, 'link'))).toBe('a symbolic link, or a loop of them');
  expect(hits('/dev/zero')).toBe('no longer a file');
  expect(hits(root)).toBe('EISDIR');
  expect(hits(join(root, 'gone'))).toBe('gone, or its name is not UTF-8');
});

it.runIf(existsSync('/proc/self'))('keeps nothing where there can be no folder', async () => {
  const root = folderOf({ 'a.c': '#ifdef CONFIG_ONE\n#endif\n' });
  const { files } = await scanTree(root, { jobs: 1, cache: '/proc/nothing/at/all' });
  expect(files).toEqual(['a.c']);
});
