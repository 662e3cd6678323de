import { expect, it } from 'vitest';
import { api, cell } from './check.test-util.ts';
import { checkCsv } from './csv.ts';
import { checkJunit } from './junit.ts';
import { checkMarkdown } from './markdown.ts';
import type { CheckReport } from './model.ts';
import { checkSarif } from './sarif.ts';
import { checkText } from './text.ts';

const REPORT: CheckReport = {
  tree: '/src/linux',
  cells: [
    { id: 'SMP=y', rejected: null },
    { id: 'SMP=n', rejected: null },
    { id: 'SMP=n,LOCK=y', rejected: 'LOCK=y: LOCK depends on SMP' },
  ],
  files: [
    {
      file: 'drivers/a<b>.c',
      apis: [
        api('kfree', cell({}), cell({})),
        api('lock', cell({}), cell({ state: 'stub', stub: 'return NULL;' })),
        api(
          'gone',
          cell({}),
          cell({ state: 'absent', breaks: true, reason: 'not declared by what the file includes' }),
        ),
        api('guarded', cell({}), cell({ state: 'absent', places: [], reason: null })),
      ],
      unread: [{ line: 9, text: '+ ;' }],
      notes: ['include/linux/y.h:3: no generated/z.h to include'],
    },
  ],
};

it('is a table for people', () => {
  expect(checkText(REPORT)).toBe(`drivers/a<b>.c: 4 APIs, 2 configurations: breaks in 1

  1  SMP=y
  2  SMP=n

                     1     2
  lock     function  real  stub
  gone     function  real  absent ✗
  guarded  function  real  (absent)

  1 more API the same everywhere; --all shows them

drivers/a<b>.c:7:3: error: gone is absent: not declared by what the file includes (in 2)

not parsed: 1 part (line 9)

note: include/linux/y.h:3: no generated/z.h to include

not checked: SMP=n,LOCK=y: LOCK=y: LOCK depends on SMP
`);
  expect(checkText(REPORT, true)).toContain('  kfree    function  real  real\n');
  expect(checkText(REPORT, true)).toContain('note: lock is a stub { return NULL; } (in 2)');
  expect(checkMarkdown(REPORT)).toContain('| `gone` | function | real | absent ✗ |\n');
});

it('does not say of what could not be read that it works', () => {
  const [file] = REPORT.files as [(typeof REPORT.files)[0]];
  const whole = { ...file, apis: file.apis.slice(0, 1) };
  const said = (one: typeof file): string => checkText({ ...REPORT, files: [one] });
  expect(said(whole)).toContain('works in all of them, as far as it could be read\n');
  expect(said({ ...whole, unread: [] })).toContain('works in all of them\n');
});

it('is a line for each API and configuration as CSV', () => {
  const lines = checkCsv(REPORT).trimEnd().split('\n');
  expect(lines).toHaveLength(1 + 4 * 2);
  expect(lines[6]).toBe(
    'drivers/a<b>.c,gone,function,SMP=n,absent,true,false,7,not declared by what the file includes',
  );
});

it('is JUnit, a test for each configuration', () => {
  expect(checkJunit(REPORT)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="kmatrix check" tests="3" failures="1">
  <testsuite name="drivers/a&#60;b&#62;.c" tests="3" failures="1" errors="0" skipped="1">
    <testcase classname="drivers/a&#60;b&#62;.c" name="SMP=y"/>
    <testcase classname="drivers/a&#60;b&#62;.c" name="SMP=n"><failure type="absent" message="drivers/a&#60;b&#62;.c:7:3: gone is absent: not declared by what the file includes">drivers/a&#60;b&#62;.c:7:3: gone is absent: not declared by what the file includes</failure></testcase>
    <testcase classname="drivers/a&#60;b&#62;.c" name="SMP=n,LOCK=y"><skipped message="LOCK=y: LOCK depends on SMP"/></testcase>
  </testsuite>
</testsuites>
`);
});

/** What sarif-schema-2.1.0.json requires of the objects that are written here, and the words it allows. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  sarifLog: ['version', 'runs'],
  run: ['tool'],
  tool: ['driver'],
  toolComponent: ['name'],
  reportingDescriptor: ['id'],
  result: ['message'],
};
const LEVELS = ['none', 'note', 'warning', 'error'];

it('is SARIF 2.1.0', () => {
  const log = JSON.parse(checkSarif(REPORT, { version: '1.2.3', cwd: '/work' }));
  const has = (object: Record<string, unknown>, kind: string): void =>
    expect(Object.keys(object)).toEqual(expect.arrayContaining([...(REQUIRED[kind] ?? [])]));
  has(log, 'sarifLog');
  expect(log.version).toBe('2.1.0');
  expect(log.$schema).toMatch(/^https:\/\/.*sarif-schema-2\.1\.0\.json$/);
  for (const run of log.runs) {
    has(run, 'run');
    has(run.tool, 'tool');
    has(run.tool.driver, 'toolComponent');
    expect(['utf16CodeUnits', 'unicodeCodePoints']).toContain(run.columnKind);
    const { rules } = run.tool.driver;
    expect(new Set(rules.map(({ id }: { id: string }) => id)).size).toBe(rules.length);
    for (const rule of rules) {
      has(rule, 'reportingDescriptor');
      expect(typeof rule.shortDescription.text).toBe('string');
    }
    for (const result of run.results) {
      has(result, 'result');
      expect(LEVELS).toContain(result.level);
      expect(rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(result.message.text).not.toBe('');
      for (const { physicalLocation } of result.locations) {
        expect(physicalLocation.artifactLocation.uri).toBe('drivers/a%3Cb%3E.c');
        expect(physicalLocation.region.startLine).toBeGreaterThan(0);
        expect(physicalLocation.region.startColumn).toBeGreaterThan(0);
      }
    }
  }
  expect(
    log.runs[0].results.map(({ level, ruleId }: Record<string, string>) => `${level} ${ruleId}`),
  ).toEqual(['note stub', 'error absent']);
});
