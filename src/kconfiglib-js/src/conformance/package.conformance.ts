import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const workspace = fileURLToPath(new URL('../..', import.meta.url));
const repository = resolve(workspace, '../..');
const modules = join(repository, 'node_modules');

/** A project with nothing in it but the package, as `npm pack` makes it. */
let project: string;
let installed: string;

const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, {
    cwd: project,
    encoding: 'utf8',
    env: {
      PATH: `${join(modules, '.bin')}:${process.env.PATH}`,
      HOME: project,
      npm_config_offline: 'true',
      npm_config_update_notifier: 'false',
    },
  });

const put = (name: string, text: string): void => writeFileSync(join(project, name), text);

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'kconfiglib-package-'));
  installed = join(project, 'node_modules/kconfiglib-js');
  const packed = run('npm', 'pack', workspace, '--pack-destination', project, '--silent');
  put('package.json', JSON.stringify({ name: 'stranger', private: true, type: 'module' }));
  run('npm', 'install', '--no-audit', '--no-fund', `./${packed.trim().split('\n').at(-1)}`);
  put('Kconfig', 'config A\n\tbool "a"\n\tdefault y\n');
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

const filesOf = (ending: string): string[] =>
  readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith(ending),
  );

describe('the packed package in an empty project', () => {
  it('has all it needs and nothing else', () => {
    const files = filesOf('');
    const wanted = ['README.md', 'API.md', 'CHANGELOG.md', 'LICENSE', 'bin/kconf.js'];
    const built = ['index.js', 'index.d.ts', 'batch.wasm', 'parse.wasm', 'bundle/kconf.cjs'];
    expect(files).toEqual(
      expect.arrayContaining([...wanted, ...built.map((name) => `dist/${name}`)]),
    );
    expect(files.filter((name) => /\.(map|tsbuildinfo)$|test|conformance/.test(name))).toEqual([]);
    expect(readdirSync(join(project, 'node_modules'))).toEqual(
      expect.arrayContaining(['kconfiglib-js']),
    );
    for (const name of files.filter((file) => /\.(js|cjs|ts|json|md|wasm)$/.test(file)))
      expect(readFileSync(join(installed, name), 'latin1'), name).not.toContain(repository);
    for (const name of [...filesOf('.js'), ...filesOf('.d.ts')])
      for (const [, from] of readFileSync(join(installed, name), 'utf8').matchAll(
        /^(?:im|ex)port .*from '(\.[^']*)'/gm,
      )) {
        const target = join(dirname(name), from as string);
        const file = name.endsWith('.d.ts') ? target.replace(/\.(ts|js)$/, '.d.ts') : target;
        expect(files, `${name} needs ${from}`).toContain(file);
      }
  });

  it('can be imported', () => {
    put(
      'use.js',
      `import { parse } from 'kconfiglib-js';
import { fsBinding } from 'kconfiglib-js/fs-binding';
console.log(typeof fsBinding, parse('Kconfig').config().get('A'));`,
    );
    expect(run('node', 'use.js')).toBe('function y\n');
  });

  it('has types that hold without those of Node', () => {
    put(
      'use.ts',
      `import { type Config, type Diagnostic, parse, type Shell } from 'kconfiglib-js';
const shell: Shell = () => 'y';
const kconfig = parse({ Kconfig: 'config A\\n' }, { shell });
const config: Config = kconfig.config();
export const list: readonly Diagnostic[] = kconfig.diagnostics;
export const value: string = config.get('A');
// @ts-expect-error: not anything goes
export const wrong: number = config.get('A');
`,
    );
    const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];
    const rest = ['--module', 'nodenext', '--target', 'es2022', '--types', '', '--noEmit'];
    expect(run('tsc', ...strict, ...rest, 'use.ts')).toBe('');
  });

  it('has a command, which uses what was compiled', () => {
    for (let i = 0; i < 2; i++) {
      run('npx', 'kconf', '--olddefconfig', 'Kconfig');
      expect(readFileSync(join(project, '.config'), 'utf8')).toContain('CONFIG_A=y\n');
    }
    const kept = join(project, '.cache/kconfiglib-js');
    expect(readdirSync(kept).sort()).toEqual(['code', 'trees']);
    const names = readdirSync(join(kept, 'code'));
    expect(names).toEqual(expect.arrayContaining(['kconf.cjs', 'read-tree.cjs']));
  });
});
