import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packagePath } from '../../input/index.ts';

const ROOT = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12', 'linux-source-6.12');
const ROUNDS = Number(process.env.KMATRIX_ROUNDS ?? 5);

interface Run {
  readonly wall: number;
  readonly cpu: number;
}

/** A whole process: seconds on the clock and of all its CPUs. */
function runOnce(command: readonly string[], cache: string): Run {
  const timed = ['-c', 'TIMEFORMAT="%3R %3U %3S"; time "$@"', 'bash', ...command];
  const { stderr, status } = spawnSync('/bin/bash', timed, {
    env: { PATH: process.env.PATH, LC_ALL: 'C', XDG_CACHE_HOME: cache },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const text = stderr.toString();
  const [wall, user, system] = text.trim().split('\n').at(-1)!.split(' ').map(Number);
  if (status !== 0 || !Number.isFinite(wall)) throw new Error(`${command.join(' ')}: ${text}`);
  return { wall: wall as number, cpu: (user as number) + (system as number) };
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] as number;

/** Each command next to the first one of its round, so that what else the machine does weighs on both. */
function compare(title: string, commands: Readonly<Record<string, readonly string[]>>): void {
  const cache = mkdtempSync(join(tmpdir(), 'kmatrix-bench-'));
  const names = Object.keys(commands);
  for (const name of names) runOnce(commands[name]!, cache);
  const runs = Array.from({ length: ROUNDS }, () =>
    names.map((name) => runOnce(commands[name]!, cache)),
  );
  rmSync(cache, { recursive: true });
  console.log(`${title}: medians of ${ROUNDS} rounds, and of the ratios within a round`);
  for (const [i, name] of names.entries()) {
    const of = (value: (run: Run, first: Run) => number): string =>
      median(runs.map((round) => value(round[i]!, round[0]!))).toFixed(2);
    console.log(
      `  ${name.padEnd(24)} wall ${of((run) => run.wall)} s, ${of((run, first) => run.wall / first.wall)}x` +
        `  CPU ${of((run) => run.cpu)} s, ${of((run, first) => run.cpu / first.cpu)}x`,
    );
  }
  expect(runs).toHaveLength(ROUNDS);
}

/** Run the built modules: `tsc -b` before. */
const node = process.execPath;
const module = (options: string): string[] => [
  node,
  '--input-type=module',
  '-e',
  `const { scanTree } = await import(${JSON.stringify(packagePath('dist', 'tree', 'index.js'))});
   await scanTree(${JSON.stringify(ROOT)}, ${options});`,
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
    compare('every mention of an option', {
      'rg CONFIG_': ['rg', '-uuu', '-c', 'CONFIG_', ROOT],
      'scan, nothing kept': module('{}'),
      'scan, index kept': module('{ cache: process.env.XDG_CACHE_HOME }'),
    });
  });

  test('dangling', { timeout: 3_600_000 }, () => {
    compare('dangling options', {
      'checkkconfigsymbols.py': [
        'python3',
        join(import.meta.dirname, 'checkkconfigsymbols.py'),
        ROOT,
      ],
      'kmatrix, nothing kept': refs('--no-cache'),
      'kmatrix, all kept': refs(),
    });
  });
});
