import { spawn } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Io } from '../cli/io.ts';
import type { FuzzCase } from '../testing/fuzz/case.ts';

/** What a run left behind: exit code, both outputs, and every file below its directory. */
export type Result = Record<string, string>;

/** The `kconf` command as a function. */
export type Kconf = (argv: readonly string[], io: Io) => number;

/** Environment a run has if nothing else is said, and nothing else but what the case adds. */
const BASE_ENV = { PATH: '/usr/bin:/bin', LANG: 'C', LC_ALL: 'C', srctree: '.' };

/** What all runs of a runner have in common. */
export interface RunnerOptions {
  /** Environment of every run. */
  env?: Record<string, string>;
  /** The language `kconf` reads. */
  dialect?: string;
  /** Processor time one run of C `conf` may take. */
  seconds?: number;
  /** Characters after which the output of a run is taken for one that asks the same question for ever. */
  maxOutput?: number;
  /** A directory whose entries every run finds in its own, as links. */
  links?: string;
  /** The Kconfig file. */
  top?: string;
  /** The arguments C `conf` takes in place of those of `kconf`, where it has others. */
  argsOfC?: (args: readonly string[]) => string[];
}

/** Writes something into every empty file below, so that those that are touched later are the empty ones. */
const MARK =
  'f() { [ -d "$1" ] && find "$1" -type f -size 0 -exec sh -c \'for i; do echo kept >"$i"; done\' - {} +; }; f';

function mark(dir: string): void {
  if (!existsSync(dir)) return;
  for (const name of readdirSync(dir, { recursive: true }).map(String)) {
    const path = join(dir, name);
    const stat = lstatSync(path);
    if (stat.isFile() && stat.size === 0) writeFileSync(path, 'kept\n');
  }
}

/** Runs cases through C `conf` and through `kconf` and compares what they leave behind. */
export class FuzzRunner {
  readonly #conf: string;
  readonly #kconf: Kconf;
  readonly #root: string;
  readonly #env: Record<string, string>;
  readonly #options: RunnerOptions;

  constructor(conf: string, kconf: Kconf, options: RunnerOptions = {}) {
    this.#conf = conf;
    this.#kconf = kconf;
    this.#env = { ...(options.env ?? BASE_ENV), KCONF_DIALECT: options.dialect ?? '6.12' };
    this.#options = options;
    // Thousands of small directories: memory is the place for them.
    this.#root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'kmatrix-fuzz-'));
  }

  close(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  /** Run a batch: one shell starts all C runs while this process does its own. */
  async compare(cases: readonly FuzzCase[]): Promise<{ c: Result; js: Result }[]> {
    const root = mkdtempSync(join(this.#root, 'batch-'));
    const lines: string[] = [];
    for (const [i, fuzzCase] of cases.entries()) {
      for (const who of ['c', 'js']) {
        write(join(root, `${who}${i}`), fuzzCase.files);
        if (this.#options.links) link(this.#options.links, join(root, `${who}${i}`));
      }
      writeFileSync(join(root, `in${i}`), fuzzCase.stdin);
      lines.push(this.#command(fuzzCase, i));
      for (const [n, step] of (fuzzCase.later ?? []).entries()) {
        write(join(root, `then${i}-${n}`), step.files);
        lines.push(`cp -R then${i}-${n}/. c${i}`);
        if (step.mark) lines.push(`${MARK} c${i}/include/config`);
        lines.push(this.#command({ ...fuzzCase, args: step.args }, i));
      }
    }
    const script = join(root, 'script');
    writeFileSync(
      script,
      `ulimit -t ${this.#options.seconds ?? 5}\nulimit -f ${(this.#options.maxOutput ?? 1 << 22) >> 9}\n${lines.join('\n')}\n`,
    );
    const done = runScript(script, root, this.#env);
    const js = cases.map((fuzzCase, i) => this.#js(fuzzCase, join(root, `js${i}`)));
    await done;
    const results = cases.map((_, i) => {
      const text = (name: string): string => readFileSync(join(root, `${name}${i}`), 'latin1');
      const c = { code: text('rc').trim(), stdout: text('out'), stderr: text('err') };
      return { c: { ...c, ...left(join(root, `c${i}`)) }, js: js[i] as Result };
    });
    rmSync(root, { recursive: true, force: true });
    return results;
  }

  #command({ args, env }: FuzzCase, i: number): string {
    const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
    const variables = Object.entries(env).map(([name, value]) => `${name}=${quote(value)}`);
    const { argsOfC = (same) => [...same], top = 'Kconfig' } = this.#options;
    const call = [...variables, quote(this.#conf), ...argsOfC(args).map(quote), top].join(' ');
    return `(cd c${i} && ${call} <../in${i} >>../out${i} 2>>../err${i}); echo $? >>rc${i}`;
  }

  #js(fuzzCase: FuzzCase, cwd: string): Result {
    const out = { code: '', stdout: '', stderr: '' };
    this.#jsRun(fuzzCase, cwd, out);
    for (const { files, args, mark: marked } of fuzzCase.later ?? []) {
      write(cwd, files);
      if (marked) mark(join(cwd, 'include/config'));
      this.#jsRun({ ...fuzzCase, args }, cwd, out);
    }
    // What is compared are bytes; C wrote bytes.
    out.stdout = Buffer.from(out.stdout).toString('latin1');
    out.stderr = Buffer.from(out.stderr).toString('latin1');
    return { ...out, ...left(cwd) };
  }

  #jsRun(
    { args, env, stdin }: FuzzCase,
    cwd: string,
    out: { code: string; stdout: string; stderr: string },
  ): void {
    const lines = stdin.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const add = (stream: 'stdout' | 'stderr') => (text: string) => {
      out[stream] += text;
      if (out[stream].length > (this.#options.maxOutput ?? 1 << 20))
        throw new Error('endless output');
    };
    try {
      const code = this.#kconf([...args, this.#options.top ?? 'Kconfig'], {
        progname: this.#conf,
        cwd,
        env: { ...this.#env, ...env },
        tty: () => false,
        stdout: add('stdout'),
        stderr: add('stderr'),
        readLine: () => lines.shift(),
      });
      out.code += `${out.code && '\n'}${code}`;
    } catch (error) {
      out.code = `thrown: ${error instanceof Error ? error.stack : String(error)}`;
    }
  }
}

/** The lines that say a value, of the configurations a run left behind: the same in all generations of `conf`. */
export function valueLines(
  result: Result,
  ignore: { readonly [name: string]: RegExp | undefined } = {},
): Result {
  const out: Result = {};
  for (const name of ['.config', 'defconfig']) {
    const lines = result[name]?.split('\n');
    const isValue = (line: string): boolean =>
      /^[^#]|^# .* is not set$/.test(line) && !ignore[name]?.test(line);
    if (lines) out[name] = lines.filter(isValue).join('\n');
  }
  return out;
}

/** The names of what differs; empty if nothing does. */
export function differing({ c, js }: { c: Result; js: Result }): string[] {
  const names = new Set([...Object.keys(c), ...Object.keys(js)]);
  return [...names].filter((name) => c[name] !== js[name]).sort();
}

/**
 * Did C `conf` meet one of its own bugs, so that there is nothing to compare with: it compared a bool by an address, or
 * was stopped by a signal.
 */
export function isBugOfC(c: Result): boolean {
  return (
    c.stderr?.includes('Oops! How to check') === true ||
    c.code?.split('\n').some((code) => Number(code) > 128) === true
  );
}

function write(dir: string, files: Record<string, string>): void {
  mkdirSync(dir, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(dir, name);
    if (name.includes('/')) mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function link(from: string, to: string): void {
  for (const name of readdirSync(from))
    if (!existsSync(join(to, name))) symlinkSync(join(from, name), join(to, name));
}

function left(dir: string, prefix = '', found: Result = {}): Result {
  for (const name of readdirSync(dir).sort()) {
    const path = join(dir, name);
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) continue;
    if (stat.isDirectory()) left(path, `${prefix}${name}/`, found);
    // A temporary file left behind has the process number in its name.
    else found[prefix + name.replace(/\.[0-9]+\.tmp$/, '.PID.tmp')] = readFileSync(path, 'latin1');
  }
  return found;
}

function runScript(script: string, cwd: string, env: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', [script], {
      cwd,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`the batch ended with ${code}: ${errors}`)),
    );
  });
}
