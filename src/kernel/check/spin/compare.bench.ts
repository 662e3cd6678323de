import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Question } from '../index.ts';
import { haveSpin, runSpin } from './run-spin.test-util.ts';

/*
 * Time to a verdict, of whole processes: `kmatrix verify` against `spin -a`, `cc -O2` and `pan` together, in turn, on Promela models of
 * the same protocol. Each row is the least of a few rounds, as the machine is shared with others.
 */

const CASES: Partial<Question>[] = [
  { readers: 1, writers: 1, ops: 2 },
  { readers: 2, writers: 1, ops: 1 },
  { readers: 2, writers: 1, ops: 2, write: 'unmap' },
  { readers: 1, writers: 2, ops: 2 },
  { readers: 2, writers: 2, ops: 1 },
  { readers: 3, writers: 1, ops: 1 },
];
const ROUNDS = Number(process.env.KMATRIX_ROUNDS ?? 3);
const CLI = 'src/cli/bin/kmatrix.js';

function kmatrix(q: Partial<Question>): { seconds: number; states: number; verdict: string } {
  const options = Object.entries(q).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const begin = performance.now();
  const args = ['verify', ...options, '--format', 'json'];
  const { stdout } = spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' });
  const { states, verdict } = JSON.parse(stdout) as { states: number; verdict: string };
  return { seconds: (performance.now() - begin) / 1000, states, verdict };
}

describe.skipIf(!haveSpin())('time to a verdict', () => {
  test.for(CASES)('%o', (part) => {
    const usual = { lookup: 'classic', property: 'safety', write: 'modify' };
    const q = { ...usual, ...part } as Question;
    const full: Question = { ...q, holding: 'nothing', queue: 'handoff' };
    let ours = Number.POSITIVE_INFINITY;
    let theirs = Number.POSITIVE_INFINITY;
    let pan = Number.POSITIVE_INFINITY;
    let states = { ours: 0, theirs: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const a = kmatrix(q);
      const b = runSpin(full);
      expect(a.verdict).toBe(b.verdict);
      ours = Math.min(ours, a.seconds);
      theirs = Math.min(theirs, b.seconds.spin + b.seconds.cc + b.seconds.pan);
      pan = Math.min(pan, b.seconds.pan);
      states = { ours: a.states, theirs: b.states };
    }
    const row = [
      `${q.readers}r ${q.writers}w ${q.write} x ${q.ops}`.padEnd(20),
      `kmatrix ${ours.toFixed(2)} s, ${states.ours} states`,
      `SPIN ${theirs.toFixed(2)} s (pan ${pan.toFixed(2)} s), ${states.theirs} states`,
      `time ${(ours / theirs).toFixed(2)}x, states ${(states.ours / states.theirs).toFixed(2)}x`,
    ];
    console.log(row.join('; '));
  });
});
