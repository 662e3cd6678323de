import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { packagePath } from '../../input/index.ts';
import { scanTree } from '../scan/scan-tree.ts';
import { isKconfig } from '../scan/what-file.ts';
import { SourceTree } from '../source/source-tree.ts';
import { type FoundReference, findDangling, findReferences } from './find.ts';

/** A whole Linux 6.12, not only its Kconfig files. */
const ROOT = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12', 'linux-source-6.12');

let tree: SourceTree;
let ours: Map<string, readonly FoundReference[]>;
let theirs: Map<string, readonly string[]>;

beforeAll(async () => {
  tree = new SourceTree(ROOT, await scanTree(ROOT));
  ours = new Map((await findDangling(tree)).map(({ symbol, references }) => [symbol, references]));
  const script = packagePath('src', 'tree', 'refs', 'checkkconfigsymbols.py');
  const out = execFileSync('python3', [script, ROOT], { maxBuffer: 1 << 28 });
  const { undefined: found } = JSON.parse(out.toString()) as {
    undefined: Record<string, string[]>;
  };
  theirs = new Map(Object.entries(found));
});

describe('beside scripts/checkkconfigsymbols.py', () => {
  /** Why the script names an option in a file and kmatrix does not. */
  function reasonOf(symbol: string, file: string): string | undefined {
    if (/[^\x21-\x7e]/.test(symbol)) return 'it takes letters beyond ASCII for part of a name';
    const text = readFileSync(join(ROOT, file), 'utf8');
    if (text.includes(`CONFIG_${symbol}(`)) return 'it takes macros with arguments for options';
    if (!isKconfig(file)) return undefined;
    const lines = text.split('\n');
    const word = new RegExp(`(?<![\\w])${symbol}(?![\\w])`);
    const said = lines.filter((line) => word.test(line));
    const operand = (line: string): boolean =>
      // Statements are indented by a tab at most in these files, help texts by more.
      /^\t?(?:depends|select|imply|visible|range|default|def_\w+|if)\b/.test(line) &&
      word.test(line.replace(/#.*|"[^"]*"/g, '').replace(/\$\(.*\)/, ''));
    return said.some(operand)
      ? undefined
      : 'it reads prose, prompts and calls of macros as expressions';
  }

  /** Why kmatrix names an option in a file and the script does not. */
  function whyOurs({ file, line }: FoundReference, symbol: string): string | undefined {
    if (file.startsWith('tools/')) return 'it leaves tools/ out';
    if (/ChangeLog|\.log/.test(file)) return 'it leaves change logs out';
    if (/^(?:FOO|BAR|FOO_BAR|XXX)$/.test(symbol)) return 'it leaves these names out';
    const text = readFileSync(join(ROOT, file), 'utf8').split('\n');
    const own = text[line - 1] ?? '';
    if (/[^\x00-\x7f]/.test(own)) return 'it takes letters beyond ASCII for part of a name';
    if (/^\s*(?:bool|tristate|def_\w+)\b|^\s*default \w+$/.test(own)) {
      return 'it does not read conditions of prompts, nor a default without more';
    }
    if (/^\s*depends on .*\|\||CONFIG_/.test(own))
      return 'its expression for expressions ends early';
    return undefined;
  }

  test('every option it alone names is explained', () => {
    const unexplained = [...theirs].flatMap(([symbol, files]) => {
      const known = new Set((ours.get(symbol) ?? []).map(({ file }) => file));
      return files
        .filter((file) => !known.has(file) && reasonOf(symbol, file) === undefined)
        .map((file) => `${symbol} ${file}`);
    });
    expect(unexplained).toEqual([]);
  });

  test('every option kmatrix alone names is explained', () => {
    const unexplained = [...ours].flatMap(([symbol, references]) => {
      const known = new Set(theirs.get(symbol) ?? []);
      return references
        .filter((one) => !known.has(one.file) && whyOurs(one, symbol) === undefined)
        .map(({ file, line }) => `${symbol} ${file}:${line}`);
    });
    expect(unexplained).toEqual([]);
  });

  test('most are named by both', () => {
    const both = [...theirs.keys()].filter((symbol) => ours.has(symbol));
    expect(both.length).toBeGreaterThan(theirs.size * 0.95);
  });
});

test('references of PER_VMA_LOCK are those found by hand, with the functions around them', () => {
  const found = ['PER_VMA_LOCK', 'PER_VMA_LOCK_STATS'].flatMap(
    (symbol) => findReferences(tree, symbol).references,
  );
  const truth = readFileSync(
    packagePath('src', 'tree', 'testdata', 'per-vma-lock-references-6.12.txt'),
    'utf8',
  );
  const lines = found.map(({ file, line }) => `${file}:${line}`);
  for (const one of truth.trim().split('\n')) expect(lines).toContain(one);
  expect(found.find(({ file }) => file === 'mm/memory.c')).toMatchObject({
    in: 'sanitize_fault_flags()',
    condition: 'MMU!=n',
    state: 'live',
  });
});
