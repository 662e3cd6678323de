import { expect, it } from 'vitest';
import { Threads } from '../scan/threads.ts';
import { treeOf } from '../testing/references.test-util.ts';
import type { CheckCell } from './api.ts';
import { checkFiles } from './check.ts';
import { lookAt, type ObservationsPart, observationsTask } from './observations-task.ts';
import { observeFiles } from './observe-files.ts';
import { SMALL_TREE } from './small-tree.test-util.ts';

const cells = ['', 'LOCK', 'NUMA'].map(
  (on): CheckCell => ({
    id: on,
    arch: 'x86',
    values: (name) => (name === on ? 'y' : name === 'HZ' ? '250' : 'n'),
    autoconf: on === '' ? '' : `#define CONFIG_${on} 1\n`,
    module: true,
  }),
);

const files = {
  'one.c': `#include <linux/lock.h>
static int held(struct vma *vma) { return vma->seq + policy(vma, NUMA_FLAG); }
static int own(struct vma *vma) { return always(vma) + missing(vma) + held(vma); }
`,
  'two.c': '#include <linux/lock.h>\nint two(vma_t vma) { return list_each(vma, 1) && LOCKED; }\n',
  'three.c': '}{\n',
};

it('other threads show what this one does', async () => {
  const tree = await treeOf({ ...SMALL_TREE, ...files });
  const paths = Object.keys(files).map((name) => `${tree.root}/${name}`);
  const alone = await observeFiles(tree, paths, cells, { jobs: 1 });
  expect(alone.flat().every(({ facts, faults }) => facts.size + faults.length > 0)).toBe(true);

  const threads = new Threads({ jobs: 2 });
  const counter = new Int32Array(new SharedArrayBuffer(8));
  const help = threads.begin<ObservationsPart>(
    observationsTask(tree, paths, cells, {
      looks: [...Array(9).keys()],
      cache: undefined,
      counter,
    }),
  );
  while (Atomics.load(counter, 1) < 9) await new Promise((resolve) => setTimeout(resolve, 5));
  const looks = (await help.finish()).flat();
  await threads.end();
  expect(looks.map(([look]) => look).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  for (const [look, found] of looks) {
    const { file, at } = lookAt(look, paths.length);
    expect(found).toEqual(alone[file]?.[at]);
  }
});

it('tells how far it is, and ends when it is to', async () => {
  const tree = await treeOf({ ...SMALL_TREE, ...files });
  const paths = Object.keys(files).map((name) => `${tree.root}/${name}`);
  const told: string[] = [];
  const stop = new AbortController();
  const checked = checkFiles(tree, paths, cells, {
    jobs: 1,
    signal: stop.signal,
    onProgress: (done, total) => {
      told.push(`${done} of ${total}`);
      if (done === 4) stop.abort(new Error('stopped'));
    },
  });
  await expect(checked).rejects.toThrow('stopped');
  expect(told).toEqual(['1 of 9', '2 of 9', '3 of 9', '4 of 9']);
});
