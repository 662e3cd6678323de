import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from 'kconfiglib-js';
import { describe, expect, test } from 'vitest';
import { and, type Formula, not } from '../condition/formula.ts';
import { scanTree } from '../scan/scan-tree.ts';
import { SourceTree } from '../source/source-tree.ts';
import { Architectures, treeKconfig } from './architectures.ts';
import { Decider } from './decide.ts';
import { isBuilt, ownReferences, whenBuilt } from './own-references.ts';
import type { Spot } from './reference.ts';
import { holdsSomehow } from './witnesses.ts';

const ROOT = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12', 'linux-source-6.12');
const CLAIMS = Number(process.env.KMATRIX_CLAIMS ?? 200);
const CONFIGURATIONS = 200;

/** Files that hold more claims than these take part with some. */
const FROM_ONE_FILE = 5;

/** Things Kconfig says nothing of that are tried in both ways together. */
const MOST_FREE = 6;

interface Claim {
  readonly text: string;
  /** What is claimed never to hold. */
  readonly never: Formula;
}

/** Numbers below a limit, always the same ones. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** References called dead or always true in files of x86, from files in a random order. */
function claims(tree: SourceTree, random: (below: number) => number): Claim[] {
  const decider = new Decider(tree);
  const architectures = new Architectures(tree);
  const { start, name, names, offset } = tree.index.columns;
  const order = tree.index.files
    .map((path, at) => ({ path, at, key: random(2 ** 31) }))
    .filter(({ path, at }) => isBuilt(path) && start[at] !== start[at + 1])
    .filter(({ path }) => architectures.of(path).includes('x86'))
    .sort((a, b) => a.key - b.key);
  const found: Claim[] = [];
  for (const { path, at } of order) {
    const spots: Spot[] = [];
    for (let row = start[at] as number; row < (start[at + 1] as number); row++) {
      const symbol = names[name[row] as number] as string;
      if (tree.defines(symbol)) spots.push({ offset: offset[row] as number, symbol });
    }
    const built = tree.kbuild.conditionOf(path);
    const own = ownReferences(path, tree.text(path) ?? '', spots, tree.defines);
    let here = 0;
    for (const [i, reference] of own.map((one) => whenBuilt(one, built)).entries()) {
      const { reached, holds, line } = reference;
      const { symbol } = spots[i] as Spot;
      const { state } = decider.decide(symbol, reference);
      if (state !== 'dead' && state !== 'always') continue;
      if (++here > FROM_ONE_FILE) break;
      const never = state === 'dead' ? (holds ?? reached) : and(reached, not(holds as Formula));
      found.push({ text: `${path}:${line} ${symbol} ${state}`, never });
      if (found.length === CLAIMS) return found;
    }
  }
  return found;
}

/** Options set at random, as far as Kconfig lets them be: from few to nearly all. */
function randomValues(
  config: Config,
  settable: readonly { readonly name: string; readonly type: string }[],
  density: number,
  random: (below: number) => number,
): void {
  config.clear();
  for (const { name, type } of settable) {
    const value = random(100) < density ? (random(2) === 0 ? 'y' : 'm') : 'n';
    config.set(name, type === 'bool' && value === 'm' ? 'y' : value);
  }
}

describe.runIf(existsSync(`${ROOT}/mm/memory.c`))('Linux 6.12', () => {
  test('what is called dead or always true is so in random configurations', async () => {
    const random = generator(612);
    const tree = new SourceTree(ROOT, await scanTree(ROOT));
    const list = claims(tree, random);
    expect(list.length).toBe(CLAIMS);
    const kconfig = treeKconfig(tree, 'x86');
    const settable = [...kconfig.symbols].filter(
      ({ type, properties }) =>
        (type === 'bool' || type === 'tristate') &&
        properties.some(({ kind }) => kind === 'prompt'),
    );
    const config = kconfig.config();
    const wrong = new Set<string>();
    for (let n = 0; n < CONFIGURATIONS; n++) {
      randomValues(config, settable, 1 + (n % 99), random);
      for (const { text, never } of list)
        if (holdsSomehow(never, config, MOST_FREE)) wrong.add(text);
    }
    expect([...wrong]).toEqual([]);
  });
});
