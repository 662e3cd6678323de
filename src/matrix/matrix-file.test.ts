import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Diagnostic, InputError } from '../input/index.ts';
import { fakeStage } from './fake-stage.test-util.ts';
import { parseMatrixFile } from './matrix-file.ts';
import { cellId, type Plan } from './plan.ts';
import { planFor } from './run.ts';

const plan = (text: string, path = 'm.yaml'): Plan =>
  planFor(fakeStage, parseMatrixFile(text, path));

const show = (d: Diagnostic): string =>
  `${d.span ? `${d.span.file}:${d.span.line}:${d.span.column}: ` : ''}${d.message}${d.hint ? ` (${d.hint})` : ''}`;

function errors(text: string, path?: string): string[] {
  try {
    plan(text, path);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map(show);
  }
  throw new Error('nothing was thrown');
}

const GOOD = 'matrix:\n  edition: [v7.0]\n';

test('what a file leaves out', () => {
  expect(parseMatrixFile(GOOD, 'some/where/lock.yaml')).toMatchObject({
    name: 'lock',
    description: '',
    base: { kind: 'mode', mode: 'alldefconfig' },
    cpus: [1],
    workloads: [],
    runs: 1,
    seed: 1,
  });
  expect(plan(GOOD).cells).toEqual([
    {
      id: 'v7.0',
      edition: 'v7.0',
      axes: {},
      set: {},
      places: { edition: { line: 2, column: 13 } },
      cpus: [1],
      workloads: [],
    },
  ]);
});

test('cells carry their axes, options, CPU counts and workloads', () => {
  const { cells, axes, warnings } = plan(`
cpus: [1, 2]
workloads: [page_fault1]
matrix:
  SMP: [y, n]
  edition: [v7.0, all-builds-v2]
  exclude:
    - {edition: v7.0, SMP: n}
  include:
    - {SMP: n, cpus: [1], NR_CPUS: 1}
    - {edition: v6.12, 64BIT: n, workloads: [page_fault_mixed, page_fault1]}
cells:
  - {edition: v7.0, SMP: n}
`);
  expect(axes).toEqual(['edition', 'SMP']);
  expect(warnings).toEqual([]);
  expect(cells.map((c) => [c.id, c.axes, c.set, c.cpus, c.workloads])).toEqual([
    ['v7.0:SMP=y', { SMP: 'y' }, { SMP: 'y' }, [1, 2], ['page_fault1']],
    ['all-builds-v2:SMP=y', { SMP: 'y' }, { SMP: 'y' }, [1, 2], ['page_fault1']],
    [
      'all-builds-v2:SMP=n,NR_CPUS=1',
      { SMP: 'n' },
      { SMP: 'n', NR_CPUS: '1' },
      [1],
      ['page_fault1'],
    ],
    ['v6.12:64BIT=n', {}, { '64BIT': 'n' }, [1, 2], ['page_fault_mixed', 'page_fault1']],
    ['v7.0:SMP=n', { SMP: 'n' }, { SMP: 'n' }, [1, 2], ['page_fault1']],
  ]);
  expect(
    cells.map((c) =>
      Object.entries(c.places ?? {})
        .map(([k, v]) => `${k} ${v.line}:${v.column}`)
        .sort(),
    ),
  ).toEqual([
    ['SMP 5:9', 'edition 6:13'],
    ['SMP 5:9', 'edition 6:19'],
    ['NR_CPUS 10:36', 'SMP 10:13', 'edition 6:19'],
    ['64BIT 11:31', 'edition 11:17'],
    ['SMP 13:26', 'edition 13:15'],
  ]);
});

test('a workload file is found beside the matrix file', () => {
  const file = parseMatrixFile(
    `workloads: [./mine.yaml, /abs/x.yaml, page_fault1]\n${GOOD}`,
    'a/b/m.yaml',
  );
  expect(file.workloads.map((w) => w.text)).toEqual([
    'a/b/mine.yaml',
    '/abs/x.yaml',
    'page_fault1',
  ]);
});

describe('every mistake has its place and a hint', () => {
  test.each<[string, string, string[]]>([
    ['empty file', '', ['m.yaml:1:1: the matrix file is empty']],
    ['no matrix', 'name: x\n', ['m.yaml:1:1: the file needs a key "matrix"']],
    [
      'no axis',
      'matrix: {include: []}\n',
      ['m.yaml:1:9: the matrix has no axis (give it one, e.g. "edition: [v7.0]")'],
    ],
    ['unknown key', `nmae: x\n${GOOD}`, ['m.yaml:1:1: unknown key "nmae" (did you mean "name"?)']],
    [
      'name is no text',
      `name: 7\n${GOOD}`,
      ['m.yaml:1:7: "name" must be text, not 7 (write "7" in quotes)'],
    ],
    [
      'base',
      `base: alldefcofig\n${GOOD}`,
      [
        'm.yaml:1:7: "base" must be alldefconfig, allnoconfig, allyesconfig or allmodconfig, not "alldefcofig" (did you mean "alldefconfig"?)',
      ],
    ],
    ['base file', `base: ./no.config\n${GOOD}`, ['.config file not found: ./no.config']],
    ['cpus', `cpus: [0]\n${GOOD}`, ['m.yaml:1:8: "cpus[0]" must be from 1 to 1024, not 0']],
    ['cpus twice', `cpus: [2, 2]\n${GOOD}`, ['m.yaml:1:11: 2 is given twice in this list']],
    ['no cpus', `cpus: []\n${GOOD}`, ['m.yaml:1:7: "cpus" has no values']],
    [
      'runs',
      `runs: many\n${GOOD}`,
      ['m.yaml:1:7: "runs" must be a whole number, not the text "many"'],
    ],
    ['seed', `seed: -1\n${GOOD}`, ['m.yaml:1:7: "seed" must be from 0 to 4294967295, not -1']],
    [
      'workload',
      `workloads: [page_falt1]\n${GOOD}`,
      ['m.yaml:1:13: there is no workload "page_falt1" (did you mean "page_fault1"?)'],
    ],
    [
      'workload file',
      `workloads: [./no.yaml]\n${GOOD}`,
      ['m.yaml:1:13: workload file not found: ./no.yaml'],
    ],
    [
      'show',
      `show: [PER_VMA_LCOK]\n${GOOD}`,
      ['m.yaml:1:8: no edition has an option "PER_VMA_LCOK" (did you mean "PER_VMA_LOCK"?)'],
    ],
    [
      'CONFIG_',
      `show: [CONFIG_SMP]\n${GOOD}`,
      ['m.yaml:1:8: no edition has an option "CONFIG_SMP" (write it without CONFIG_: SMP)'],
    ],
    [
      'axis',
      `${GOOD}  USERFAULFD: [y]\n`,
      ['m.yaml:3:3: no edition has an option "USERFAULFD" (did you mean "USERFAULTFD"?)'],
    ],
    [
      'axis near a key',
      `${GOOD}  includes: [{SMP: y}]\n`,
      ['m.yaml:3:3: an axis has values, not maps: "includes" (did you mean "include"?)'],
    ],
    ['empty axis', `${GOOD}  SMP: []\n`, ['m.yaml:3:8: the axis "SMP" has no values']],
    [
      'axis is no list',
      `${GOOD}  SMP: y\n`,
      ['m.yaml:3:8: "matrix.SMP" must be a list, not the text "y"'],
    ],
    ['value twice', `${GOOD}  SMP: [y, n, y]\n`, ['m.yaml:3:15: "y" is given twice in this list']],
    [
      'edition',
      'matrix:\n  edition: [v7.0, v6.21]\n',
      ['m.yaml:2:19: there is no edition "v6.21" (did you mean "v6.12"?)'],
    ],
    [
      'a key of the top',
      `${GOOD}  cpus: [1, 2]\n`,
      ['m.yaml:3:3: "cpus" is no option (it belongs at the top of the file)'],
    ],
    [
      'upper case',
      `${GOOD}  SMP: [Y]\n`,
      ['m.yaml:3:9: SMP is of type bool, which takes y or n, not "Y" (write y)'],
    ],
    [
      'edition, far',
      'matrix:\n  edition: [mainline]\n',
      ['m.yaml:2:13: there is no edition "mainline" (the editions are v6.12, v7.0, all-builds-v2)'],
    ],
    [
      'bool',
      `${GOOD}  SMP: [true]\n`,
      ['m.yaml:3:9: SMP is of type bool, which takes y or n, not "true" (write y)'],
    ],
    [
      'module',
      `${GOOD}  SMP: [m]\n`,
      ['m.yaml:3:9: SMP is of type bool, which takes y or n, not "m"'],
    ],
    [
      'int',
      `${GOOD}  NR_CPUS: [0x10]\n`,
      ['m.yaml:3:13: NR_CPUS is of type int, which takes a whole number, not "0x10"'],
    ],
    [
      'tristate',
      `${GOOD}  KVM: [off]\n`,
      ['m.yaml:3:9: KVM is of type tristate, which takes y, m or n, not "off" (write n)'],
    ],
    [
      'exclude',
      `${GOOD}  exclude: [{SPM: n}]\n`,
      ['m.yaml:3:14: "SPM" is no axis of this matrix (the axes are edition)'],
    ],
    [
      'exclude nothing',
      `${GOOD}  exclude: [{}]\n`,
      ['m.yaml:3:13: this entry names no axis and no option'],
    ],
    [
      'include',
      `${GOOD}  include: [{SPM: n}]\n`,
      ['m.yaml:3:14: no edition has an option "SPM" (did you mean "SMP"?)'],
    ],
    [
      'include is no list',
      `${GOOD}  include: {SMP: n}\n`,
      ['m.yaml:3:12: "matrix.include" must be a list, not a map'],
    ],
    [
      'include value',
      `${GOOD}  include: [{SMP: no}]\n`,
      ['m.yaml:3:19: SMP is of type bool, which takes y or n, not "no" (write n)'],
    ],
    [
      'no edition',
      'matrix:\n  SMP: [y]\n',
      ['m.yaml:1:1: this cell has no edition (name one here, or make "edition" an axis)'],
    ],
    [
      'include, no edition',
      'matrix:\n  edition: [v7.0]\n  SMP: [y]\n  include: [{SMP: n}]\n',
      ['m.yaml:4:13: this cell has no edition (name one here, or make "edition" an axis)'],
    ],
    [
      'cell twice',
      `${GOOD}  SMP: [y]\n  64BIT: [y]\ncells:\n  - {64BIT: y, SMP: y, edition: v7.0}\n`,
      ['m.yaml:6:5: the cell v7.0:SMP=y,64BIT=y is there already (it comes from line 1)'],
    ],
    [
      'key twice',
      `${GOOD}  SMP: [y]\n  SMP: [n]\n`,
      ['m.yaml:4:3: "SMP" is given twice (the first one is on line 3)'],
    ],
    [
      'several',
      'show: [SPM]\nmatrix:\n  edition: [v7]\n  SMP: [1]\n',
      [
        'm.yaml:1:8: no edition has an option "SPM" (did you mean "SMP"?)',
        'm.yaml:3:13: there is no edition "v7" (the editions are v6.12, v7.0, all-builds-v2)',
        'm.yaml:4:9: SMP is of type bool, which takes y or n, not "1" (write y)',
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(errors(text)).toEqual(expected);
  });

  test('too many cells, before they are made', () => {
    const values = Array.from({ length: 400 }, (_, i) => i + 1).join(', ');
    expect(errors(`${GOOD}  NR_CPUS: [${values}]\n  NODES_SHIFT: [${values}]\n`)).toEqual([
      'm.yaml:1:1: this matrix has 160000 combinations; the most is 100000 (leave out an axis or some values; "exclude" counts only afterwards)',
    ]);
  });

  test('an exclude that removes nothing is a warning', () => {
    const { warnings } = plan(
      `${GOOD}  SMP: [y, n]\n  exclude:\n    - {SMP: m}\n    - {SMP: n}\n    - {edition: v7.O}\n`,
    );
    expect(warnings.map(show)).toEqual([
      'm.yaml:5:13: this exclude removes nothing: the axis "SMP" has no value "m" (it has y, n)',
      'm.yaml:7:17: this exclude removes nothing: the axis "edition" has no value "v7.O" (did you mean "v7.0"?)',
    ]);
  });
});

describe('base', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'kmatrix-matrix-'));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  test('a .config is found beside the matrix file', () => {
    writeFileSync(join(dir, 'small.config'), 'CONFIG_SMP=y\n');
    const file = parseMatrixFile(`base: ./small.config\n${GOOD}`, join(dir, 'm.yaml'));
    expect(file.base).toEqual({
      kind: 'file',
      path: join(dir, 'small.config'),
      text: 'CONFIG_SMP=y\n',
    });
  });
});

test('a value that would be misread in the name of a cell is quoted', () => {
  expect(cellId('v7.0', [])).toBe('v7.0');
  expect(
    cellId('v7.0', [
      ['SMP', 'y'],
      ['NR_CPUS', '8'],
    ]),
  ).toBe('v7.0:SMP=y,NR_CPUS=8');
  expect(cellId('v7.0', [['CMDLINE', 'a=b,c "d"']])).toBe('v7.0:CMDLINE="a=b,c \\"d\\""');
});
