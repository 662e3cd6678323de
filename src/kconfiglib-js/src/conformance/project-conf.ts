import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Build the `conf` of any generation from its folder: scanner and parser of the kernel up to 4.20 (zconf.*) and since
 * (lexer.l, parser.y), ready-made or to be generated. Shell answers are kept as in `buildConf`.
 */
export function buildProjectConf(folder: string, defines: readonly string[] = []): string {
  const root = mkdtempSync(join(tmpdir(), 'kmatrix-conf-'));
  const cwd = join(root, 'kconfig');
  cpSync(folder, cwd, { recursive: true });
  const include = join(folder, '..', 'include');
  if (existsSync(include)) cpSync(include, join(root, 'include'), { recursive: true });
  for (const name of readdirSync(cwd))
    if (name.endsWith('_shipped')) copyFileSync(join(cwd, name), join(cwd, name.slice(0, -8)));
  const has = (name: string): boolean => existsSync(join(cwd, name));
  const run = (command: string, ...args: string[]): void => {
    const { status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stderr}`);
  };
  copyFileSync(new URL('cached-popen.c', import.meta.url), join(cwd, 'cached-popen.c'));
  run('gcc', '-O1', '-c', 'cached-popen.c');
  const flags = ['-w', '-O1', '-std=gnu11', '-I.', '-I../include', '-DKBUILD_NO_NLS', ...defines];
  flags.push('-Dpopen=cached_popen', '-Dpclose=fclose');
  run('gcc', ...flags, '-o', 'conf', ...sources(cwd, has, run), 'cached-popen.o');
  return join(cwd, 'conf');
}

function sources(
  cwd: string,
  has: (name: string) => boolean,
  run: (command: string, ...args: string[]) => void,
): string[] {
  if (!has('parser.y')) {
    if (!has('zconf.tab.c')) {
      run('flex', '-L', '-P', 'zconf', '-o', 'zconf.lex.c', 'zconf.l');
      run('bison', '-l', '-t', '-b', 'zconf', '-p', 'zconf', '-o', 'zconf.tab.c', 'zconf.y');
    }
    return ['conf.c', 'zconf.tab.c'];
  }
  if (!has('lexer.lex.c')) run('flex', '-L', '-o', 'lexer.lex.c', 'lexer.l');
  if (!has('parser.tab.c'))
    run('bison', '-l', '-t', '-o', 'parser.tab.c', '--defines=parser.tab.h', 'parser.y');
  const grammar = readFileSync(join(cwd, 'parser.y'), 'utf8');
  const parts = ['conf', 'confdata', 'expr', 'lexer.lex', 'menu', 'parser.tab', 'preprocess'];
  return [...parts, 'symbol', 'util']
    .map((part) => `${part}.c`)
    .filter((file) => has(file) && !grammar.includes(`#include "${file}"`));
}

/** Has the machine what building needs. */
export function canBuild(): boolean {
  return ['gcc', 'flex', 'bison'].every((tool) => {
    try {
      execFileSync(tool, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}
