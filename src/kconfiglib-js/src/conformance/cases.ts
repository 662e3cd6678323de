import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../cli/main.ts';

/** What one run of `conf` left behind: exit code, both outputs, and files by name (`/` written `__`). */
export type Outcome = Record<string, string>;

/** A recorded case: a tree, a configuration, and what C `conf` did with them in each mode. */
export interface Case {
  Kconfig: string;
  config: string | null;
  files: Record<string, string>;
  env: Record<string, string>;
  stdin: string;
  keep: string[];
  modes: string[];
  expect: Record<string, Record<string, Outcome>>;
}

/** One run to compare: a case, a mode, and the version of `conf` it was recorded with. */
export interface Run {
  id: string;
  case: Case;
  mode: string;
  version: '6.12' | '7.0';
  expected: Outcome;
}

/** All recorded runs, each version by itself. */
export function recordedRuns(): Run[] {
  const url = new URL('../../testdata/kconfig-cases.json', import.meta.url);
  const cases = JSON.parse(readFileSync(url, 'utf8')) as Record<string, Case>;
  const runs: Run[] = [];
  for (const [name, recorded] of Object.entries(cases)) {
    for (const [versions, outcomes] of Object.entries(recorded.expect)) {
      for (const version of ['6.12', '7.0'] as const) {
        if (!versions.includes(version)) continue;
        for (const mode of recorded.modes) {
          const key = mode.replace(/^-+/, '').replace(/=.*/, '').replaceAll(' ', '_');
          const expected = outcomes[key] ?? outcomes[mode];
          if (!expected) throw new Error(`${name}: nothing recorded for ${mode}`);
          runs.push({ id: `${name} ${mode} ${version}`, case: recorded, mode, version, expected });
        }
      }
    }
  }
  return runs;
}

/** Run kconf in a fresh directory, as the case was recorded. */
export function runCase({ case: c, mode, version }: Run): Outcome {
  const cwd = mkdtempSync(join(tmpdir(), 'kconf-case-'));
  try {
    const write = (name: string, text: string): void => {
      mkdirSync(dirname(join(cwd, name)), { recursive: true });
      writeFileSync(join(cwd, name), text);
    };
    write('Kconfig', c.Kconfig);
    for (const [name, text] of Object.entries(c.files)) write(name, text);
    if (c.config !== null) write('.config', c.config);
    const out = { stdout: '', stderr: '' };
    const lines = c.stdin.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const code = main([...mode.split(' '), 'Kconfig'], {
      progname: 'conf',
      cwd,
      env: {
        PATH: process.env.PATH,
        LANG: 'C',
        LC_ALL: 'C',
        srctree: '.',
        ...c.env,
        KCONF_DIALECT: version,
      },
      tty: () => false,
      stdout: (text) => {
        out.stdout += text;
      },
      stderr: (text) => {
        out.stderr += text;
      },
      readLine: () => lines.shift(),
    });
    const outcome: Outcome = { rc: `${code}\n`, ...out };
    for (const name of ['.config', 'defconfig', ...c.keep]) {
      const path = join(cwd, name.replaceAll('__', '/'));
      if (existsSync(path)) outcome[name.replaceAll('/', '__')] = readFileSync(path, 'utf8');
    }
    return outcome;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
