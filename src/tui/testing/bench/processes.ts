// The terminal UI in a real pseudo-terminal at 120x40: key to frame, held keys, start and memory over 20,000 cells, and over a
// menu of 20,000 options; and the configuration browser on a tree of Linux 6.12 (KMATRIX_LINUX_6_12), where there is one.
//
//   node src/tui/testing/bench/processes.ts [ROUNDS] [--against FOLDER]
//
// With --against, the built checkout in another folder is measured in turn with this one, round by round, and the ratios of their
// medians are printed: on a machine that does other things as well only they mean something.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../../input/index.ts';
import { hasTree, measureConfig, type Work } from './config-tree.ts';
import { largeTree, largeTreeOption } from './large-tree.ts';
import { type Measured, measure, quantile, type Subject } from './measure.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { against: { type: 'string' } },
});
const rounds = Number(positionals[0] ?? 3);

/** A figure, and the most it should be. */
type Goal<M> = readonly [name: string, unit: string, of: (m: M) => number, most: number | null];

/** What is asked of each figure. */
const GOALS: readonly Goal<Measured>[] = [
  ['first frame', 'ms', (m) => m.firstFrame, 700],
  ['rows on the screen', 'ms', (m) => m.ready, null],
  ['processor until then', 'ms', (m) => m.startLoad, null],
  ['key to frame, p50', 'ms', (m) => quantile(m.keys, 0.5), 10],
  ['key to frame, p95', 'ms', (m) => quantile(m.keys, 0.95), 20],
  ['processor for a key', 'ms', (m) => m.keyLoad, null],
  ['letter of a filter, p50', 'ms', (m) => quantile(m.letters, 0.5), 10],
  ['letter of a filter, p95', 'ms', (m) => quantile(m.letters, 0.95), 20],
  ['held key at 30 Hz, p50', 'ms', (m) => quantile(m.held, 0.5), null],
  ['held key at 30 Hz, worst', 'ms', (m) => quantile(m.held, 1), null],
  ['held key, one processor', '%', (m) => 100 * m.heldLoad, 100],
  ['peak memory', 'MiB', (m) => m.memory, 238],
];

const large = largeTree(20_000);
process.on('exit', large.remove);

/** What is measured: name and program, in a checkout. */
const SUBJECTS: readonly (readonly [name: string, of: (root: string) => Subject])[] = [
  [
    '20,000 cells',
    (root) => ({
      command: process.execPath,
      args: [driverOf(root)],
      env: { KMATRIX_DRIVER: 'large' },
      ready: ',NR=0 ',
      row: (n) => `,NR=${n} `,
      filter: 'v7.0:nr=1234',
    }),
  ],
  [
    'menu of 20,000 options',
    (root) => ({
      command: process.execPath,
      args: [join(root, 'src/cli/bin/kmatrix.js'), 'menu', '--kconfig', large.file],
      ready: `${largeTreeOption(0)}  bool`,
      row: (n) => `${largeTreeOption(n)}  bool`,
      filter: 'option_1234',
    }),
  ],
];

/** A frame of a screen that shows 60 in a second. */
const FRAME_MS = 1000 / 60;
const KEY_GOALS = [10, 20] as const;

/** Most that a half and all but one in twenty of the keys of each kind of work should take. */
const WORKS: readonly (readonly [name: string, p50: number | null, p95: number | null])[] = [
  ['move', ...KEY_GOALS],
  ['page', ...KEY_GOALS],
  ['switch SMP', FRAME_MS, null],
  ['search', ...KEY_GOALS],
  ['first why', null, null],
];

const CONFIG_GOALS = WORKS.flatMap(([name, p50, p95]): Goal<readonly Work[]>[] => {
  const of = (works: readonly Work[]): Work => works.find((work) => work.name === name) as Work;
  return [
    [`${name}, p50`, 'ms', (works) => quantile(of(works).keys, 0.5), p50],
    [`${name}, p95`, 'ms', (works) => quantile(of(works).keys, 0.95), p95],
    [`${name}, processor`, 'ms', (works) => of(works).load, null],
  ];
});

/** The driver as the command starts, in few files; older checkouts have it as modules only. */
function driverOf(root: string): string {
  const bundled = join(root, 'dist/bundle/driver.js');
  return existsSync(bundled) ? bundled : join(root, 'dist/tui/testing/driver.js');
}

const roots = [packageRoot(), ...(values.against === undefined ? [] : [resolve(values.against)])];
for (const [name, of] of SUBJECTS) await report(name, (root) => measure(of(root)), GOALS);
if (hasTree()) await report('menu of a kernel tree', measureConfig, CONFIG_GOALS);
else console.log('menu of a kernel tree: no tree (KMATRIX_LINUX_6_12)');

/** Measures every checkout in turn, and prints the medians. */
async function report<M>(
  name: string,
  of: (root: string) => Promise<M>,
  goals: readonly Goal<M>[],
): Promise<void> {
  const measured: M[][] = roots.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, root] of roots.entries()) measured[i]?.push(await of(root));
  }
  console.log(`${name}, medians of ${rounds}`);
  for (const [figure, unit, value, most] of goals) {
    const [here = Number.NaN, there] = measured.map((all) => quantile(all.map(value), 0.5));
    const goal =
      most === null ? '' : `goal ${Number(most.toFixed(1))}${here <= most ? '' : '  MISSED'}`;
    const ratio = there === undefined ? '' : `${(here / there).toFixed(2)} of ${there.toFixed(1)}`;
    const parts = [figure.padEnd(26), `${here.toFixed(1)} ${unit}`.padStart(11), ratio, goal];
    console.log(`  ${parts.filter((part) => part !== '').join('  ')}`);
  }
}
