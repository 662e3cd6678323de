import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { loadParser } from '../c/parser.ts';
import type { Configuration } from '../preprocess/configuration.ts';
import { writeKept } from '../scan/kept-file.ts';
import { scanTree } from '../scan/scan-tree.ts';
import { type Overlay, SourceTree } from '../source/source-tree.ts';
import { folderOf } from '../testing/folder.test-util.ts';
import { checkFiles } from './check.ts';
import { doObservationsTask, observationsTask } from './observations-task.ts';
import type { LookOptions } from './observe-files.ts';
import { Observer } from './observer.ts';
import { SMALL_TREE } from './small-tree.test-util.ts';

const parser = await loadParser();

const cell: Configuration = {
  arch: 'x86',
  values: (name) => (name === 'NUMA' ? 'y' : name === 'HZ' ? '250' : undefined),
  autoconf: '#define CONFIG_NUMA 1\n',
  module: true,
};

const FILES: Record<string, string> = {
  ...SMALL_TREE,
  'drivers/Makefile': 'obj-y += net/\n',
  'drivers/net/Makefile': 'obj-y += nic.o\n',
  'drivers/net/nic.c': `#include <linux/lock.h>
#include "nic.h"
#include <extra.h>
#if __has_include(<linux/option.h>)
int other;
#endif
#include "whole.c"
int held(struct vma *vma) { return always(vma) + FLAG + missing(vma); }
`,
  'drivers/net/whole.c': 'int part(struct vma *vma) { return policy(vma, HZ); }\n',
  'include/nic.h': '#define FLAG 1\n',
};

/** A tree on the disk with a driver beside it, and where its looks are kept. */
function kept(at = 'tree/drivers/net/nic.c') {
  const outside = Object.entries(FILES).map(([path, text]) => [`tree/${path}`, text]);
  const root = folderOf({
    ...Object.fromEntries(outside),
    'own/driver.c': '#include <linux/lock.h>\n#include "own.h"\nint x = NUMA_FLAG + OWN;\n',
    'own/own.h': '#define OWN 1\n',
  });
  const cache = join(root, 'cache');
  const observer = async (configuration: Configuration, overlay?: Overlay) => {
    const index = await scanTree(join(root, 'tree'), { jobs: 1 });
    const tree = new SourceTree(join(root, 'tree'), index, overlay);
    return new Observer(tree, [configuration], parser, cache);
  };
  const path = join(root, at);
  return {
    root,
    cache,
    path,
    write: (name: string, text: string): void => {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    },
    look: async (configuration = cell, overlay?: Overlay) =>
      (await observer(configuration, overlay)).observe(path, 0),
    kept: async (configuration = cell, overlay?: Overlay) =>
      (await observer(configuration, overlay)).kept(path, 0),
    entries: () =>
      readdirSync(join(cache, 'trees'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name)),
  };
}

it.each(['tree/drivers/net/nic.c', 'tree/drivers/net/whole.c', 'own/driver.c'])(
  'keeps what %s shows, and nothing of it is lost',
  async (at) => {
    const { look, kept: again } = kept(at);
    expect(await again()).toBeUndefined();
    const seen = await look();
    expect(seen.facts.size).toBeGreaterThan(0);
    expect(await again()).toEqual(seen);
  },
);

const changes: [what: string, path: string, text: string][] = [
  ['the file', 'tree/drivers/net/nic.c', '#include <linux/lock.h>\nint x;\n'],
  ['a header', 'tree/include/nic.h', '#define FLAG 2\n'],
  ['a header of a header', 'tree/include/linux/compiler_types.h', '#define __init\n'],
  ['what it includes', 'tree/drivers/net/whole.c', 'int part;\n'],
  ['a header beside it', 'tree/drivers/net/nic.h', '#define FLAG 1\n'],
  ['a header earlier in the path', 'tree/arch/x86/include/linux/lock.h', '#define FLAG 1\n'],
  ['a header that was missing', 'tree/include/extra.h', '\n'],
  ['a header that was asked about', 'tree/include/linux/option.h', '\n'],
  ['flags', 'tree/drivers/net/Makefile', 'obj-y += nic.o\nccflags-y += -DFLAGGED\n'],
  ['flags from above', 'tree/drivers/Makefile', 'obj-y += net/\nsubdir-ccflags-y := -I$(src)/x\n'],
  ['the version', 'tree/Makefile', `${SMALL_TREE.Makefile}`.replace('= 12', '= 13')],
  ['options there are', 'tree/Kconfig', `${SMALL_TREE.Kconfig}config NEW\n\tbool\n`],
];

it.each(changes)('looks again after a change of %s', async (_, path, text) => {
  const { look, kept: again, write } = kept();
  await look();
  expect(await again()).toBeDefined();
  write(path, text);
  expect(await again()).toBeUndefined();
  const seen = await look();
  expect(await again()).toEqual(seen);
});

it('looks again at a file that is compiled within another one, when that changes', async () => {
  const { look, kept: again, write } = kept('tree/drivers/net/whole.c');
  await look();
  expect(await again()).toBeDefined();
  write('tree/drivers/net/nic.c', '#define FLAG 3\n#include "whole.c"\n');
  expect(await again()).toBeUndefined();
});

it('looks again at a file beside a tree when a header beside it changes, or comes to be', async () => {
  const { look, kept: again, write } = kept('own/driver.c');
  await look();
  expect(await again()).toBeDefined();
  write('own/own.h', '#define OWN 2\n');
  expect(await again()).toBeUndefined();
  const folders = [join(dirname(kept('own').root), 'none')];
  await look({ ...cell, folders });
  expect(await again({ ...cell, folders })).toBeDefined();
  expect(await again({ ...cell, folders: [...folders, 'more'] })).toBeUndefined();
});

it('knows each configuration by itself', async () => {
  const { look, kept: again } = kept();
  await look();
  const others: Configuration[] = [
    { ...cell, arch: 'arm64' },
    { ...cell, module: false },
    { ...cell, autoconf: '' },
    { ...cell, values: (name) => (name === 'LOCK' ? 'y' : cell.values(name)) },
    { ...cell, values: (name) => (name === 'HZ' ? '100' : cell.values(name)) },
  ];
  for (const other of others) expect(await again(other)).toBeUndefined();
  expect(await again()).toBeDefined();
});

it('does not believe a look at a tree with a patch on it, nor of one without', async () => {
  const { look, kept: again } = kept();
  await look();
  const patched = new Map([['include/nic.h', Buffer.from('#define FLAG 7\n')]]);
  expect(await again(cell, patched)).toBeUndefined();
  expect(await again(cell, new Map([['include/nic.h', undefined]]))).toBeUndefined();
  expect(await again(cell, new Map())).toBeDefined();
});

it('leaves alone what is not whole or of another form, and writes it anew', async () => {
  const { look, kept: again, entries } = kept();
  const seen = await look();
  const [file] = entries();
  if (file === undefined) throw new Error('nothing is kept');
  const whole = readFileSync(file);
  const broken: (() => void)[] = [
    () => writeFileSync(file, whole.subarray(0, whole.length >> 1)),
    () => writeFileSync(file, Buffer.concat([whole, Buffer.from('x')])),
    () => writeFileSync(file, ''),
    () => writeKept(file, { format: -1 }),
    () => writeKept(file, 'text'),
  ];
  for (const spoil of broken) {
    spoil();
    expect(await again()).toBeUndefined();
    expect(await look()).toEqual(seen);
    expect(await again()).toEqual(seen);
  }
  rmSync(file);
  expect(await again()).toBeUndefined();
});

it('goes on where it was stopped', async () => {
  const { root, cache, path } = kept();
  const tree = new SourceTree(join(root, 'tree'), await scanTree(join(root, 'tree'), { jobs: 1 }));
  const cells = [[], ['LOCK'], ['NUMA'], ['LOCK', 'NUMA']].map((on) => ({
    ...cell,
    id: on.join(),
    values: (name: string) => (on.includes(name) ? 'y' : undefined),
    autoconf: on.map((name) => `#define CONFIG_${name} 1\n`).join(''),
  }));
  const paths = [path, join(root, 'own/driver.c')];
  const stop = new AbortController();
  const options: LookOptions = {
    jobs: 1,
    cache,
    signal: stop.signal,
    onProgress: (done) => done === 3 && stop.abort(new Error('stopped')),
  };
  await expect(checkFiles(tree, paths, cells, options)).rejects.toThrow('stopped');
  const kinds = paths.flatMap((one) =>
    cells.map((_, at) => new Observer(tree, cells, parser, cache).kept(one, at) !== undefined),
  );
  expect(kinds.filter(Boolean)).toHaveLength(3);
  const told: number[] = [];
  const onProgress = (done: number): number => told.push(done);
  const resumed = await checkFiles(tree, paths, cells, { jobs: 1, cache, onProgress });
  expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(resumed).toEqual(await checkFiles(tree, paths, cells, { jobs: 1 }));
});

it('keeps what a thread has looked at', async () => {
  const { root, cache, path } = kept();
  const tree = new SourceTree(join(root, 'tree'), await scanTree(join(root, 'tree'), { jobs: 1 }));
  const cells = [{ ...cell, values: (name: string) => (name === 'NUMA' ? 'y' : undefined) }];
  const counter = new Int32Array(new SharedArrayBuffer(8));
  const task = observationsTask(tree, [path], cells, { looks: [0], cache, counter });
  const { part } = await doObservationsTask(structuredClone(task));
  const observer = new Observer(tree, cells, parser, cache);
  expect(part).toEqual([[0, observer.kept(path, 0)]]);
});

it('keeps what is seen before patches and after them', async () => {
  const { look, kept: again } = kept();
  const after: Overlay = new Map([['include/nic.h', Buffer.from('#define FLAG 2\n')]]);
  const [was, is] = [await look(), await look(cell, after)];
  expect(await again()).toEqual(was);
  expect(await again(cell, after)).toEqual(is);
  const elsewhere: Overlay = new Map([['include/linux/none.h', Buffer.from('\n')]]);
  expect(await again(cell, elsewhere)).toEqual(was);
});
