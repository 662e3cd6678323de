// How soon kmatrix is there: whole processes in a real pseudo-terminal at 120x40, from the start to the first frame and to what
// can be used, beside a Node that does nothing.
//
//   node src/tui/testing/bench/start.ts [ROUNDS] [--against FOLDER]
//
// A tree of Linux 6.12 is used where there is one: the one KMATRIX_LINUX_6_12 names, or that which the conformance suites have
// unpacked. With --against, the built checkout in another folder is measured in turn with this one: on a machine that does other
// things as well only the ratios and the processor's time mean something.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../../input/index.ts';
import { freshHome } from '../home.ts';
import { hasTree, TREE } from './config-tree.ts';
import { quantile, until } from './measure.ts';
import { pause, TimedTerminal } from './timed-terminal.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { against: { type: 'string' } },
});
const rounds = Number(positionals[0] ?? 5);

/** A start of the terminal UI. Times in milliseconds, memory in MiB. */
interface Start {
  readonly first: number;
  readonly usable: number;
  /** Processor time until the first frame, and until it can be used. */
  readonly firstLoad: number;
  readonly usableLoad: number;
  readonly memory: number;
}

interface Subject {
  readonly name: string;
  readonly args: readonly string[];
  /** On the screen once it can be used. */
  readonly ready: string;
  /** Is there nothing that an earlier run has kept: no tree that was read, no compiled code, no cell. */
  readonly cold: boolean;
  /** How often it is measured where that is not up to who asks; then the first time counts, too. */
  readonly rounds?: number;
  readonly goals: Partial<Record<keyof Start, number>>;
}

/** MiB in 250 MB. */
const MOST_MB = 238;

const menu = { args: ['menu', '--tree', TREE], ready: 'Processor type and features' };
const SUBJECTS: readonly Subject[] = [
  {
    name: 'kmatrix',
    args: [],
    ready: 'SMP=y',
    cold: false,
    goals: { first: 700, memory: MOST_MB },
  },
  {
    name: 'kmatrix until all cells have run',
    args: [],
    ready: 'All cells are done',
    cold: true,
    rounds: 1,
    goals: { memory: MOST_MB },
  },
  ...(hasTree()
    ? [
        { name: 'kernel tree', ...menu, cold: false, goals: { usable: 800, memory: MOST_MB } },
        { name: 'the same, cold', ...menu, cold: true, goals: { usable: 1500, memory: MOST_MB } },
      ]
    : []),
];

const COMMANDS = [['--help'], ['why', 'PER_VMA_LOCK'], ['run', '--help']] as const;
const FIGURES: readonly (readonly [name: string, unit: string, of: keyof Start])[] = [
  ['first frame', 'ms', 'first'],
  ['  processor until then', 'ms', 'firstLoad'],
  ['usable', 'ms', 'usable'],
  ['  processor until then', 'ms', 'usableLoad'],
  ['peak memory', 'MiB', 'memory'],
];
/** What is done when all is quiet counts for the memory. */
const QUIET_MS = 1500;
/** To look at the screen takes the processor's time, too: where it is long until it shows what is waited for, it is done seldom. */
const LOOK_MS = 1000;

const roots = [packageRoot(), ...(values.against === undefined ? [] : [resolve(values.against)])];
const caches = roots.map(() => mkdtempSync(join(tmpdir(), 'kmatrix-start-')));
try {
  const alone = repeated(() => [command(caches[0] as string, ['-e', '0'])]);
  console.log(line('node alone', alone[0] as number, 'ms of processor'));
  for (const args of COMMANDS) {
    const [here = Number.NaN, there] = repeated(() =>
      roots.map((root, i) => command(caches[i] as string, [programOf(root), ...args])),
    );
    console.log(line(`kmatrix ${args.join(' ')}`, here, 'ms of processor', there));
  }
  for (const subject of SUBJECTS) {
    const measured: Start[][] = roots.map(() => []);
    // The first run of each is not counted: the next ones find what it has kept.
    const [first, last] = subject.rounds === undefined ? [0, rounds] : [1, subject.rounds];
    for (let round = first; round <= last; round++) {
      for (const [i, root] of roots.entries()) {
        const start = await measure(root, caches[i] as string, subject);
        if (round > 0) measured[i]?.push(start);
      }
    }
    console.log(`${subject.name}, medians of ${last}`);
    for (const [name, unit, of] of FIGURES) {
      const [here = Number.NaN, there] = measured.map((starts) =>
        quantile(
          starts.map((start) => start[of]),
          0.5,
        ),
      );
      console.log(line(name, here, unit, there, subject.goals[of]));
    }
  }
} finally {
  for (const cache of caches) rmSync(cache, { recursive: true });
}

async function measure(
  root: string,
  cache: string,
  { args, ready, cold, rounds }: Subject,
): Promise<Start> {
  const home = freshHome();
  const own = cold ? mkdtempSync(join(cache, 'cold-')) : cache;
  const env = { ...home.env, XDG_CACHE_HOME: own };
  const size = { columns: 120, rows: 40 };
  const terminal = new TimedTerminal(process.execPath, [programOf(root), ...args], size, env);
  try {
    await terminal.frame(60_000);
    const firstLoad = terminal.processorTime() * 1000;
    await until(terminal, ready, rounds === undefined ? 0 : LOOK_MS);
    const usableLoad = terminal.processorTime() * 1000;
    await pause(QUIET_MS);
    const [first = Number.NaN, usable = Number.NaN] = await terminal.shownAt(['', ready]);
    return { first, usable, firstLoad, usableLoad, memory: terminal.peakMemory() };
  } finally {
    await terminal.leave();
    home.remove();
  }
}

function programOf(root: string): string {
  return join(root, 'src/cli/bin/kmatrix.js');
}

/** Processor milliseconds of a command, as the shell tells them. */
function command(cache: string, args: readonly string[]): number {
  const script = '"$@" > /dev/null && times';
  const env = { ...process.env, XDG_CACHE_HOME: cache };
  const { stdout } = spawnSync('sh', ['-c', script, 'sh', process.execPath, ...args], {
    encoding: 'utf8',
    env,
  });
  const ofChildren = stdout.trim().split('\n').at(-1) ?? '';
  const times = [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)];
  return times.reduce((sum, [, m, s]) => sum + (Number(m) * 60 + Number(s)) * 1000, 0);
}

/** Medians of what is measured over and over; the first time is not counted. */
function repeated(measured: () => number[]): number[] {
  measured();
  const all = Array.from({ length: rounds }, measured);
  return (all[0] ?? []).map((_, i) =>
    quantile(
      all.map((each) => each[i] as number),
      0.5,
    ),
  );
}

function line(name: string, here: number, unit: string, there?: number, most?: number): string {
  const ratio = there === undefined ? '' : `${(here / there).toFixed(2)} of ${there.toFixed(0)}`;
  const goal = most === undefined ? '' : `goal ${most}${here <= most ? '' : '  MISSED'}`;
  const parts = [`  ${name.padEnd(26)}`, `${here.toFixed(0)} ${unit}`.padStart(9), ratio, goal];
  return parts.filter((part) => part !== '').join('  ');
}
