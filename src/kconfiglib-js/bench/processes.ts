// Whole processes side by side: `conf` as the tree builds it, kconf with and without a snapshot, and Kconfiglib if
// Python has it. All take the answers of the shell from a record; CPU is user and system time of the process.
//
//   node src/kconfiglib-js/bench/processes.ts [rounds]
//
// KMATRIX_LINUX names a Linux 6.12 tree; without it Debian's archive is unpacked. The configuration is that of Debian's
// amd64 kernel, or of the tree's defconfig where linux-config-6.12 is not installed.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linuxTree } from '../src/conformance/linux-tree.ts';

const here = dirname(fileURLToPath(import.meta.url));
const rounds = Number(process.argv[2] ?? 41);
const tree = linuxTree();
const work = mkdtempSync(join(tmpdir(), 'kconf-bench-'));
process.once('exit', () => rmSync(work, { recursive: true, force: true }));

const { kernelEnvironment, loadShippedProfile, parse, toolchainProfile } = (await import(
  join(here, '../dist/index.js')
)) as typeof import('../src/index.ts');

/** Where each engine works, and how it is called. */
interface Engine {
  name: string;
  command: string[];
  env?: Record<string, string>;
}

/** Record what the tree asks, with the answers of the shipped profile. */
function recordAnswers(): string {
  const shell = toolchainProfile(loadShippedProfile());
  const answers = new Map<string, string>();
  parse('Kconfig', {
    srctree: tree,
    env: kernelEnvironment({ tree }),
    shell: (request, context) => {
      const answer = shell(request, context);
      if (answer === undefined) throw new Error(`the profile has no answer to ${request.command}`);
      answers.set(request.command, answer);
      return answer;
    },
  });
  const file = join(work, 'answers');
  writeFileSync(file, [...answers].map(([command, answer]) => `${command}\0${answer}\0`).join(''));
  return file;
}

/** Build `conf` as the tree does, but with answers from the record. */
function buildConf(): string {
  const dir = join(work, 'conf');
  mkdirSync(dir);
  execFileSync('cp', ['-r', join(tree, 'scripts/kconfig'), join(tree, 'scripts/include'), dir]);
  const cwd = join(dir, 'kconfig');
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd, stdio: 'pipe' });
  run('flex', '-L', '-o', 'lexer.lex.c', 'lexer.l');
  run('bison', '-l', '-t', '-o', 'parser.tab.c', '--defines=parser.tab.h', 'parser.y');
  const parts = [
    'conf',
    'confdata',
    'expr',
    'lexer.lex',
    'menu',
    'parser.tab',
    'preprocess',
    'symbol',
    'util',
  ];
  const sources = [...parts.map((name) => `${name}.c`), join(here, 'replay.c')];
  const wrap = ['-Wl,--wrap=popen', '-Wl,--wrap=pclose'];
  run('gcc', '-O2', '-I../include', '-I.', ...wrap, '-o', 'conf', ...sources);
  return join(cwd, 'conf');
}

function startConfig(): string {
  const debian = '/usr/src/linux-config-6.12/config.amd64_none_amd64.xz';
  if (existsSync(debian)) return execFileSync('xz', ['-dc', debian]).toString();
  console.log(
    `! ${debian} is not there (apt-get install linux-config-6.12): x86_64_defconfig it is`,
  );
  return readFileSync(join(tree, 'arch/x86/configs/x86_64_defconfig'), 'utf8');
}

const answers = recordAnswers();
const config = startConfig();
const common: Record<string, string> = {
  PATH: process.env.PATH ?? '',
  LC_ALL: 'C',
  ...kernelEnvironment({ tree }),
  CONF_ANSWERS: answers,
  KCONF_PROFILE: join(here, '../profiles/gcc-12-x86_64.json'),
  KCONF_DIALECT: '6.12',
  XDG_CACHE_HOME: join(work, 'cache'),
};

/** Run an engine once in its directory: CPU seconds, and the peak of its memory in MiB where that can be had. */
function runOnce({ name, command, env }: Engine, peak = false): { cpu: number; peak: number } {
  const dir = join(work, name.replaceAll(' ', '-'));
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, '.config'), config);
  // What `make` leaves there: without it the files for the build would be written too.
  writeFileSync(join(dir, 'auto.conf'), '');
  const timed = peak
    ? ['/usr/bin/time', '-f', '%U %S %M', ...command]
    : ['/bin/bash', '-c', 'TIMEFORMAT="%3U %3S 0"; time "$@"', 'bash', ...command];
  const result = spawnSync(timed[0] as string, timed.slice(1), {
    cwd: tree,
    env: {
      ...common,
      ...env,
      KCONFIG_CONFIG: join(dir, '.config'),
      KCONFIG_AUTOCONFIG: join(dir, 'auto.conf'),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const errors = result.stderr.toString();
  const [user, system, kilobytes] = errors.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  if (result.status !== 0 || !Number.isFinite(user)) throw new Error(`${name}: ${errors}`);
  return { cpu: (user as number) + (system as number), peak: (kilobytes as number) / 1024 };
}

const kconf = [process.execPath, join(here, '../bin/kconf.js'), '--olddefconfig'];
const engines: Engine[] = [
  { name: 'C conf', command: [buildConf(), '--olddefconfig', 'Kconfig'] },
  { name: 'kconf cold', command: [...kconf, '--no-snapshot', 'Kconfig'] },
  { name: 'kconf snapshot', command: [...kconf, 'Kconfig'] },
];
if (spawnSync('/usr/bin/python3', ['-c', 'import kconfiglib']).status === 0) {
  const program = join(here, 'kconfiglib_replay.py');
  engines.push({ name: 'Kconfiglib', command: ['/usr/bin/python3', program, 'Kconfig'] });
} else console.log('! Kconfiglib is not measured (apt-get install python3-kconfiglib)');

const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);
const median = (numbers: readonly number[]): number =>
  sorted(numbers)[numbers.length >> 1] as number;

/** Between which two of the numbers the median of all there could be lies, 19 times of 20 (binomial, normal approximation). */
function medianWithin(numbers: readonly number[]): [number, number] {
  const order = sorted(numbers);
  const reach = 1.96 * Math.sqrt(order.length / 4);
  const low = Math.max(0, Math.floor(order.length / 2 - reach));
  return [order[low] as number, order[order.length - 1 - low] as number];
}
const cpu = engines.map((): number[] => []);
for (const [i, engine] of engines.entries()) {
  try {
    runOnce(engine);
  } catch (error) {
    if (engine.name !== 'Kconfiglib') throw error;
    const lines = String(error).trim().split('\n');
    console.log(
      `! Kconfiglib is not measured: ${lines.find((line) => line.includes('rror:')) ?? lines[0]}`,
    );
    engines.splice(i, 1);
  }
}
for (let round = 0; round < rounds; round++)
  for (const [i, engine] of engines.entries()) cpu[i]?.push(runOnce(engine).cpu);

const written = engines.map(({ name }) =>
  readFileSync(join(work, name.replaceAll(' ', '-'), '.config'), 'utf8'),
);
console.log(
  `olddefconfig of ${config.split('\n').length} lines, CPU seconds, median of ${rounds}, each next to C conf`,
);
const conf = cpu[0] as number[];
for (const [i, engine] of engines.entries()) {
  const times = cpu[i] as number[];
  const ratios = times.map((time, round) => time / (conf[round] as number));
  const [low, high] = medianWithin(ratios);
  const memory = existsSync('/usr/bin/time') ? `${runOnce(engine, true).peak.toFixed(0)} MiB` : '-';
  const same = i === 3 ? '' : written[i] === written[0] ? 'same .config' : 'DIFFERENT .config';
  const least = Math.min(...times).toFixed(3);
  console.log(
    [
      engine.name.padEnd(16),
      `${median(times).toFixed(3)} s`,
      `least ${least} s`,
      `${median(ratios).toFixed(3)} of C (${low.toFixed(3)} to ${high.toFixed(3)})`,
      `peak ${memory}`,
      same,
    ].join('  '),
  );
}
