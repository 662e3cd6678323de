import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSuperset } from '../parse/features.ts';
import type { FuzzCase } from '../testing/fuzz/case.ts';
import { type Arch, kernelEnvironment } from '../toolchain/kernel.ts';
import { runShell } from '../toolchain/run-shell.ts';
import { Answers } from './answers.ts';
import { FuzzRunner, type Result, valueLines } from './fuzz-run.ts';
import { buildConf, linuxTree, treeDialect } from './linux-tree.ts';
import { parsedOnce } from './parsed-once.ts';
import { buildProjectConf } from './project-conf.ts';
import { Tally } from './tally.ts';

/** All architectures of the tree; those to look at are KMATRIX_ARCHES, or all. */
const ALL: Arch[] = [
  'x86_64',
  'i386',
  'x86',
  'arm64',
  'alpha',
  'arc',
  'arm',
  'csky',
  'hexagon',
  'loongarch',
  'm68k',
  'microblaze',
  'mips',
  'nios2',
  'openrisc',
  'parisc',
  'parisc64',
  'powerpc',
  'riscv',
  's390',
  'sh',
  'sparc',
  'sparc64',
  'um',
  'xtensa',
];
const ARCHES = ALL.filter((arch) => {
  const wanted = process.env.KMATRIX_ARCHES;
  return wanted === undefined || wanted.split(/[ ,]+/).includes(arch);
});
/** Architectures whose whole configurations are also turned over and over. */
const THOROUGH: ReadonlySet<Arch> = new Set(['x86_64', 'arm64']);
const SYSTEM = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C', LC_ALL: 'C', HOME: '/' };
const ALL_MODES = ['allnoconfig', 'alldefconfig', 'allyesconfig', 'allmodconfig'];

/** Trees of before 6.11: messages are worded otherwise, and values in their order are compared. */
const classic = isSuperset(treeDialect(linuxTree()));
const tally = classic ? new Tally(values) : new Tally();
let tree: string;
let conf: string;
beforeAll(() => {
  tree = linuxTree();
  conf = classic ? buildProjectConf(join(tree, 'scripts/kconfig')) : buildConf(tree, true);
});
afterAll(() => console.log(tally.table()));

describe.each(ARCHES)('Linux on %s', (arch) => {
  let runner: FuzzRunner;
  let env: Record<string, string>;

  beforeAll(() => {
    const answers = new Answers();
    // As in the C run, what probes leave behind goes to a directory of its own.
    const cwd = mkdtempSync(join(tmpdir(), 'kmatrix-probes-'));
    env = {
      ...SYSTEM,
      ...kernelEnvironment({ tree, arch }),
      KCONFIG_DEFCONFIG_LIST: '',
      KCONF_ANSWERS: answers.directory,
    };
    const shell = answers.shell(({ command }) => runShell(command, { env, cwd }));
    const dialect = treeDialect(tree);
    runner = new FuzzRunner(conf, parsedOnce(shell), {
      env,
      dialect,
      seconds: 60,
      maxOutput: 1 << 26,
    });
  });
  afterAll(() => runner.close());

  const compare = (label: string, cases: FuzzCase[]) =>
    tally.compare(runner, arch, label, classic ? cases.filter(isOfAllVersions) : cases);

  it('all modes, and what follows from their results', async () => {
    const first = await compare(
      'all*config',
      ALL_MODES.map((mode) => one(mode)),
    );
    const results = first.map(({ c }) => c['.config'] ?? '');
    expect(results.every((text) => text.length > 1000)).toBe(true);
    const next = results.flatMap((text) => after(text));
    await compare('olddefconfig and savedefconfig of these', next);
    expect(tally.differences(arch)).toEqual([]);
  });

  it('every defconfig: olddefconfig, savedefconfig', async () => {
    for (const names of chunks(defconfigs(env.SRCARCH as string), 24)) {
      const texts = names.map((name) => readFileSync(join(tree, name), 'utf8'));
      const full = await compare(
        'defconfigs: olddefconfig',
        texts.map((text) => one('olddefconfig', { '.config': text })),
      );
      await compare(
        'defconfigs: savedefconfig',
        full.map(({ c }) => one('savedefconfig=defconfig', { '.config': c['.config'] ?? '' })),
      );
    }
    expect(tally.differences(arch)).toEqual([]);
  });

  it('25 random configurations, and every form of KCONFIG_PROBABILITY', async () => {
    const seeds = Array.from({ length: THOROUGH.has(arch) ? 25 : 3 }, (_, i) =>
      String(i * 7919 + 1),
    );
    const runs = await compare(
      'randconfig',
      seeds.map((seed) => one('randconfig', {}, { KCONFIG_SEED: seed })),
    );
    await compare(
      'randconfig: savedefconfig',
      runs.map(({ c }) => one('savedefconfig=defconfig', { '.config': c['.config'] ?? '' })),
    );
    if (THOROUGH.has(arch)) {
      const forms = ['0', '100', '30', '10:20', '50:50', '0:100', '60:30:40', '100:0:0', '0:0:0'];
      const wrong = ['101', '60:50', '10:60:50', 'x', '', '-1', '10:', '1:2:3:4', ' 7', '7 '];
      const odds = [...forms, ...wrong].map((form) =>
        one('randconfig', {}, { KCONFIG_SEED: '0x2a', KCONFIG_PROBABILITY: form }),
      );
      await compare('KCONFIG_PROBABILITY', odds);
    }
    expect(tally.differences(arch)).toEqual([]);
  });

  it.runIf(THOROUGH.has(arch))('KCONFIG_ALLCONFIG in all its forms', async () => {
    const seed = 'CONFIG_MODULES=y\nCONFIG_EXT4_FS=m\n# CONFIG_NET is not set\nCONFIG_NR_CPUS=64\n';
    const names = ['all.config', 'allno.config', 'allyes.config', 'allmod.config', 'alldef.config'];
    const cases = [...ALL_MODES, 'randconfig'].flatMap((mode) => {
      const own = mode === 'randconfig' ? 'allrandom.config' : mode.replace(/config$/, '.config');
      return ['1', '', 'mini', 'missing'].flatMap((value) =>
        [
          {},
          { [own]: seed },
          { 'all.config': seed },
          { mini: seed },
          Object.fromEntries(names.map((name, i) => [name, `CONFIG_LOG_BUF_SHIFT=${12 + i}\n`])),
        ].map((files) => one(mode, files, { KCONFIG_ALLCONFIG: value, KCONFIG_SEED: '3' })),
      );
    });
    for (const some of chunks(cases, 25)) await compare('KCONFIG_ALLCONFIG', some);
    expect(tally.differences(arch)).toEqual([]);
  });

  it('fragments merged over the defconfig, as merge_config.sh has them applied', async () => {
    const folder = join(tree, 'arch', env.SRCARCH as string, 'configs');
    const own = list(folder).filter((name) => name.endsWith('.config'));
    const common = list(join(tree, 'kernel/configs')).filter((name) => name.endsWith('.config'));
    const [base] = defconfigs(env.SRCARCH as string);
    if (base === undefined) return;
    const start = readFileSync(join(tree, base), 'utf8');
    const fragments = [
      ...own.map((name) => join(folder, name)),
      ...common.map((name) => join(tree, 'kernel/configs', name)),
    ].map((path) => readFileSync(path, 'utf8'));
    const cases = (THOROUGH.has(arch) ? fragments : fragments.slice(0, 4)).flatMap((fragment) => [
      one(
        'alldefconfig',
        { 'all.config': `${start}\n${fragment}` },
        { KCONFIG_ALLCONFIG: 'all.config' },
      ),
      one(
        'allnoconfig',
        { 'all.config': `${start}\n${fragment}` },
        { KCONFIG_ALLCONFIG: 'all.config' },
      ),
    ]);
    for (const some of chunks(cases, 20)) await compare('merged fragments', some);
    expect(tally.differences(arch)).toEqual([]);
  });

  it.runIf(THOROUGH.has(arch))('syncconfig, and the files it touches after a change', async () => {
    const starts = await compare('sync: first', [
      one('alldefconfig'),
      one('allnoconfig'),
      one('allmodconfig'),
      one('randconfig', {}, { KCONFIG_SEED: '5' }),
    ]);
    const texts = starts.map(({ c }) => c['.config'] ?? '');
    const cases: FuzzCase[] = texts.flatMap((from, i) =>
      texts
        .filter((_, k) => k !== i)
        .map((to) => ({
          ...one('syncconfig', { '.config': from }),
          later: [
            { args: ['--syncconfig'], files: { '.config': to }, mark: true },
            { args: ['--syncconfig'], files: {}, mark: true },
          ],
        })),
    );
    for (const some of chunks(cases, 4)) await compare('sync: three in a row', some);
    expect(tally.differences(arch)).toEqual([]);
  });

  it.runIf(THOROUGH.has(arch))('every variable', async () => {
    const [{ c } = { c: {} as Record<string, string> }] = await compare('variables: base', [
      one('alldefconfig'),
    ]);
    const text = `${c['.config']}CONFIG_UNHEARD_OF=y\n`;
    const variables: Record<string, string>[] = [
      { KCONFIG_CONFIG: 'a/b/other' },
      { KCONFIG_CONFIG: '' },
      { KCONFIG_OVERWRITECONFIG: '1' },
      { KCONFIG_OVERWRITECONFIG: '' },
      { KCONFIG_WARN_UNKNOWN_SYMBOLS: '1' },
      { KCONFIG_WARN_UNKNOWN_SYMBOLS: '1', KCONFIG_WERROR: '1' },
      { KCONFIG_WERROR: '1' },
      { KCONFIG_NOSILENTUPDATE: '1' },
      { KCONFIG_AUTOCONFIG: 'made/auto' },
      { KCONFIG_AUTOHEADER: 'made/header.h' },
      { KCONFIG_RUSTCCFG: 'made/rust' },
      { KCONFIG_DEFCONFIG_LIST: 'none .config' },
      { KCONFIG_DEFCONFIG_LIST: 'none base also' },
      { CONFIG_: 'XX_' },
      { CONFIG_: '' },
    ];
    const modes = [
      'olddefconfig',
      'syncconfig',
      'oldconfig',
      'savedefconfig=defconfig',
      'alldefconfig',
    ];
    const cases = variables.flatMap((more) =>
      modes.flatMap((mode) => [
        one(mode, { '.config': text, base: text }, more),
        one(mode, { base: text }, more),
      ]),
    );
    for (const some of chunks(cases, 25)) await compare('variables', some);
    expect(tally.differences(arch)).toEqual([]);
  });

  it('configurations Debian ships: olddefconfig, savedefconfig, what is new', async () => {
    for (const [name, text] of debianConfigs(arch)) {
      const runs = ['olddefconfig', 'listnewconfig', 'oldconfig', 'helpnewconfig', 'syncconfig'];
      const [full] = await compare(
        `Debian's ${name}`,
        runs.map((mode) => one(mode, { '.config': text })),
      );
      await compare(`Debian's ${name}`, after(full?.c['.config'] ?? ''));
    }
    expect(tally.differences(arch)).toEqual([]);
  });

  function defconfigs(folder: string): string[] {
    const found = list(join(tree, 'arch', folder, 'configs'), true);
    return found
      .filter((name) => name.endsWith('defconfig'))
      .map((name) => `arch/${folder}/configs/${name}`);
  }
});

/** Random configurations were drawn otherwise before 6.11, and in 5.10 no variable makes errors of warnings. */
function isOfAllVersions({ args, env }: FuzzCase): boolean {
  return !args.includes('--randconfig') && env.KCONFIG_WERROR === undefined;
}

function values(result: Result): Result {
  return { code: result.code ?? '', ...valueLines(result) };
}

function one(
  mode: string,
  files: Record<string, string> = {},
  env: Record<string, string> = {},
): FuzzCase {
  return { args: [`--${mode}`], files, env, stdin: '' };
}

/** What is done with a finished configuration. */
function after(text: string): FuzzCase[] {
  return ['olddefconfig', 'savedefconfig=defconfig'].map((mode) => one(mode, { '.config': text }));
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const out: T[][] = [];
  for (let i = 0; i < items.length; i += size) out.push(items.slice(i, i + size));
  return out;
}

/** File names below a folder, sorted; none where there is no folder. */
function list(folder: string, deep = false): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: deep })
    .map(String)
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

/** Name and text of the configurations of the packages linux-config-* that are for an architecture. */
function debianConfigs(arch: Arch): [string, string][] {
  const debian = { x86_64: 'amd64', i386: 'i386', arm64: 'arm64' }[arch as string];
  const out: [string, string][] = [];
  for (const version of ['6.12', '6.1']) {
    const folder = `/usr/src/linux-config-${version}`;
    const names = list(folder).filter((name) => name.startsWith(`config.${debian}_`));
    if (names.length === 0 && arch === 'x86_64')
      console.log(
        `left out: Debian's configurations for ${version} (apt-get install linux-config-${version})`,
      );
    for (const name of names)
      out.push([
        `${version} ${name.replace(/^config\.|\.xz$/g, '')}`,
        execFileSync('xz', ['-dc', join(folder, name)], { maxBuffer: 1 << 26 }).toString(),
      ]);
  }
  return out;
}
