import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { DEFAULT_QUESTION, type Question } from '../index.ts';
import { promela } from './promela/model.test-util.ts';
import { haveSpin, Pan, type PanAnswer } from './run-spin.test-util.ts';

/*
 * Time to a verdict, of whole processes: `kmatrix verify` against `spin -a`, `cc -O2` and `pan` together, in turn, on Promela models of
 * the same protocol. Each row is the least of a few rounds, as the machine is shared with others. `KMATRIX_LARGE=y` asks the large questions, too, which take
 * minutes and gigabytes: one round each.
 */

interface Case {
  readonly q: Partial<Question>;
  /** Asked where it is told to only. */
  readonly large?: true;
}

const CASES: Case[] = [
  { q: { ops: 2 } },
  { q: { readers: 2, ops: 1 } },
  { q: { writers: 2, ops: 1 } },
  { q: { readers: 2, ops: 2, write: 'unmap' } },
  { q: { writers: 2, write: 'remote' } },
  { q: { readers: 3, ops: 1 }, large: true },
  { q: { readers: 2, writers: 2, ops: 1 }, large: true },
  { q: { readers: 3, ops: 2, write: 'unmap' }, large: true },
];
const ROUNDS = Number(process.env.KMATRIX_ROUNDS ?? 3);
const ASKED = CASES.filter(({ large }) => !large || process.env.KMATRIX_LARGE);
const CLI = 'src/cli/bin/kmatrix.js';
const TELLS_MEMORY =
  'data:text/javascript,process.on("exit",()=>console.error("maxRSS",process.resourceUsage().maxRSS))';

interface Ours {
  readonly seconds: number;
  readonly states: number;
  readonly verdict: string;
  /** Most memory it had. */
  readonly megabytes: number;
}

function kmatrix(q: Partial<Question>): Ours {
  const options = Object.entries(q).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const begin = performance.now();
  const args = ['--import', TELLS_MEMORY, CLI, 'verify', ...options, '--format', 'json'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const seconds = (performance.now() - begin) / 1000;
  const { states, verdict } = JSON.parse(stdout) as { states: number; verdict: string };
  return { seconds, states, verdict, megabytes: Number(/maxRSS (\d+)/.exec(stderr)?.[1]) / 1024 };
}

interface Theirs extends PanAnswer {
  readonly whole: number;
  readonly spin: number;
  readonly cc: number;
}

async function spin(q: Question, large: boolean): Promise<Theirs> {
  const room = { depth: large ? 20_000_000 : 2_000_000, slots: large ? 26 : 22, megabytes: 12_000 };
  const pan = await Pan.make(promela('7.0', q), false, '-O2', room);
  try {
    const answer = await pan.run('assertion', q.ops);
    const { spin, cc } = pan.seconds;
    return { ...answer, spin, cc, whole: spin + cc + answer.seconds };
  } finally {
    pan.remove();
  }
}

describe.skipIf(!haveSpin())('time to a verdict', () => {
  test.for(ASKED)('%o', { timeout: 3_600_000 }, async ({ q: part, large = false }) => {
    const ours: Ours[] = [];
    const theirs: Theirs[] = [];
    for (let round = 0; round < (large ? 1 : ROUNDS); round++) {
      const a = kmatrix(part);
      const b = await spin({ ...DEFAULT_QUESTION, ...part }, large);
      // Of a large question either may run out of room.
      if (!large) expect(a.verdict).toBe(b.verdict);
      ours.push(a);
      theirs.push(b);
    }
    const a = ours.reduce((x, y) => (y.seconds < x.seconds ? y : x));
    const b = theirs.reduce((x, y) => (y.whole < x.whole ? y : x));
    const s = (seconds: number) => `${seconds.toFixed(2)} s`;
    const row = [
      JSON.stringify(part).replace(/["{}]/g, '').replaceAll(',', ' ').padEnd(32),
      `kmatrix ${a.verdict} ${s(a.seconds)}, ${a.states} states, ${a.megabytes.toFixed(0)} MB`,
      `SPIN ${b.verdict} ${s(b.whole)} (spin -a ${s(b.spin)}, cc -O2 ${s(b.cc)}, pan ${s(b.seconds)}), ${b.states} states, ${b.megabytes.toFixed(0)} MB`,
      `time ${(a.seconds / b.whole).toFixed(2)}x, of pan alone ${(a.seconds / b.seconds).toFixed(2)}x, states ${(a.states / b.states).toFixed(2)}x`,
    ];
    console.log(row.join('; '));
  });
});
