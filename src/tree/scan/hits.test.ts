import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { folderOf } from '../testing/folder.test-util.ts';
import { CompiledHits } from './compiled-hits.ts';
import { HitReader } from './hit-reader.ts';
import { HIT } from './hits.ts';
import { type HitsOfFiles, ROOM } from './hits-of-files.ts';
import { PlainHits } from './plain-hits.ts';

/** What was found from a row on, as texts. */
function shown(hits: HitsOfFiles, from = 0): string[] {
  const { names, name, offset, kind } = hits.rows();
  const all = [...name].map((id, row) => `${kind[row]} ${names[id]}@${offset[row]}`);
  return all.slice(from);
}

/** One for all, with hardly any room in its tables at first: an instance takes a while to make. */
const compiled = new CompiledHits(1 << 10, 4, 4);

/** What is found in a file, by either means the same. */
function found(bytes: Buffer, isKconfig: boolean): string[] {
  const [first, second] = [new PlainHits(100), compiled].map((hits) => {
    const before = hits.length;
    hits.reserve(bytes.length);
    hits.bytes.fill('CONFIG_');
    bytes.copy(hits.bytes, ROOM);
    hits.addFile(ROOM, bytes.length, isKconfig);
    return shown(hits, before);
  });
  expect(second).toEqual(first);
  return first as string[];
}

const inSource = (bytes: Buffer): string[] => found(bytes, false);

test('options of a source file are those a plain expression finds', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(
        'CONFIG_',
        'D',
        '-D',
        '_',
        ' ',
        '\n',
        'A',
        'b',
        '9',
        'AB',
        '(',
        'IS_ENABLED(',
      ),
      fc.constantFrom('CONFIG_SMP', 'CONFIG_64BIT', 'XCONFIG_NO_NO', 'é'),
    ),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join('');
      const bytes = Buffer.from(text, 'latin1');
      const expected = [...text.matchAll(/CONFIG_([A-Za-z0-9_]*)/g)]
        .filter(({ index, 1: name }) => {
          const before = text.slice(0, index);
          if (/\w$/.test(before) && !/(?:^|\W)D$/.test(before)) return false;
          return (name!.match(/[A-Z0-9]/g)?.length ?? 0) >= 2 && !name!.endsWith('_');
        })
        .map(({ index, 1: name }) => `${HIT.SOURCE} ${name}@${index + 7}`);
      expect(inSource(bytes)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test('a file read in pieces has the mentions of the whole', () => {
  const path = join(folderOf({}), 'f');
  const piece = fc.constantFrom('CONFIG_', 'D', '_', ' ', 'FIG_', 'CON', 'AB', 'CONFIG_SMP');
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 60 }),
      fc.integer({ min: 10, max: 40 }),
      (parts, size) => {
        const text = Buffer.from(parts.join(''));
        writeFileSync(path, text);
        for (const hits of [new PlainHits(size), new CompiledHits(size)]) {
          new HitReader(size, hits).read(path, false);
          expect(shown(hits)).toEqual(inSource(text));
        }
      },
    ),
    { numRuns: 200 },
  );
});

const inKconfig = (text: string): string[] => {
  return found(Buffer.from(text, 'latin1'), true).map((one) => {
    const [, kind, name, offset] = /^(\d) (\w+)@(\d+)$/.exec(one) as unknown as string[];
    expect(text.slice(Number(offset), Number(offset) + name!.length)).toBe(name);
    return `${Number(kind) === HIT.DEFINES ? 'config' : 'uses'} ${name}`;
  });
};

it('finds what a Kconfig file defines and uses', () => {
  expect(
    inKconfig(`
config SMP
	bool "Is SMP if THIS or THAT" if EXPERT && \\
		!TINY
	depends on (A=m || B!="text C") && $(cc-option,-DX)
	select DEEP if E # F
	default 0x10 if G < 32
	def_bool $(success,test $(echo $(X1) Y1) H) && I
	range 1 J
	help
	  select K if L

	  config M

	menuconfig N # comment
if O
visible if P
menu "Q if R"
menuconfig R3
select \\
	T4
depends on(U5)
dependson V6
config W7 X8
comment "S"
endif
`),
  ).toEqual(
    'config SMP,uses EXPERT,uses TINY,uses A,uses B,uses DEEP,uses E,uses 0x10,uses G,uses I,uses J,config N,uses O,uses P,config R3,uses T4,uses U5'
      .split(',')
      .filter((one) => one !== 'uses 0x10'),
  );
});

test('names are told apart however many there are', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2000 }), { maxLength: 3000 }), (numbers) => {
      const texts = numbers.map((n) => `CONFIG_N${(n * 7919) % 2003}X${n}`);
      const bytes = Buffer.from(texts.join(' '));
      expect(inSource(bytes).map((one) => one.replace(/^\d (.*)@\d+$/, 'CONFIG_$1'))).toEqual(
        texts,
      );
    }),
    { numRuns: 20 },
  );
});

it('takes nothing from the file read before', () => {
  const reader = new HitReader();
  const folder = folderOf({
    'a.c': `${' '.repeat(11)}\n${' '.repeat(10)}`,
    Kconfig: 'config A1 \\',
  });
  for (const name of ['a.c', 'Kconfig']) reader.read(join(folder, name), false);
  const alone = new HitReader();
  alone.read(join(folder, 'Kconfig'), false);
  expect(reader.hits.length).toBe(alone.hits.length);
});

it('ends an empty help text at what stands further left', () => {
  expect(inKconfig('config A1\n\thelp\nconfig B2\n\thelp\n\n\tfar\nconfig C3\n')).toEqual([
    'config A1',
    'config B2',
    'config C3',
  ]);
});

test('both ways take the same of whatever looks like Kconfig', () => {
  const piece = fc.constantFrom(
    ...['config', 'menuconfig', 'help', '---help---', 'if', 'depends on', 'depends', 'visible if'],
    ...[
      'select',
      'imply',
      'default',
      'def_bool',
      'def_tristate',
      'range',
      'bool',
      'prompt',
      'endif',
    ],
    ...[' ', '\t', '\n', '\r\n', '\\\n', '\\', '"', "'", '#', '$(', '(', ')', '&&', '!', '=', '\0'],
    ...[
      'A',
      'y',
      'n',
      'B2',
      '64BIT',
      '0x1F',
      '0xG',
      '08',
      '42',
      'on',
      'CONFIG_SMP',
      'a-b',
      'c.d',
      'é',
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      for (const one of [text, text.replace(/[a-z]+/g, ' $& ')]) inKconfig(one);
    }),
    { numRuns: 2000 },
  );
});

test('mentions are added, left out and put in order alike', () => {
  const mention = fc.record({ name: fc.stringMatching(/^[A-Z]{2,9}$/), offset: fc.nat(50) });
  fc.assert(
    fc.property(
      fc.array(mention, { maxLength: 40 }),
      fc.array(fc.nat(50)),
      fc.nat(50),
      (list, gone, n) => {
        const [plain, other] = [new PlainHits(10), compiled].map((hits) => {
          const before = hits.length;
          for (const { name, offset } of list) {
            hits.add(Buffer.from(`-${name}-`), 1, name.length + 1, offset, HIT.CONVENTION);
          }
          hits.arrange(before + Math.min(n, hits.length - before), new Set(gone));
          const left = shown(hits, before);
          hits.cut(before);
          return left;
        });
        expect(other).toEqual(plain);
      },
    ),
    { numRuns: 200 },
  );
});
