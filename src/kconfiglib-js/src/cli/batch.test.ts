import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchEngine } from '../batch/engine.ts';
import { hasLoop } from '../eval/loops.ts';
import type { Program } from '../eval/program.ts';
import type { Kconfig } from '../menu/kconfig.ts';
import { parse } from '../parse/parse.ts';
import { checksum } from '../snapshot/container.ts';
import { type FoundSnapshot, findSnapshot } from '../snapshot/find.ts';
import { parseAndKeep } from '../snapshot/snapshot.ts';
import { type RandomTree, randomTree, valueFor } from '../testing/random-tree.ts';
import { engineFor, findLoop, mayBatch, readAndBatch, runBatch } from './batch.ts';
import type { Io } from './io.ts';
import { type Options, readOptions } from './options.ts';
import { parseOptions } from './parse-options.ts';
import { readTree } from './read-tree.ts';
import { run } from './run.ts';

const root = mkdtempSync(join(tmpdir(), 'kconf-batch-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** What a run left behind. */
interface Left {
  code: number;
  stdout: string;
  stderr: string;
  files: Record<string, string>;
}

/** Do a run in a directory of its own. Undefined where it was left to others, and then nothing may have come of it. */
function left(
  tree: string,
  config: string | Buffer,
  env: Record<string, string>,
  perform: (options: Options, io: Io) => number | undefined,
): Left | undefined {
  const cwd = join(root, 'work');
  rmSync(cwd, { recursive: true, force: true });
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'Kconfig'), tree);
  writeFileSync(join(cwd, '.config'), config);
  writeFileSync(join(cwd, 'auto.conf'), '');
  const out = { stdout: '', stderr: '' };
  const io: Io = {
    progname: 'conf',
    cwd,
    env: { KCONFIG_AUTOCONFIG: 'auto.conf', KCONF_DIALECT: '7.0', ...env },
    tty: () => false,
    stdout: (text) => void (out.stdout += text),
    stderr: (text) => void (out.stderr += text),
    readLine: () => undefined,
  };
  const options = readOptions(['--olddefconfig', 'Kconfig'], 'conf');
  const code = perform(options, io);
  if (code === undefined) {
    expect(readdirSync(cwd)).toEqual(['.config', 'Kconfig', 'auto.conf']);
    return undefined;
  }
  const files = readdirSync(cwd).map((name) => [name, readFileSync(join(cwd, name), 'latin1')]);
  return { code, ...out, files: Object.fromEntries(files) as Left['files'] };
}

const readSmall = (io: Io): Kconfig =>
  readTree('Kconfig', io, { ...parseOptions(io), room: 64, findLoop });

/** What a tree and a file come to in JavaScript, and in WebAssembly: undefined where it was not done there. */
function both(
  tree: string,
  config: string | Buffer,
  env: Record<string, string> = {},
): { js: Left; batch: Left | undefined } {
  const js = left(tree, config, env, (options, io) => run(options, io, () => readSmall(io)));
  const batch = left(tree, config, env, (options, io) => {
    if (!mayBatch(options, io)) return undefined;
    const printed: string[] = [];
    const more = (text: string): void => void printed.push(text);
    const kconfig = readSmall(io);
    const code = readAndBatch(options, { ...io, stdout: more, stderr: more }, () => kconfig);
    if (typeof code !== 'number') expect(printed).toEqual([]);
    else for (const text of printed) io.stdout(text);
    return typeof code === 'number' ? code : undefined;
  });
  return { js: js as Left, batch };
}

/** A line for a symbol: mostly one with a value it can have. */
function lineFor({ names, types }: RandomTree, symbol: number, n: number): string {
  const at = symbol % names.length;
  const name = names[at] as string;
  const type = types[at] as RandomTree['types'][number];
  if (n % 11 === 7) return '';
  if (n % 11 === 8) return `# CONFIG_${name} is of no use`;
  if (n % 11 === 9) return n % 2 === 0 ? 'CONFIG_NOT_THERE=y' : '# CONFIG_NOT_THERE is not set';
  const value = valueFor(type, n);
  if (value === 'n') return `# CONFIG_${name} is not set`;
  return `CONFIG_${name}=${type === 'string' ? `"${value}"` : value}${n % 13 === 0 ? '\r' : ''}`;
}

/** Trees, and files with a line for each of some symbols. */
const cases = randomTree(false, true).chain((random) =>
  fc
    .uniqueArray(fc.tuple(fc.nat(99), fc.nat(999)), {
      selector: ([symbol]) => symbol % random.names.length,
      maxLength: 20,
    })
    .map((lines) => ({
      tree: random.text,
      config: lines.map(([symbol, n]) => `${lineFor(random, symbol, n)}\n`).join(''),
    })),
);

describe('a run in WebAssembly', () => {
  it('leaves behind what one in JavaScript does, and most are done there', () => {
    let done = 0;
    let unchanged = 0;
    const runs = 60;
    fc.assert(
      fc.property(cases, ({ tree, config }) => {
        const first = both(tree, config);
        if (first.batch === undefined) return;
        done++;
        expect(first.batch).toEqual(first.js);
        // What was written before is found to be as it was read, which takes another way.
        const again = both(tree, first.js.files['.config'] as string);
        if (again.js.stdout.includes('No change')) unchanged++;
        // It may force a symbol that the first did not.
        if (again.batch === undefined) expect(again.js.stderr).toContain('unmet');
        else expect(again.batch).toEqual(again.js);
      }),
      { numRuns: runs },
    );
    expect(done).toBeGreaterThan(runs / 6);
    expect(unchanged).toBeGreaterThan(done / 2);
  });

  const TREE = `mainmenu "Títle"
config MODULES
	bool "modules"
	modules
config A
	tristate "a"
	select B
config B
	bool
	depends on MODULES
config N
	int "n"
	range 1 10 if !A
	default 5
config H
	hex "h"
	range 0x10 LIMIT
	default 12
config LIMIT
	hex
	default 0xff
config T
	string "t"
	default "a \\"b\\" \\\\"
config BIG
	bool "big"
	depends on N > 7 && T != "x" && H >= 0x20
menu "Menü"
config IN_MENU
	bool "in menu"
endmenu
comment "a comment"
	depends on BIG
choice
	prompt "one"
config Y1
	bool "y1"
config Y2
	bool "y2"
config Y3
	bool "y3" if MODULES
endchoice
`;

  // Files must have been left alone for a moment before a snapshot is kept.
  const kept = join(root, 'kept');
  const place = { directory: join(kept, 'cache'), cwd: kept };
  beforeAll(async () => {
    mkdirSync(kept);
    writeFileSync(join(kept, 'Kconfig'), TREE);
    await new Promise((done) => setTimeout(done, 120));
    parseAndKeep('Kconfig', { searchPath: [kept] }, place, parse);
  });

  /** The same over a snapshot that is read to where it is needed. */
  function overSnapshot(config: string, env: Record<string, string> = {}): Left | undefined {
    let engine: BatchEngine | undefined;
    const found = findSnapshot('Kconfig', { searchPath: [kept] }, place, (size) => {
      engine = engineFor(size);
      return engine;
    });
    const { program, hashOrder, summary } = found as FoundSnapshot;
    const tree = { program, hashOrder, mainmenu: summary.mainmenu };
    return left(TREE, config, env, (options, io) => runBatch(options, io, tree, engine));
  }

  it.each([
    ['nothing', ''],
    ['numbers out of range', 'CONFIG_N=99999999999999999999\nCONFIG_H=0x1\n'],
    ['numbers in range', 'CONFIG_N=-3\nCONFIG_H=ab\nCONFIG_A=y\nCONFIG_MODULES=y\n'],
    ['a comparison that holds', 'CONFIG_N=9\nCONFIG_H=0x30\nCONFIG_BIG=y\n'],
    ['texts with escapes', 'CONFIG_T="\\"q\\" \\\\ \\x"\nCONFIG_BIG=y\n'],
    ['a text without quotes', 'CONFIG_T=plain\n'],
    ['members of a choice', '# CONFIG_Y1 is not set\nCONFIG_Y3=y\nCONFIG_Y2=y\nCONFIG_MODULES=y\n'],
    ['all members taken back', '# CONFIG_Y1 is not set\n# CONFIG_Y2 is not set\n'],
    ['no newline at the end', 'CONFIG_IN_MENU=y'],
    ['a carriage return at the end', 'CONFIG_IN_MENU=y\r'],
    ['comments of all kinds', '#\n# \n#CONFIG_A is not set\n# CONFIG_A is not set \n# CONFIG_\n'],
    ['another prefix', 'BR2_MODULES=y\nBR2_A=m\n# BR2_Y1 is not set\n', { CONFIG_: 'BR2_' }],
    ['no prefix', 'A=m\nMODULES=y\n', { CONFIG_: '' }],
    ['a file that is overwritten', 'CONFIG_MODULES=y\n', { KCONFIG_OVERWRITECONFIG: '1' }],
  ] as [string, string, Record<string, string>?][])('takes %s', (_, config, env) => {
    const { js, batch } = both(TREE, config, env);
    expect(batch).toBeDefined();
    expect(batch).toEqual(js);
    expect(overSnapshot(config, env)).toEqual(js);
  });

  it.each([
    ['a symbol that is selected against its dependencies', 'CONFIG_A=y\n'],
    ['a symbol with two lines', 'CONFIG_N=1\nCONFIG_N=2\n'],
    ['a line that is none', 'CONFIG_N\n'],
    ['a line of something else', 'OTHER=y\n'],
    ['a value that is none', 'CONFIG_N=1x\n'],
    ['a bool that is m', 'CONFIG_IN_MENU=m\n'],
    ['a text without an end', 'CONFIG_T="a\n'],
    ['characters that are not ASCII', 'CONFIG_T="é"\n'],
    ['bytes that are no characters', Buffer.from('CONFIG_T="\xff"\n', 'latin1')],
    ['a number that is not set', '# CONFIG_N is not set\n'],
    ['a zero', 'CONFIG_MODULES=y\0\n'],
    ['a wish to be told of unknown names', '', { KCONFIG_WARN_UNKNOWN_SYMBOLS: '1' }],
    ['a strange prefix', '', { CONFIG_: 'A B' }],
  ] as [string, string | Buffer, Record<string, string>?][])(
    'leaves %s to others, and has done nothing',
    (_, config, env) => {
      expect(both(TREE, config, env).batch).toBeUndefined();
    },
  );

  it('leaves a transitional symbol that has a value to others', () => {
    const tree = 'config OLD\n\tbool\n\ttransitional\nconfig NEW\n\tbool "new"\n\tdefault OLD\n';
    expect(both(tree, 'CONFIG_OLD=y\n').batch).toBeUndefined();
    expect(both(tree, 'CONFIG_NEW=y\n').batch).toBeDefined();
  });

  it('has no select raise a transitional symbol', () => {
    const tree =
      'config S\n\tbool "s"\n\tselect OLD\nconfig OLD\n\tbool\n\ttransitional\nconfig B\n\tbool "b" if OLD\n';
    const { js, batch } = both(tree, 'CONFIG_S=y\n');
    expect(batch).toEqual(js);
    expect(JSON.stringify(batch)).not.toContain('CONFIG_B');
  });

  it('leaves a tree of constants that are not ASCII to others', () => {
    expect(both('config T\n\tstring "t"\n\tdefault "é"\n', '').batch).toBeUndefined();
  });
});

describe('the search for loops', () => {
  const symbol = fc.record({
    depends: fc.option(fc.tuple(fc.nat(15), fc.nat(15))),
    value: fc.option(fc.tuple(fc.nat(15), fc.nat(15))),
    selects: fc.option(fc.nat(15)),
    inChoice: fc.boolean(),
  });

  it('says in WebAssembly what it says in JavaScript', () => {
    let found = 0;
    let runs = 0;
    fc.assert(
      fc.property(fc.array(symbol, { minLength: 1, maxLength: 8 }), (symbols) => {
        // Half of the names are of no symbol.
        const name = (i: number): string => `S${i}`;
        const text = symbols.map(({ depends, value, selects, inChoice }, i) => {
          const lines = [`config S${i}`, '\tbool "s"'];
          if (depends) lines.push(`\tdepends on ${name(depends[0])} || ${name(depends[1])} = y`);
          if (value && !inChoice) lines.push(`\tdefault ${name(value[0])} if !${name(value[1])}`);
          if (selects !== null && !inChoice) lines.push(`\tselect ${name(selects)}`);
          const own = lines.join('\n');
          return inChoice ? `choice\n\tprompt "c"\n${own}\nendchoice\n` : `${own}\n`;
        });
        const said: boolean[][] = [];
        const ask = (program: Program): boolean => {
          said.push([findLoop(program), hasLoop(program)]);
          return false;
        };
        parse({ Kconfig: text.join('') }, { findLoop: ask });
        for (const [quick, slow] of said) {
          runs++;
          if (slow) found++;
          expect(quick).toBe(slow);
        }
      }),
      { numRuns: 200 },
    );
    expect(found).toBeGreaterThan(runs / 10);
    expect(found).toBeLessThan((runs * 9) / 10);
  });
});

describe('the sum of a snapshot', () => {
  it('is the same in WebAssembly', () => {
    const engine = engineFor(0) as BatchEngine;
    const words = fc.array(fc.tuple(fc.integer(), fc.integer()), { maxLength: 40 });
    fc.assert(
      fc.property(words, (pairs) => {
        const given = Int32Array.from(pairs.flat());
        engine.clear();
        const bytes = engine.claim(given.byteLength);
        bytes.set(new Uint8Array(given.buffer));
        expect(engine.checksum(bytes)).toBe(checksum(bytes));
      }),
    );
  });
});
