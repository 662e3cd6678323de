// The terminal UI in a real pseudo-terminal: key to frame, held keys, start and memory, at 120x40.
//
//   node src/tui/testing/bench/processes.ts [ROUNDS] [--against FOLDER]
//
// With --against, the built checkout in another folder is measured in turn with this one, round by round, and the ratios of their
// medians are printed: on a machine that does other things as well only they mean something.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../../input/index.ts';
import { type Measured, measure, quantile, type Subject } from './measure.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { against: { type: 'string' } },
});
const rounds = Number(positionals[0] ?? 3);

/** What is asked of each figure. */
const GOALS: readonly (readonly [
  name: string,
  unit: string,
  of: (m: Measured) => number,
  most: number | null,
])[] = [
  ['first frame', 'ms', (m) => m.firstFrame, 700],
  ['rows on the screen', 'ms', (m) => m.ready, null],
  ['processor until then', 'ms', (m) => m.startLoad, null],
  ['key to frame, p50', 'ms', (m) => quantile(m.keys, 0.5), 10],
  ['key to frame, p95', 'ms', (m) => quantile(m.keys, 0.95), 20],
  ['processor for a key', 'ms', (m) => m.keyLoad, null],
  ['held key at 30 Hz, p50', 'ms', (m) => quantile(m.held, 0.5), null],
  ['held key at 30 Hz, worst', 'ms', (m) => quantile(m.held, 1), null],
  ['held key, one processor', '%', (m) => 100 * m.heldLoad, 100],
  ['peak memory', 'MiB', (m) => m.memory, 250],
];

/** What is measured: name and program, in a checkout. */
const SUBJECTS: readonly (readonly [name: string, of: (root: string) => Subject])[] = [
  [
    '20,000 cells',
    (root) => ({
      command: process.execPath,
      args: [join(root, 'dist/tui/testing/driver.js')],
      env: { KMATRIX_DRIVER: 'large' },
      ready: ',NR=0 ',
      row: (n) => `,NR=${n} `,
    }),
  ],
];

const roots = [packageRoot(), ...(values.against === undefined ? [] : [resolve(values.against)])];
for (const [name, of] of SUBJECTS) {
  const measured: Measured[][] = roots.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, root] of roots.entries()) measured[i]?.push(await measure(of(root)));
  }
  console.log(`${name}, medians of ${rounds}`);
  for (const [figure, unit, value, most] of GOALS) {
    const [here = Number.NaN, there] = measured.map((of) => quantile(of.map(value), 0.5));
    const goal = most === null ? '' : `goal ${most}${here <= most ? '' : '  MISSED'}`;
    const ratio = there === undefined ? '' : `${(here / there).toFixed(2)} of ${there.toFixed(1)}`;
    const parts = [figure.padEnd(26), `${here.toFixed(1)} ${unit}`.padStart(11), ratio, goal];
    console.log(`  ${parts.filter((part) => part !== '').join('  ')}`);
  }
}
