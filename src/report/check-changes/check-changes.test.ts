import { expect, it } from 'vitest';
import { api, cell } from '../check/check.test-util.ts';
import { checkSchema } from '../schema/check.ts';
import { checkChangesSchema } from '../schema/check-changes-schema.ts';
import { checkChangesCsv } from './csv.ts';
import { checkChangesJunit } from './junit.ts';
import { checkChangesMarkdown } from './markdown.ts';
import { anyBreaks, type CheckChanges, checkChangesDocument } from './model.ts';
import { checkChangesSarif } from './sarif.ts';
import { checkChangesText } from './text.ts';

const absent = cell({ state: 'absent', breaks: true, reason: 'not declared' });
const later = [{ line: 9, column: 1 }];

const CHANGES: CheckChanges = {
  trees: { before: 'linux', after: 'linux + s.mbox' },
  cells: [
    { id: 'SMP=y', before: null, after: null },
    { id: 'LOCK=y', before: null, after: 'LOCK=y: there is no symbol LOCK' },
    { id: 'SMP=n', before: null, after: null },
  ],
  files: [
    {
      file: 'a|b.c',
      before: {
        file: 'a|b.c',
        apis: [
          api('gone', cell(), cell(), cell()),
          api('kfree', cell(), cell(), cell()),
          api('mended', absent, absent, cell()),
          api('old', cell(), cell(), absent),
          api('wider', ...[1, 2, 3].map(() => cell({ signature: 'int (int)' }))),
        ],
        unread: [],
        notes: [],
      },
      after: {
        file: 'a|b.c',
        apis: [
          api('kfree', cell({ places: later }), cell()),
          api('mended', cell(), cell()),
          api('new', cell({ state: 'stub', stub: 'return 0;' }), absent),
          api('old', absent, absent),
          api('wider', ...[1, 2].map(() => cell({ signature: 'int (long)' }))),
        ],
        unread: [{ line: 9, text: '+' }],
        notes: ['no generated/z.h to include'],
      },
    },
  ],
};

it('is a table of what was and is', () => {
  expect(
    checkChangesText(CHANGES),
  ).toBe(`a|b.c: 6 APIs, 3 configurations: breaks in 2; before: breaks in 3

  1  SMP=y
  2  LOCK=y
  3  SMP=n

                    1                2                    3
  gone    function  real → -         real → rejected      real → -
  mended  function  absent ✗ → real  absent ✗ → rejected  real
  new     function  - → stub         - → rejected         - → absent ✗
  old     function  real → absent ✗  real → rejected      absent ✗
  wider   function  real (other)     real → rejected      real (other)

  1 API as before; --all shows them

wider: int (int) → int (long) (in 1, 3)

a|b.c:7:3: error: new is absent: not declared (in 3)
a|b.c:7:3: error: old is absent: not declared (in 1, 3)
a|b.c:7:3: no longer: error: mended is absent: not declared (in 1, 2)

not parsed: 1 part (line 9)

note: no generated/z.h to include

not compared: LOCK=y: after: LOCK=y: there is no symbol LOCK
`);
  expect(checkChangesText(CHANGES, true)).toContain('  kfree   function  real ');
  expect(anyBreaks(CHANGES)).toBe(true);
});

it('says of a file that is only on one side that it is not on the other', () => {
  const [file] = CHANGES.files as [(typeof CHANGES.files)[0]];
  const first = (over: Partial<typeof file>): string | undefined =>
    checkChangesText({ ...CHANGES, files: [{ ...file, ...over }] }).split('\n')[0];
  expect(first({ before: null })).toMatch(/: breaks in 2; before: not there$/);
  expect(first({ after: null })).toMatch(/: not there; before: breaks in 3$/);
  expect(first({ before: file.after })).toMatch(/: breaks in 2, before and after$/);
  const cells = CHANGES.cells.filter(({ after }) => after === null);
  expect(anyBreaks({ ...CHANGES, cells, files: [{ ...file, before: file.after }] })).toBe(false);
  expect(anyBreaks({ ...CHANGES, files: [{ ...file, after: null }] })).toBe(false);
});

it('is Markdown', () => {
  const text = checkChangesMarkdown(CHANGES);
  expect(text).toContain('## a\\|b.c\n');
  expect(text).toContain('| `old` | function | real → absent ✗ | real → rejected | absent ✗ |\n');
  expect(text).toContain('- wider: int (int) → int (long) (SMP=y; SMP=n)\n');
  expect(text).toContain('- no longer: line 7: mended is absent: not declared (SMP=y; LOCK=y)\n');
  expect(text).toContain('- not compared: LOCK=y: after: LOCK=y: there is no symbol LOCK\n');
  expect(text).not.toContain('kfree');
});

it('is a line for each API and configuration both sides have as CSV', () => {
  const lines = checkChangesCsv(CHANGES).trimEnd().split('\n');
  expect(lines).toHaveLength(1 + 6 * 2);
  expect(lines.filter((line) => line.includes(',old,'))).toEqual([
    'a|b.c,old,function,SMP=y,real,absent,true,true,,,not declared',
    'a|b.c,old,function,SMP=n,absent,absent,false,false,,,not declared',
  ]);
  expect(lines.filter((line) => line.includes(',gone,'))[0]).toBe(
    'a|b.c,gone,function,SMP=y,real,,true,false,,,',
  );
});

it('is JUnit in which only what is new fails', () => {
  const text = checkChangesJunit(CHANGES);
  expect(text).toContain('<testsuites name="kmatrix check" tests="3" failures="2">');
  expect(text).toContain(
    'name="SMP=y"><failure type="absent" message="a|b.c:7:3: old is absent: not declared">',
  );
  expect(text).toContain('<skipped message="after: LOCK=y: there is no symbol LOCK"/>');
  expect(text).toContain(
    '<system-out>as before: a|b.c:7:3: old is absent: not declared</system-out>',
  );
});

it('is SARIF with a baseline', () => {
  const log = JSON.parse(checkChangesSarif(CHANGES, { version: '1.2.3', cwd: '/work' }));
  const results = log.runs[0].results.map(
    (one: { baselineState: string; level: string; message: { text: string } }) =>
      `${one.baselineState} ${one.level} ${one.message.text}`,
  );
  expect(results).toEqual([
    'new note new is a stub { return 0; } (in SMP=y)',
    'new error new is absent: not declared (in SMP=n)',
    'updated error old is absent: not declared (in every configuration)',
    'absent error mended is absent: not declared (in SMP=y; LOCK=y)',
  ]);
});

it('is JSON that follows its schema', () => {
  const document = { schemaVersion: 1, ...checkChangesDocument(CHANGES) };
  expect(checkSchema(checkChangesSchema, document)).toBeUndefined();
  expect(document).toMatchObject({
    files: [
      {
        breaksNow: true,
        apis: [
          {
            name: 'gone',
            changed: true,
            cells: [{ before: { state: 'real' }, after: null }, {}, {}],
          },
          { name: 'kfree', changed: false },
          { name: 'mended' },
          { name: 'new' },
          { name: 'old', cells: [{}, { before: { state: 'real' }, after: null }, {}] },
          { name: 'wider', changed: true },
        ],
      },
    ],
  });
});
