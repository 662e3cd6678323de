import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Diagnostic, KconfigError } from '../diagnostics/diagnostic.ts';
import { E } from '../expr/store.ts';
import { T } from '../lex/tokens.ts';
import { ENTRY, MARK, type TreeColumns } from '../menu/columns.ts';
import type { Kconfig } from '../menu/kconfig.ts';
import { P } from '../menu/model.ts';
import { damaged } from '../testing/fuzz/damage.ts';
import { Random } from '../testing/fuzz/random.ts';
import { fuzzTree, TREE_ENV } from '../testing/fuzz/tree-grammar.ts';
import { CompiledParser } from './compiled.ts';
import { type ParseOptions, parse } from './parse.ts';
import * as numbers from './wasm/numbers.ts';

const SEEDS = Number(process.env.KMATRIX_MUTATIONS ?? 40);

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'kconfig-compiled-'));
});
afterAll(() => rmSync(home, { recursive: true }));

/** All that a parser leaves in the columns, by name. */
function contents(tree: TreeColumns): Record<string, unknown> {
  const { symbols, entries, props, store } = tree;
  const all: Record<string, unknown> = {
    names: symbols.names.all(),
    texts: tree.texts.all(),
    fileNames: tree.fileNames,
    files: tree.files,
    constants: [...tree.constants],
    members: [...tree.members],
    modules: tree.modules,
    helps: Buffer.from(tree.helps.bytes.subarray(1)).toString(),
    found: symbols.names.all().map((name) => tree.names.get(name)),
  };
  for (const [name, table] of Object.entries({ symbols, entries, props, store }))
    for (const [field, column] of Object.entries(table))
      if (ArrayBuffer.isView(column))
        all[`${name}.${field}`] = [...(column as Int32Array).subarray(0, table.count)];
  return all;
}

/** What reading a tree comes to. */
interface Read {
  kconfig?: Kconfig;
  columns?: Record<string, unknown>;
  diagnostics: readonly Diagnostic[];
  /** What was said while it was read, and what the shell was asked. */
  told: Diagnostic[];
  asked: string[];
}

function read(options: ParseOptions): Read {
  const told: Diagnostic[] = [];
  const asked: string[] = [];
  const rest = { told, asked };
  try {
    const kconfig = parse('Kconfig', {
      searchPath: [home],
      onDiagnostic: (d) => void told.push(d),
      shell: ({ command, span }) => {
        asked.push(`${span.file}:${span.line}: ${command}`);
        if (command === 'throw') throw new Error('no shell');
        return `answer ${asked.length}`;
      },
      ...options,
    });
    const { diagnostics } = kconfig;
    return { kconfig, columns: contents(kconfig.columns), diagnostics, ...rest };
  } catch (error) {
    if (error instanceof KconfigError) return { diagnostics: error.diagnostics, ...rest };
    if ((error as Error).message === 'no shell') return { diagnostics: [], ...rest };
    throw error;
  }
}

/** Read files in JavaScript and in WebAssembly: the same must come of it. Was it done there? */
function isCompiled(files: Record<string, string | Buffer>, options: ParseOptions = {}): boolean {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text);
  let done = false;
  const openCompiled = (keepsHelps: boolean): CompiledParser | undefined => {
    const parser = CompiledParser.open(keepsHelps);
    if (!parser) throw new Error('there is no compiled parser: npm run build');
    const { fill } = parser;
    parser.fill = (columns) => {
      fill.call(parser, columns);
      done = true;
    };
    return parser;
  };
  const { kconfig: plain, ...expected } = read(options);
  const { kconfig, ...found } = read({ ...options, openCompiled });
  expect(found).toEqual(expected);
  if (plain) {
    expect(kconfig?.config().write()).toBe(plain.config().write());
    expect(contents(kconfig?.columns as TreeColumns)).toEqual(contents(plain.columns));
  }
  return done && found.told.length === 0;
}

describe('a tree that is parsed in WebAssembly', () => {
  it('has the same numbers', () => {
    const { MARK_CONSTANT, MARK_CHOICE, MARK_IN_CHOICE, MARK_TRANSITIONAL, ...others } = numbers;
    expect(MARK).toMatchObject({
      CONSTANT: MARK_CONSTANT,
      CHOICE: MARK_CHOICE,
      IN_CHOICE: MARK_IN_CHOICE,
      TRANSITIONAL: MARK_TRANSITIONAL,
    });
    const { ENTRY_MENUCONFIG, ...rest } = others;
    expect(ENTRY_MENUCONFIG).toBe(ENTRY.MENUCONFIG);
    const kinds = Object.entries(P).map(([name, kind]) => [`P_${name}`, kind] as const);
    expect({ ...T, ...Object.fromEntries(kinds) }).toMatchObject(rest);
    // Comparisons follow each other alike.
    expect(T.GREATER_EQUAL - T.EQUAL).toBe(E.GREATER_EQUAL - E.EQUAL);
  });

  it('is what it is in JavaScript, and so is a damaged one', () => {
    let compiled = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = new Random(seed * 17);
      const { files } = fuzzTree(random);
      const dialect = ([undefined, '6.12', '7.0'] as const)[seed % 3];
      const options = { env: TREE_ENV, helps: random.chance(50), ...(dialect && { dialect }) };
      try {
        if (isCompiled(files, options)) compiled++;
        const name = random.pick(Object.keys(files));
        isCompiled({ ...files, [name]: damaged(random, files[name] ?? '') }, options);
      } catch (error) {
        throw new Error(`seed ${seed}: ${JSON.stringify(files)}`, { cause: error });
      }
    }
    expect(compiled).toBeGreaterThan(SEEDS / 3);
  });
});

/** A tree with something in it that the parser has to take just so. */
const SINGLE: Record<string, string | Buffer> = {
  'characters of several bytes': 'menu "Größe ☃"\nconfig A\n\tstring "ä"\n\thelp\n\t  ü\nendmenu\n',
  'quotes in quotes': `config A\n\tbool "a \\"b\\" 'c'"\n\tdefault '"'\n`,
  'a help text at the end': 'config A\n\tbool "a"\n\thelp\n\t  one\n\n\t  two',
  'a help text with tabs and blanks':
    'config A\n\tbool\n\thelp\n\t  a\n          b\n\t\tc\nconfig B\n\tbool\n',
  'a help text at column 1': 'config A\n\tbool\n\thelp\ntext\nconfig B\n\tbool\n',
  'a help text before a blank line': 'config A\n\tbool\n\thelp\n\t  a\n\n\nconfig B\n\tbool\n',
  'constants in both spaces': 'config A\n\tstring\n\tdefault "B" if C = "y" || y = "C"\n',
  'lines that go on': 'config A\n\tbool "a" \\\n\t  if B && \\\n C\n\tdepends on \\\n\tD\n',
  'a comment at the end': 'config A\n\tbool "a" # why\n# the end',
  'a macro that names a symbol': 'n := S\nconfig $(n)1\n\tbool "$(n)"\n\tdefault $(n)2\n',
  'macros that are nothing': '$(nothing)\nconfig A\n\tbool "a" $(nothing)\n$(nothing)\nv := 1\n',
  'questions for the shell':
    'a := $(shell,one)\nconfig A\n\tstring\n\tdefault "$(a) $(shell,two)"\n',
  'a choice':
    'choice\n\tprompt "c"\n\tdefault B\nconfig A\n\tbool "a"\nif X\nconfig B\n\tbool "b"\nendif\nendchoice\n',
  'ranges and selects':
    'config A\n\tint "a"\n\trange 1 B if C\nconfig B\n\tint\nconfig C\n\tbool\n\tselect D if E\n\timply F\n',
  'menus with conditions':
    'menu "m"\n\tvisible if A\n\tvisible if B\n\tdepends on C\nconfig D\n\tbool "d"\nendmenu\n',
};

/** Trees of which there is something to say, or that say something. */
const TOLD: Record<string, string | Buffer> = {
  'a word to the user behind questions':
    'a := $(shell,one)\n$(info,told $(a))\nb := $(shell,two)\n',
  'a shell that fails': 'a := $(shell,one)\nb := $(shell,throw)\n',
  'bytes that are no UTF-8': Buffer.from('config A\n\tbool "\xe4"\n', 'latin1'),
  'an end that is missing': 'menu "m"\nconfig A\n\tbool\n',
  'a file that is not there': 'a := $(shell,one)\nsource "not-there"\n',
  'a file in itself': 'source "Kconfig"\n',
  'a macro that begins a statement':
    'n := v\n$(n) = $(shell,one)\nconfig A\n\tint\n\tdefault $(v)\n',
  'an assignment behind a help text':
    'config A\n\tbool\n\thelp\n\t  text\nv = 1\nconfig B\n\tint\n\tdefault $(v)\n',
  'a zero': 'config A\n\tbool "a\0b"\n\0',
  'a help text of white space': 'config A\n\tbool "a"\n\thelp\n\t\f\r\nconfig B\n\tbool\n',
  'carriage returns': 'config A\r\n\tbool "a"\r\n',
};

describe('in WebAssembly', () => {
  it.each(Object.keys(SINGLE))('is parsed: %s', (what) => {
    expect(isCompiled({ Kconfig: SINGLE[what] as string })).toBe(true);
  });

  it.each(Object.keys(TOLD))('is left to JavaScript: %s', (what) => {
    expect(isCompiled({ Kconfig: TOLD[what] as string })).toBe(false);
  });

  it('is a dependency with a condition', () => {
    const text = 'config A\n\tbool "a"\n\tdepends on B if !(C && D=m || E) && F != n\n';
    expect(isCompiled({ Kconfig: text }, { dialect: '7.0' })).toBe(true);
  });

  it('are files that lie deep, one after the other and again', () => {
    const files: Record<string, string> = {
      Kconfig: 'source "K1"\nsource "K1"\nconfig Z\n\tbool\n',
    };
    for (let i = 1; i < 12; i++)
      files[`K${i}`] = `if A${i}\nsource "K${i + 1}"\nendif\nconfig B${i}\n\tbool "b"\n`;
    files.K12 = 'config C\n\tbool "c"\n';
    expect(isCompiled(files)).toBe(true);
  });

  it('is no tree that is larger than what there is room for', () => {
    const some = (file: number): string =>
      Array.from({ length: 4200 }, (_, i) => `\tdefault "${file * 5000 + i}"\n`).join('');
    const files: Record<string, string> = { Kconfig: '' };
    for (let i = 0; i < 4; i++) {
      files.Kconfig += `source "K${i}"\n`;
      files[`K${i}`] = `config S${i}\n\tstring\n${some(i)}`;
    }
    expect(isCompiled(files)).toBe(false);
    files.K3 = 'config S3\n\tstring\n';
    expect(isCompiled(files)).toBe(true);
    const one = 'config A\n\tbool\n';
    expect(isCompiled({ Kconfig: `${'# \n'.repeat(100_000)}${one}` })).toBe(false);
    expect(isCompiled({ Kconfig: one }, { limits: { symbols: 100 } })).toBe(false);
  });
});
