import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
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

/** Environment every run has, and nothing else but what the case adds. */
const BASE_ENV = { PATH: '/usr/bin:/bin', LANG: 'C', LC_ALL: 'C', srctree: '.' };

/** A run that prints more than this is one that asks the same question for ever. */
const MAX_OUTPUT = 1 << 20;

/** Runs cases through C `conf` and through `kconf` and compares what they leave behind. */
export class FuzzRunner {
  readonly #conf: string;
  readonly #kconf: Kconf;
  readonly #root: string;

  constructor(conf: string, kconf: Kconf) {
    this.#conf = conf;
    this.#kconf = kconf;
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
      write(join(root, `c${i}`), fuzzCase.files);
      write(join(root, `js${i}`), fuzzCase.files);
      writeFileSync(join(root, `in${i}`), fuzzCase.stdin);
      lines.push(this.#command(fuzzCase, i));
    }
    const script = join(root, 'script');
    writeFileSync(script, `ulimit -t 5\nulimit -f 8192\n${lines.join('\n')}\n`);
    const done = runScript(script, root);
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
    const call = [...variables, quote(this.#conf), ...args.map(quote), 'Kconfig'].join(' ');
    return `(cd c${i} && ${call} <../in${i} >../out${i} 2>../err${i}); echo $? >rc${i}`;
  }

  #js(fuzzCase: FuzzCase, cwd: string): Result {
    const out = { code: '', stdout: '', stderr: '' };
    const lines = fuzzCase.stdin.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const add = (stream: 'stdout' | 'stderr') => (text: string) => {
      out[stream] += text;
      if (out[stream].length > MAX_OUTPUT) throw new Error('endless output');
    };
    try {
      const code = this.#kconf([...fuzzCase.args, 'Kconfig'], {
        progname: this.#conf,
        cwd,
        env: { ...BASE_ENV, ...fuzzCase.env, KCONF_DIALECT: '6.12' },
        tty: false,
        stdout: add('stdout'),
        stderr: add('stderr'),
        readLine: () => lines.shift(),
      });
      out.code = String(code);
    } catch (error) {
      out.code = `thrown: ${error instanceof Error ? error.stack : String(error)}`;
    }
    // What is compared are bytes; C wrote bytes.
    out.stdout = Buffer.from(out.stdout).toString('latin1');
    out.stderr = Buffer.from(out.stderr).toString('latin1');
    return { ...out, ...left(cwd) };
  }
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
  return c.stderr?.includes('Oops! How to check') === true || Number(c.code) > 128;
}

function write(dir: string, files: Record<string, string>): void {
  mkdirSync(dir);
  for (const [name, text] of Object.entries(files)) {
    const path = join(dir, name);
    if (name.includes('/')) mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function left(dir: string, prefix = '', found: Result = {}): Result {
  for (const name of readdirSync(dir).sort()) {
    const path = join(dir, name);
    if (statSync(path).isDirectory()) left(path, `${prefix}${name}/`, found);
    // A temporary file left behind has the process number in its name.
    else found[prefix + name.replace(/\.[0-9]+\.tmp$/, '.PID.tmp')] = readFileSync(path, 'latin1');
  }
  return found;
}

function runScript(script: string, cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', [script], {
      cwd,
      env: BASE_ENV,
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
