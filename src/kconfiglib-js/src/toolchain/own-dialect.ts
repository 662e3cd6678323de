import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Dialect } from '../parse/features.ts';

/** What folders with the sources of a `conf`, or with Kconfiglib, are called below one of scripts, or that itself. */
const FOLDERS = ['kconfig', 'config', 'Kconfiglib', '.'];

/** So many folders above a Kconfig file are looked in. */
const HIGHEST = 8;

/** The `conf` that lies with a tree of options. */
export interface OwnConf {
  /** The folder the tree is read from, which names in `source` are relative to. */
  readonly root: string;
  readonly dialect: Dialect;
  /** Files in `source` are patterns to it that need not match, as `glob` of the C library gives them. */
  readonly optionalSources: boolean;
}

/**
 * The `conf` a project has of its own for a Kconfig file, in a folder such as scripts/kconfig, tools/kconfig, util/kconfig,
 * extra/config or kconfig of the file's folder or of one above; undefined where there is none.
 */
export function ownConf(top: string): OwnConf | undefined {
  let root = dirname(resolve(top));
  for (let n = 0; n < HIGHEST; n++) {
    // What calls it lies above the file; a folder of many projects has none.
    const calls = n === 0 || existsSync(join(root, 'Makefile'));
    for (const folder of calls ? foldersOf(root) : []) {
      const dialect = confDialect(folder);
      if (dialect === undefined) continue;
      const lexer = join(folder, 'lexer.l');
      const optionalSources = existsSync(lexer) && /\bglob\(/.test(readFileSync(lexer, 'latin1'));
      return { root: callerOf(root, folder), dialect, optionalSources };
    }
    const above = dirname(root);
    if (above === root) return undefined;
    root = above;
  }
  return undefined;
}

/**
 * The dialect of a `conf` by its sources, told by what each generation has: macros since 4.18; an implied y made an m a y up to
 * 5.6; a number without a value is 0 since 6.8; optional choices up to 6.10; and what `DIALECTS` names since. Kconfiglib keeps
 * to 5.6; QEMU's minikconf has a language of its own. Undefined where the folder has none.
 */
export function confDialect(folder: string): Dialect | undefined {
  const text = (name: string): string => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path, 'latin1') : '';
  };
  if (!existsSync(join(folder, 'confdata.c'))) {
    if (existsSync(join(folder, 'minikconf.py'))) return 'minikconf';
    return existsSync(join(folder, 'kconfiglib.py')) ? '5.6' : undefined;
  }
  if (!existsSync(join(folder, 'preprocess.c'))) return '4.17';
  const symbol = text('symbol.c');
  if (symbol.includes('implied.tri == yes')) return '5.6';
  if (!symbol.includes('val = "0"')) return '6.7';
  const parser = text('parser.y');
  if (parser.includes('T_OPTIONAL')) return 'superset';
  if (text('menu.c').includes('expr_contains_symbol_negated')) return '7.3';
  if (parser.includes('must not have a prompt in another entry')) return '7.1';
  if (parser.includes('T_DEPENDS T_ON expr if_expr')) return '7.0';
  return parser.includes('T_TRANSITIONAL') ? '6.18' : '6.12';
}

/** The folder a `conf` that lies in this one is called in: the one above, where that has it two levels down and calls it. */
function callerOf(root: string, folder: string): string {
  const above = dirname(root);
  const deep = dirname(folder) === root && existsSync(join(above, 'Makefile'));
  return deep ? above : root;
}

/** Folders below one that may have a `conf`. */
function foldersOf(root: string): string[] {
  let names: string[];
  try {
    names = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
  return ['', ...names].flatMap((name) => FOLDERS.map((folder) => join(root, name, folder)));
}
