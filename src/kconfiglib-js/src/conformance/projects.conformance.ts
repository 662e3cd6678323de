import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { FuzzCase } from '../testing/fuzz/case.ts';
import { confDialect } from '../toolchain/own-dialect.ts';
import { runShell } from '../toolchain/run-shell.ts';
import { Answers } from './answers.ts';
import { FuzzRunner, type Result, valueLines } from './fuzz-run.ts';
import { parsedOnce } from './parsed-once.ts';
import { buildProjectConf, canBuild } from './project-conf.ts';
import { PROJECTS, type Project } from './projects.ts';
import { sourceTree } from './sources.ts';
import { Tally } from './tally.ts';

const SYSTEM = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C', LC_ALL: 'C', HOME: '/' };
const ALL_MODES = ['allnoconfig', 'alldefconfig', 'allyesconfig', 'allmodconfig'];
const wanted = process.env.KMATRIX_ONLY?.split(/[ ,]+/);

const tallies: Tally[] = [];
afterAll(() => console.log(tallies.map((tally) => tally.table()).join('\n')));

describe.each(PROJECTS.filter(({ name }) => !wanted || wanted.includes(name)))(
  'the conf of $name',
  (project) => {
    const { name } = project;
    const tally = new Tally(valuesOnly(project.ignore));
    tallies.push(tally);
    const setup = prepare(project);
    afterAll(() => setup?.runner.close());

    it.runIf(setup)('gives what kconf gives', { timeout: 1_800_000 }, async () => {
      const { runner, tree } = setup as NonNullable<typeof setup>;
      const has = (mode: string): boolean => !project.letters || `--${mode}` in project.letters;
      const compare = async (kind: string, cases: FuzzCase[]): Promise<Result[]> => {
        const done: Result[] = [];
        const some = cases.filter(({ args }) => has((args[0] as string).slice(2)));
        for (let i = 0; i < some.length; i += 20)
          done.push(
            ...(await tally.compare(runner, name, kind, some.slice(i, i + 20))).map(({ c }) => c),
          );
        return done;
      };
      const finished = await compare(
        'all*config',
        ALL_MODES.map((mode) => one(mode)),
      );
      expect(finished.length).toBeGreaterThan(0);
      expect(confDialect(join(tree, project.conf))).toBe(project.dialect);
      const shipped = configsOf(tree, project);
      finished.push(
        ...(await compare(
          'defconfigs: olddefconfig',
          shipped.map((text) => one('olddefconfig', text)),
        )),
      );
      const texts = finished.map((result) => result['.config'] ?? '');
      expect(texts.every((text) => text.length > 100)).toBe(true);
      await compare(
        'savedefconfig',
        texts.map((text) => one('savedefconfig=defconfig', text)),
      );
      await compare(
        'half of it: olddefconfig',
        texts.slice(0, 12).map((text) => one('olddefconfig', thinned(text))),
      );
      await compare(
        'half of it: listnewconfig',
        texts.slice(0, 12).map((text) => one('listnewconfig', thinned(text))),
      );
      expect(tally.differences(name)).toEqual([]);
    });
  },
);

function prepare(project: Project): { runner: FuzzRunner; tree: string } | undefined {
  const { name, source, root = '.', conf, links, letters } = project;
  const sources = canBuild() ? sourceTree(name, source) : undefined;
  if (sources === undefined) {
    console.log(
      `left out: ${name}: no sources of ${source.package}, or no gcc, flex and bison. Put them into ` +
        `$KMATRIX_PROJECTS/${name}, or let apt-get reach a Debian archive.`,
    );
    return undefined;
  }
  const tree = join(sources, root);
  project.prepare?.(tree);
  const answers = new Answers();
  const cwd = mkdtempSync(join(tmpdir(), 'kmatrix-probes-'));
  const env = {
    ...SYSTEM,
    ...project.env(tree),
    srctree: tree,
    KCONFIG_DEFCONFIG_LIST: '',
    KCONF_ANSWERS: answers.directory,
  };
  const shell = answers.shell(({ command }) => runShell(command, { env, cwd }));
  const runner = new FuzzRunner(
    buildProjectConf(join(tree, conf), project.defines),
    parsedOnce(shell),
    {
      env,
      dialect: project.dialect,
      seconds: 60,
      maxOutput: 1 << 26,
      top: project.top,
      ...(links && { links: tree }),
      ...(letters && {
        argsOfC: (args) => args.flatMap((arg) => (letters[arg] ?? arg).split(' ')),
      }),
    },
  );
  return { runner, tree };
}

function configsOf(tree: string, { configs, most = Number.POSITIVE_INFINITY }: Project): string[] {
  const all = readdirSync(tree, { recursive: true })
    .map(String)
    .filter((name) => configs.test(name) && statSync(join(tree, name)).isFile())
    .sort();
  const step = Math.max(1, Math.ceil(all.length / most));
  return all.filter((_, i) => i % step === 0).map((name) => readFileSync(join(tree, name), 'utf8'));
}

function one(mode: string, config?: string): FuzzCase {
  const files: Record<string, string> = config === undefined ? {} : { '.config': config };
  return { args: [`--${mode}`], files, env: {}, stdin: '' };
}

/** A configuration without every third line. */
function thinned(text: string): string {
  return text
    .split('\n')
    .filter((_, i) => i % 3 !== 0)
    .join('\n');
}

/**
 * What of a run is the same in all generations of `conf`: the exit code, the values in their order, and warnings but for
 * their wording and, where they are paragraphs, how often and in which order they come.
 */
function valuesOnly(ignore: Project['ignore']): (result: Result) => Result {
  return (result) => only(result, ignore);
}

function only(result: Result, ignore: Project['ignore']): Result {
  const warnings = (result.stderr ?? '')
    .replaceAll(':notice: ', ':warning: ')
    .replace(/(warning: unexpected data).*/g, '$1')
    .trim()
    .split('\n\n');
  const stderr = [...new Set(warnings)].sort().join('\n\n');
  return { code: result.code ?? '', stderr, ...valueLines(result, ignore) };
}
