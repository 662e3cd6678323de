import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Io } from '../cli/io.ts';
import { main } from '../cli/main.ts';
import { KconfigError } from '../diagnostics/diagnostic.ts';
import type { Kconfig } from '../menu/kconfig.ts';
import { parse } from '../parse/parse.ts';
import type { Shell } from '../preprocess/shell.ts';
import { type Arch, kernelEnvironment, kernelKconfig } from '../toolchain/kernel.ts';
import { recordingShell } from '../toolchain/recording.ts';
import { buildConf, linuxTree } from './linux-tree.ts';

const ARCHES: Arch[] = ['x86_64', 'i386', 'arm64'];
const SYSTEM = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C', LC_ALL: 'C', HOME: '/' };
/** With a file in the place of auto.conf, no files for the build are written: this is done in WebAssembly. */
const ALONE = { KCONFIG_AUTOCONFIG: '.config' };

const MODES = ['--allnoconfig', '--alldefconfig', '--allyesconfig', '--allmodconfig'];

/** How many lines are in one text and not in the other. */
function differences(left: string, right: string): number {
  const a = left.split('\n');
  const b = right.split('\n');
  const inA = new Set(a);
  const inB = new Set(b);
  const count =
    a.filter((line) => !inB.has(line)).length + b.filter((line) => !inA.has(line)).length;
  return count === 0 && left !== right ? 1 : count;
}

describe.each(ARCHES)('Linux 6.12, %s', (arch) => {
  let tree: string;
  let conf: string;
  let env: Record<string, string>;
  let replay: Shell;
  const work = mkdtempSync(join(tmpdir(), 'kmatrix-conformance-'));
  let made = 0;

  beforeAll(() => {
    tree = linuxTree();
    conf = buildConf(tree);
    env = { ...SYSTEM, ...kernelEnvironment({ tree, arch }), KCONFIG_DEFCONFIG_LIST: '' };
    const recording = recordingShell({ env: SYSTEM });
    const answers = new Map<string, string>();
    replay = (request, context) => {
      const known = answers.get(request.command);
      if (known !== undefined) return known;
      const answer = recording.shell(request, context) ?? '';
      answers.set(request.command, answer);
      return answer;
    };
  });

  afterAll(() => rmSync(work, { recursive: true, force: true }));

  /** Run C conf and kconf with the same arguments, each in a directory of its own with the same `.config`. */
  function both(args: string[], config?: string, more: Record<string, string> = {}) {
    const outcome = { stdout: '', stderr: '', code: 0 };
    const dirs = ['c', 'js'].map((name) => mkdtempSync(join(work, `${made++}-${name}-`))) as [
      string,
      string,
    ];
    if (config) for (const dir of dirs) copyFileSync(config, join(dir, '.config'));
    const cEnv = { ...env, ...more };
    const c = runC(args, dirs[0], cEnv);
    const io: Io = {
      progname: conf,
      cwd: dirs[1],
      env: { ...cEnv, KCONF_DIALECT: '6.12' },
      tty: () => false,
      stdout: (text) => {
        outcome.stdout += text;
      },
      stderr: (text) => {
        outcome.stderr += text;
      },
      readLine: () => undefined,
      shell: replay,
    };
    outcome.code = main([...args, 'Kconfig'], io);
    const read = (dir: string, name: string): string =>
      existsSync(join(dir, name)) ? readFileSync(join(dir, name), 'utf8') : '';
    const files = [
      '.config',
      'defconfig',
      'include/config/auto.conf',
      'include/generated/autoconf.h',
      'include/generated/rustc_cfg',
      'include/config/auto.conf.cmd',
    ];
    const counts = Object.fromEntries(
      files.map((name) => [name, differences(read(dirs[0], name), read(dirs[1], name))]),
    );
    return { c, js: outcome, counts, dirs, size: read(dirs[0], '.config').split('\n').length };
  }

  function runC(args: string[], cwd: string, cEnv: Record<string, string>) {
    const errors = join(cwd, 'stderr');
    try {
      const quoted = [...args, 'Kconfig'].map((arg) => `'${arg}'`).join(' ');
      const stdout = execFileSync('/bin/sh', ['-c', `'${conf}' ${quoted} 2>stderr`], {
        cwd,
        env: cEnv,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      return { stdout: stdout.toString(), stderr: readFileSync(errors, 'utf8'), code: 0 };
    } catch (error) {
      const failed = error as { status: number; stdout: Buffer };
      return {
        stdout: failed.stdout.toString(),
        stderr: readFileSync(errors, 'utf8'),
        code: failed.status,
      };
    }
  }

  function expectSame(run: ReturnType<typeof both>, label: string): void {
    const total = Object.values(run.counts).reduce((sum, n) => sum + n, 0);
    console.log(
      `${arch} ${label}: ${total} differences in ${run.size} lines of .config and the files beside it`,
    );
    expect(run.counts).toEqual(
      Object.fromEntries(Object.keys(run.counts).map((name) => [name, 0])),
    );
    expect(run.js).toEqual(run.c);
  }

  it.each(MODES)('%s', (mode) => {
    const run = both([mode]);
    expectSame(run, mode);
    const config = join(run.dirs[0], '.config');
    expectSame(both(['--olddefconfig'], config), `${mode} then --olddefconfig`);
    expectSame(both(['--olddefconfig'], config, ALONE), `${mode} then --olddefconfig alone`);
    expectSame(both(['--savedefconfig=defconfig'], config), `${mode} then --savedefconfig`);
  });

  it('the defconfig, what it saves, and what is new in it', () => {
    const name =
      arch === 'arm64' ? 'arch/arm64/configs/defconfig' : `arch/x86/configs/${arch}_defconfig`;
    const run = both([`--defconfig=${name}`]);
    expectSame(run, name);
    const config = join(run.dirs[0], '.config');
    expectSame(both(['--savedefconfig=defconfig'], config), 'defconfig then --savedefconfig');
    const partial = join(tree, name);
    expectSame(both(['--listnewconfig'], partial), 'defconfig then --listnewconfig');
    expectSame(both(['--olddefconfig'], partial), 'defconfig then --olddefconfig');
    expectSame(both(['--olddefconfig'], partial, ALONE), 'defconfig then --olddefconfig alone');
    for (const mode of ['--yes2modconfig', '--mod2yesconfig', '--mod2noconfig']) {
      expectSame(both([mode], config), `defconfig then ${mode}`);
    }
    for (const mode of MODES)
      expectSame(
        both([mode], undefined, { KCONFIG_ALLCONFIG: partial }),
        `${mode} over the defconfig`,
      );
  });

  it('is read without an error, with the counts of the tree', () => {
    const kconfig = parse('Kconfig', { srctree: tree, env, shell: replay });
    console.log(`${arch}: ${JSON.stringify(countsOf(kconfig))}`);
    expect(kconfig.diagnostics).toEqual([]);
    if (arch === 'x86_64') {
      expect(countsOf(kconfig)).toMatchObject({
        files: 1606,
        symbols: 18415,
        defined: 17704,
        choices: 77,
      });
    }
  });

  it('random configurations, and what the build reads', () => {
    for (const seed of ['1', '2', '0x2a']) {
      const run = both(['--randconfig'], undefined, { KCONFIG_SEED: seed });
      expectSame(run, `--randconfig ${seed}`);
      expectSame(
        both(['--syncconfig'], join(run.dirs[0], '.config')),
        `--randconfig ${seed} then --syncconfig`,
      );
    }
    const odds = { KCONFIG_SEED: '7', KCONFIG_PROBABILITY: '60:30:40' };
    expectSame(both(['--randconfig'], undefined, odds), '--randconfig 60:30:40');
  });

  it('the dialogue, with nothing to answer, over half a configuration', () => {
    const run = both(['--allnoconfig']);
    const half = join(work, `half-${arch}`);
    const lines = readFileSync(join(run.dirs[0], '.config'), 'utf8').split('\n');
    writeFileSync(half, lines.filter((_, i) => i % 50 !== 0).join('\n'));
    expectSame(both(['--oldconfig'], half), 'half of allnoconfig then --oldconfig');
    expectSame(both(['--helpnewconfig'], half), 'half of allnoconfig then --helpnewconfig');
  });

  it.runIf(arch !== 'arm64')(
    'has the same .config with the shipped answers, where the tools are those recorded',
    ({ skip }) => {
      const kconfig = kernelKconfig(tree, { arch });
      expect(kconfig.unanswered).toEqual([]);
      const { CC_VERSION_TEXT, PAHOLE } = kernelEnvironment({ tree, arch });
      const versionOf = (tool: string): string => {
        const { stdout } = spawnSync(tool, ['--version'], { env: SYSTEM, encoding: 'utf8' });
        return (stdout ?? '').split('\n')[0] as string;
      };
      if (versionOf('gcc') !== CC_VERSION_TEXT) skip('gcc is not the one recorded');
      if (versionOf(PAHOLE as string) !== 'v1.24') skip('pahole is not 1.24 (Debian: dwarves)');
      const run = both(['--alldefconfig']);
      expect(kconfig.config().write()).toBe(readFileSync(join(run.dirs[0], '.config'), 'utf8'));
    },
  );

  it('is refused where there is no tree', () => {
    expect(() => kernelKconfig('/nonexistent')).toThrow(KconfigError);
  });
});

function countsOf(kconfig: Kconfig): Record<string, number> {
  const counts: Record<string, number> = {
    files: kconfig.files.length,
    symbols: kconfig.symbols.size,
    choices: kconfig.choices.length,
    defined: 0,
  };
  for (const symbol of kconfig.symbols) {
    if (!symbol.defined) continue;
    counts.defined = (counts.defined ?? 0) + 1;
    counts[symbol.type] = (counts[symbol.type] ?? 0) + 1;
    for (const { kind } of symbol.properties) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
