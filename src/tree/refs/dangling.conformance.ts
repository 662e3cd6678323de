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
import { kconfigOperands } from './kconfig-operands.test-util.ts';

/** A whole Linux, not only its Kconfig files: KMATRIX_LINUX, or 6.12. */
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

/** Where the whole name of an option stands in a line, as C, Kbuild and prose mention it. */
function mentions(line: string, symbol: string): string[] {
  const word = new RegExp(`(?<![A-Za-z0-9_])D?CONFIG_${symbol}(?![A-Za-z0-9_]).?`, 'g');
  return line.match(word) ?? [];
}

const read = cached((file) => readFileSync(join(ROOT, file), 'utf8'));
const linesOf = cached((file) => read(file).split('\n'));
const operandsOf = cached((file) => kconfigOperands(read(file)));

function cached<T>(make: (file: string) => T): (file: string) => T {
  const made = new Map<string, T>();
  return (file) => {
    if (!made.has(file)) made.set(file, make(file));
    return made.get(file) as T;
  };
}

/**
 * Why the script names an option in a file and kmatrix does not: classes a reading of the file apart from both decides,
 * none of which holds where the option is really mentioned.
 */
function mistaken(symbol: string, file: string): string | undefined {
  if (/[^\x21-\x7e]/.test(symbol)) return 'it takes letters beyond ASCII for part of a name';
  if (isKconfig(file)) {
    const used = [...operandsOf(file).values()].some((words) => words.has(symbol));
    return used ? undefined : 'it reads prose, prompts and calls of macros as expressions';
  }
  const found = linesOf(file).flatMap((line) => mentions(line, symbol));
  return found.length > 0 && found.every((mention) => mention.endsWith('('))
    ? 'it takes macros with arguments for options'
    : undefined;
}

/** Why the script does not name an option kmatrix names in a line; undefined too where it is not mentioned there. */
function overlooked({ file, line }: FoundReference, symbol: string): string | undefined {
  if (isKconfig(file)) {
    return operandsOf(file).get(line)?.has(symbol)
      ? 'it reads no conditions of prompts, and not all expressions to their end'
      : undefined;
  }
  const own = linesOf(file)[line - 1] ?? '';
  if (!mentions(own, symbol).some((mention) => !mention.endsWith('('))) return undefined;
  if (file.startsWith('tools/')) return 'it leaves tools/ out';
  if (/ChangeLog|\.log/.test(file)) return 'it leaves change logs out';
  if (/^(?:FOO|BAR|FOO_BAR|XXX)$/.test(symbol)) return 'it leaves these names out';
  const joined = new RegExp(`[^\\x00-\\x7f]D?CONFIG_${symbol}|CONFIG_${symbol}[^\\x00-\\x7f]`);
  return joined.test(own) ? 'it takes letters beyond ASCII for part of a name' : undefined;
}

describe('beside scripts/checkkconfigsymbols.py', () => {
  test('what it alone names is not mentioned there', () => {
    const unexplained = [...theirs].flatMap(([symbol, files]) => {
      const known = filesOf(symbol);
      return files
        .filter((file) => !known.has(file) && mistaken(symbol, file) === undefined)
        .map((file) => `${symbol} ${file}`);
    });
    expect(unexplained).toEqual([]);
  });

  test('what kmatrix alone names is mentioned there, where the script does not look', () => {
    const unexplained = [...ours].flatMap(([symbol, references]) => {
      const known = new Set(theirs.get(symbol) ?? []);
      return references
        .filter((one) => !known.has(one.file) && overlooked(one, symbol) === undefined)
        .map(({ file, line }) => `${symbol} ${file}:${line}`);
    });
    expect(unexplained).toEqual([]);
  });

  test('nothing both name could be missing unnoticed', () => {
    const named = [...theirs].flatMap(([symbol, files]) => {
      const known = filesOf(symbol);
      return files.filter((file) => known.has(file)).map((file) => [symbol, file] as const);
    });
    expect(named.length).toBeGreaterThan(0);
    const excused = named.filter(([symbol, file]) => mistaken(symbol, file) !== undefined);
    expect(excused).toEqual([]);
  });

  function filesOf(symbol: string): ReadonlySet<string> {
    return new Set((ours.get(symbol) ?? []).map(({ file }) => file));
  }
});

/** Lines were found by hand in 6.12. */
const is612 = /^VERSION = 6\nPATCHLEVEL = 12$/m.test(readFileSync(join(ROOT, 'Makefile'), 'utf8'));

test.runIf(is612)(
  'references of PER_VMA_LOCK are those found by hand, with the functions around them',
  () => {
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
  },
);
