import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dialect } from '../parse/features.ts';
import { confDialect } from '../toolchain/own-dialect.ts';

const ARCHIVE = '/usr/src/linux-source-6.12.tar.xz';

/** The dialect of the tree's own `conf`, which may be that of another version than its Makefile names. */
export function treeDialect(tree: string): Dialect {
  const dialect = confDialect(join(tree, 'scripts/kconfig'));
  if (dialect === undefined) throw new Error(`${tree} has no scripts/kconfig`);
  return dialect;
}

/** A Linux tree: KMATRIX_LINUX, or Debian's archive of 6.12 unpacked once into a cache. */
export function linuxTree(): string {
  const given = process.env.KMATRIX_LINUX;
  if (given) {
    if (!existsSync(join(given, 'Kconfig')))
      throw new Error(`KMATRIX_LINUX=${given} holds no Kconfig`);
    return given;
  }
  const cache = join(tmpdir(), 'kmatrix-linux-6.12');
  const tree = join(cache, 'linux-source-6.12');
  if (existsSync(join(tree, 'Kconfig'))) return tree;
  if (!existsSync(ARCHIVE)) {
    throw new Error(
      'no Linux tree: run "apt-get install linux-source-6.12", or set KMATRIX_LINUX to a 6.12 tree',
    );
  }
  const unpacked = mkdtempSync(join(tmpdir(), 'kmatrix-unpack-'));
  execFileSync('tar', ['-xJf', ARCHIVE, '-C', unpacked]);
  mkdirSync(cache, { recursive: true });
  renameSync(join(unpacked, 'linux-source-6.12'), tree);
  return tree;
}

/**
 * Build the tree's own `conf` in a temporary directory and return its path. For `manyRuns` it keeps what shell commands
 * print (cached-popen.c), and mixes the bits of the addresses it looks expressions up by, without which it takes three
 * times as long and gives the same; the rest is as it is.
 */
export function buildConf(tree: string, manyRuns = false): string {
  const dir = mkdtempSync(join(tmpdir(), 'kmatrix-conf-'));
  for (const part of ['kconfig', 'include']) {
    cpSync(join(tree, 'scripts', part), join(dir, part), { recursive: true });
  }
  const cwd = join(dir, 'kconfig');
  const run = (command: string, ...args: string[]): void => {
    try {
      execFileSync(command, args, { cwd, stdio: 'pipe' });
    } catch (error) {
      throw new Error(`building conf failed (apt-get install gcc flex bison): ${String(error)}`);
    }
  };
  run('flex', '-L', '-o', 'lexer.lex.c', 'lexer.l');
  run('bison', '-l', '-t', '-o', 'parser.tab.c', '--defines=parser.tab.h', 'parser.y');
  const sources = [
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
  const flags = ['-O2', '-I../include', '-I.'];
  if (manyRuns) {
    const hash = join(dir, 'include/hash.h');
    const text = readFileSync(hash, 'utf8');
    const mixed = text.replace(
      /return (0x[0-9A-Fa-f]+) \* (\w+);/,
      '$2 *= $1; return $2 ^ $2 >> 15;',
    );
    writeFileSync(hash, mixed);
    flags.push('-Dpopen=cached_popen', '-Dpclose=fclose');
    copyFileSync(new URL('cached-popen.c', import.meta.url), join(cwd, 'cached-popen.c'));
    run('gcc', '-O2', '-c', 'cached-popen.c');
  }
  const objects = manyRuns ? ['cached-popen.o'] : [];
  run('gcc', ...flags, '-o', 'conf', ...sources.map((name) => `${name}.c`), ...objects);
  return join(cwd, 'conf');
}
