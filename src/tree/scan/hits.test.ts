import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { folderOf } from '../testing/folder.test-util.ts';
import { addHits, HitReader, ROOM } from './hit-reader.ts';
import { HitTable } from './hit-table.ts';
import { HIT } from './hits.ts';
import { kconfigHits } from './kconfig-hits.ts';
import { plainFinder, SLACK, vectorFinder } from './prefix-finder.ts';

/** What was found, as texts. */
function shown(fill: (hits: HitTable) => void): string[] {
  const hits = new HitTable();
  fill(hits);
  const { names, name, offset, kind } = hits.rows();
  return [...name].map((id, row) => `${kind[row]} ${names[id]}@${offset[row]}`);
}

const inSource = (bytes: Buffer): string[] => shown((hits) => addHits('f.c', bytes, hits));

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
        const plain = plainFinder(Buffer.alloc(ROOM + size + SLACK));
        for (const finder of [plain, vectorFinder(ROOM + size)]) {
          const reader = new HitReader(size, finder);
          expect(shown((hits) => void reader.read(path, false, hits))).toEqual(inSource(text));
        }
      },
    ),
    { numRuns: 200 },
  );
});

const found = (text: string): string[] => {
  const bytes = Buffer.from(text, 'latin1');
  return shown((hits) => kconfigHits(bytes, bytes.length, hits)).map((one) => {
    const [, kind, name, offset] = /^(\d) (\w+)@(\d+)$/.exec(one) as unknown as string[];
    expect(text.slice(Number(offset), Number(offset) + name!.length)).toBe(name);
    return `${Number(kind) === HIT.DEFINES ? 'config' : 'uses'} ${name}`;
  });
};

it('finds what a Kconfig file defines and uses', () => {
  expect(
    found(`
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
  const hits = new HitTable();
  for (const name of ['a.c', 'Kconfig']) reader.read(join(folder, name), false, hits);
  const alone = new HitTable();
  new HitReader().read(join(folder, 'Kconfig'), false, alone);
  expect(hits.length).toBe(alone.length);
});

it('ends an empty help text at what stands further left', () => {
  expect(found('config A1\n\thelp\nconfig B2\n\thelp\n\n\tfar\nconfig C3\n')).toEqual([
    'config A1',
    'config B2',
    'config C3',
  ]);
});
