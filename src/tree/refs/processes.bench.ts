import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packagePath } from '../../input/index.ts';

const ROOT = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12', 'linux-source-6.12');
const ROUNDS = Number(process.env.KMATRIX_ROUNDS ?? 9);

interface Run {
  readonly wall: number;
  readonly cpu: number;
  /** Resident memory at most, in MB; NaN without GNU time. */
  readonly peak: number;
}

/** GNU time tells of the memory of a process, too. */
const TIME = '/usr/bin/time';
const hasTime = existsSync(TIME);

/** A whole process: seconds on the clock and of all its CPUs, and its memory. */
function runOnce(command: readonly string[], cache: string): Run {
  const own = hasTime ? [TIME, '-f', 'peak %M', ...command] : command;
  const timed = ['-c', 'TIMEFORMAT="%3R %3U %3S"; time "$@"', 'bash', ...own];
  const { stderr, status } = spawnSync('/bin/bash', timed, {
    env: { PATH: process.env.PATH, LC_ALL: 'C', XDG_CACHE_HOME: cache },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const text = stderr.toString();
  const [wall, user, system] = text.trim().split('\n').at(-1)!.split(' ').map(Number);
  if (status !== 0 || !Number.isFinite(wall)) throw new Error(`${command.join(' ')}: ${text}`);
  const peak = Number(/^peak (\d+)$/m.exec(text)?.[1] ?? Number.NaN) / 1000;
  return { wall: wall as number, cpu: (user as number) + (system as number), peak };
}

const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);
const median = (numbers: readonly number[]): number =>
  sorted(numbers)[numbers.length >> 1] as number;

/** The median and the interval it lies in with 95% (from six numbers on), by the ranks of the signs: no shape of the numbers is taken for granted. */
function medianText(numbers: readonly number[]): string {
  const all = sorted(numbers);
  const n = all.length;
  let rank = 0;
  for (let chance = 2 * 0.5 ** n, term = chance; rank + 1 < n / 2; rank++) {
    term = (term * (n - rank)) / (rank + 1);
    chance += term;
    if (chance > 0.05) break;
  }
  const [low, high] = [all[rank], all[n - 1 - rank]] as [number, number];
  return `${median(all).toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** Each command next to the first one of its round, so that what else the machine does weighs on both. */
function compare(
  title: string,
  commands: Readonly<Record<string, readonly string[]>>,
  wanted: string,
): void {
  const cache = mkdtempSync(join(tmpdir(), 'kmatrix-bench-'));
  const names = Object.keys(commands);
  for (const name of names) runOnce(commands[name]!, cache);
  const runs = Array.from({ length: ROUNDS }, () =>
    names.map((name) => runOnce(commands[name]!, cache)),
  );
  rmSync(cache, { recursive: true });
  console.log(`${title}: medians of ${ROUNDS} rounds with intervals (95%); wanted: ${wanted}`);
  for (const [i, name] of names.entries()) {
    const of = (value: (run: Run, first: Run) => number): string =>
      medianText(runs.map((round) => value(round[i]!, round[0]!)));
    const ratio =
      i === 0
        ? ''
        : `\n    beside the first: wall ${of((run, first) => run.wall / first.wall)}x  CPU ${of((run, first) => run.cpu / first.cpu)}x` +
          `\n    the first beside it: wall ${of((run, first) => first.wall / run.wall)}x  CPU ${of((run, first) => first.cpu / run.cpu)}x`;
    console.log(
      `  ${name}: wall ${of((run) => run.wall)} s  CPU ${of((run) => run.cpu)} s` +
        `  peak ${of((run) => run.peak)} MB${ratio}`,
    );
  }
  expect(runs).toHaveLength(ROUNDS);
}

/** From the bundle, with the code that was kept: `npm run build` before. */
const node = process.execPath;
const scan = (...cache: string[]): string[] => [
  node,
  packagePath('dist', 'bundle', 'scan-driver.js'),
  ROOT,
  ...cache,
];
const refs = (...options: string[]): string[] => [
  node,
  packagePath('src', 'cli', 'bin', 'kmatrix.js'),
  'refs',
  '--dangling',
  '--quiet',
  '--tree',
  ROOT,
  ...options,
];

describe.runIf(existsSync(`${ROOT}/mm/memory.c`))('whole processes on Linux 6.12', () => {
  test('scan', { timeout: 3_600_000 }, () => {
    const kept = mkdtempSync(join(tmpdir(), 'kmatrix-bench-'));
    compare(
      'every mention of an option',
      {
        'rg CONFIG_': ['rg', '-uuu', '-c', 'CONFIG_', ROOT],
        'scan, nothing kept': scan(),
        'scan, index kept': scan(join(kept, 'index')),
      },
      'nothing kept at most 2x; index kept less than 2 s; peak below 1500 MB',
    );
    rmSync(kept, { recursive: true });
  });

  test('dangling', { timeout: 3_600_000 }, () => {
    compare(
      'dangling options',
      {
        'checkkconfigsymbols.py': [
          'python3',
          join(import.meta.dirname, 'checkkconfigsymbols.py'),
          ROOT,
        ],
        'scan, nothing kept': scan(),
        'refs --dangling, nothing kept': refs('--no-cache'),
        'refs --dangling, all kept': refs(),
      },
      'the script at least 10x, wall and CPU',
    );
  });
});
