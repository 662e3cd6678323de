import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Formula } from '../condition/formula.ts';
import { autoconfOf } from '../preprocess/autoconf.ts';
import { treeKconfig } from '../refs/architectures.ts';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { holds } from '../surface/answers.ts';
import { isBuilt, isCompiled } from '../surface/built.ts';
import type { Values } from '../surface/view.ts';
import type { CheckCell } from './api.ts';
import { checkFiles } from './check.ts';

/** A whole Linux 6.12, not only its Kconfig files. */
const ROOT = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12', 'linux-source-6.12');
/** So many files are checked, one or two a second. */
const SAMPLE = Number(process.env.KMATRIX_CHECKED ?? 200);
const SEED = Number(process.env.KMATRIX_SEED ?? 1);

/** Numbers from 0 to below 1, the same for a seed (the minimal standard generator of Park and Miller). */
function numbers(seed: number): () => number {
  let state = (seed % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

function sample<T>(list: readonly T[], size: number, seed: number): T[] {
  const next = numbers(seed);
  const keyed = list.map((one) => ({ one, key: next() })).sort((a, b) => a.key - b.key);
  return keyed.slice(0, size).map(({ one }) => one);
}

/** Is a file part of the kernel's image, where it is compiled at all. */
function isBuiltIn(condition: Formula, values: Values): boolean {
  return holds(condition, (name) => (values(name) === 'm' ? 'n' : values(name)));
}

test('nothing that allmodconfig builds is taken to break', async () => {
  const tree = new SourceTree(ROOT, await scanTree(ROOT));
  const config = treeKconfig(tree, 'x86_64').config();
  config.apply('allmodconfig');
  const values: Values = (name) => config.get(name);
  const cell = { arch: 'x86', values, autoconf: autoconfOf(config.write()) };
  const built = tree.index.files.filter(
    (path) =>
      path.endsWith('.c') &&
      isCompiled(path, 'x86') &&
      tree.kbuild.isListed(path) &&
      isBuilt(path, { tree, values }),
  );
  expect(built.length).toBeGreaterThan(15_000);
  const chosen = sample(built, SAMPLE, SEED);
  const breaks: string[] = [];
  let judged = 0;
  let uses = 0;
  for (const module of [false, true]) {
    const paths = chosen.filter(
      (path) => isBuiltIn(tree.kbuild.conditionOf(path), values) !== module,
    );
    const one: CheckCell = { ...cell, id: 'allmodconfig', module };
    const files = await checkFiles(
      tree,
      paths.map((path) => join(ROOT, path)),
      [one],
    );
    for (const { file, apis } of files) {
      judged += apis.length;
      for (const { name, cells } of apis) {
        uses += cells[0]?.places.length ?? 0;
        if (!cells[0]?.breaks) continue;
        breaks.push(
          `${file.slice(ROOT.length + 1)} ${name}: ${cells[0].state}, ${cells[0].reason}`,
        );
      }
    }
  }
  console.log(`${chosen.length} of ${built.length} files, ${judged} APIs in ${uses} places`);
  expect(breaks).toEqual([]);
  expect(judged).toBeGreaterThan(chosen.length * 50);
});
