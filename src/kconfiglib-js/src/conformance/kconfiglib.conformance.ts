import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { FuzzCase } from '../testing/fuzz/case.ts';
import { main } from './built.ts';
import { FuzzRunner, type Result, valueLines } from './fuzz-run.ts';
import { sourceTree } from './sources.ts';
import { Tally } from './tally.ts';

const tally = new Tally(values);
afterAll(() => console.log(tally.table()));

/** Its own tests of what `conf` has otherwise, and so has kconf. */
const DIFFERENT: ReadonlyMap<string, string> = new Map([
  ['Kchoice', 'MODULES counts as the modules symbol by its name'],
  ['Kvisibility', 'MODULES counts as the modules symbol by its name'],
  ['Kdeploop10', 'loops through ranges are found'],
  ['Khelp', '-help--- with any number of dashes'],
]);
for (const [name, what] of DIFFERENT) console.log(`left out: ${name} of Kconfiglib: ${what}`);

/** A command that runs Kconfiglib: the installed one, or the sources. Undefined where there is neither. */
function kconfiglib(): { command: string; tests: string } | undefined {
  const tests = sourceTree('kconfiglib', { package: 'kconfiglib' });
  if (tests === undefined) return undefined;
  const script = fileURLToPath(new URL('kconfiglib-conf.py', import.meta.url));
  const command = join(mkdtempSync(join(tmpdir(), 'kmatrix-kconfiglib-')), 'conf');
  const text = `#!/bin/sh\nPYTHONPATH='${tests}' exec python3 -B '${script}' "$@"\n`;
  writeFileSync(command, text);
  chmodSync(command, 0o755);
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return { command, tests };
}

const found = kconfiglib();
if (!found) console.log('left out: Kconfiglib (no python3, or apt-get reaches no Debian archive)');
const trees = found ? subjects(found.tests) : [];

/** Kconfiglib's own test trees, and the trees of projects that use it. */
function subjects(
  tests: string,
): { name: string; tree: string; top: string; env?: Record<string, string> }[] {
  const own = readdirSync(join(tests, 'tests'))
    .filter((name) => name.startsWith('K') && !DIFFERENT.has(name))
    .map((name) => ({ name: `its tests: ${name}`, tree: tests, top: `tests/${name}` }));
  const opensbi = sourceTree('opensbi', { package: 'opensbi', version: /^1\.[2-9]/ });
  const sbi = opensbi &&
    existsSync(join(opensbi, 'Kconfig')) && {
      name: 'opensbi',
      tree: opensbi,
      top: 'Kconfig',
      env: {
        OPENSBI_SRC_DIR: opensbi,
        OPENSBI_PLATFORM_SRC_DIR: join(opensbi, 'platform/generic'),
        OPENSBI_PLATFORM: 'generic',
        OPENSBI_PLATFORM_DEFCONFIG: 'defconfig',
      },
    };
  return sbi ? [...own, sbi] : own;
}

describe.each(trees)('Kconfiglib and kconf: $name', ({ name, tree, top, env = {} }) => {
  const base = {
    PATH: '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    HOME: '/',
    srctree: tree,
  };
  const runner = new FuzzRunner(found?.command as string, main, {
    env: { ...base, ...env },
    dialect: '5.6',
    top,
    links: tree,
  });
  afterAll(() => runner.close());

  it('same values', async () => {
    const modes = ['alldefconfig', 'allnoconfig', 'allyesconfig'];
    const full = await tally.compare(
      runner,
      name,
      'all*config',
      modes.map((mode) => one(mode)),
    );
    const texts = full.map(({ c }) => c['.config'] ?? '').filter(Boolean);
    await tally.compare(
      runner,
      name,
      'olddefconfig, savedefconfig',
      texts.flatMap((text) => [one('olddefconfig', text), one('savedefconfig=defconfig', text)]),
    );
    expect(tally.differences(name)).toEqual([]);
  });
});

function one(mode: string, config?: string): FuzzCase {
  return {
    args: [`--${mode}`],
    files: config === undefined ? {} : { '.config': config },
    env: {},
    stdin: '',
  };
}

/** Exit code and values in order. */
function values(result: Result): Result {
  return { code: result.code === '0' ? '0' : '1', ...valueLines(result) };
}
