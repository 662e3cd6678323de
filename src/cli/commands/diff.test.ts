import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packagePath } from '../../input/index.ts';
import {
  checkSchema,
  type Diff,
  diffSchema,
  type MatrixDiff,
  matrixDiffSchema,
} from '../../report/index.ts';
import { run } from '../test-io.test-util.ts';

const dir = mkdtempSync(join(tmpdir(), 'kmatrix-diff-'));
afterAll(() => rmSync(dir, { recursive: true }));
copyFileSync(packagePath('src', 'report', 'testdata', 'report.json'), join(dir, 'report.json'));
writeFileSync(join(dir, 'a.config'), 'CONFIG_SMP=y\nCONFIG_NET=y\nCONFIG_SAME=1\n');
writeFileSync(join(dir, 'b.config'), '# CONFIG_SMP is not set\nCONFIG_SAME=1\n');

const inDir = (line: string) => run(line.split(' '), { cwd: dir });

describe('kmatrix diff of two .config files', () => {
  it('compares them as option sets', async () => {
    const { code, out } = await inDir('diff a.config b.config --format json');
    const diff = JSON.parse(out) as Diff;
    expect(code).toBe(0);
    expect(checkSchema(diffSchema, diff)).toBeUndefined();
    expect(diff.options.map(({ symbol, left, right }) => [symbol, left, right])).toEqual([
      ['NET', 'y', null],
      ['SMP', 'y', 'n'],
    ]);
    expect(diff.options[1]?.reasons).toEqual({
      left: 'set at a.config:1',
      right: 'not set at b.config:1',
    });
    expect(diff.notes).toEqual([
      'Options only: no kernel was instantiated for a.config and b.config.',
    ]);
  });

  it('is a gate with --exit-code', async () => {
    expect((await inDir('diff a.config b.config --exit-code')).code).toBe(1);
    const same = await inDir('diff a.config a.config --exit-code');
    expect(same.code).toBe(0);
    expect(same.out).toContain('No difference.');
  });
});

describe('kmatrix diff of cells of a report', () => {
  const [left, right] = ['report.json#v7.0:64BIT=y,SMP=y', 'report.json#v7.0:64BIT=y,SMP=n'];

  it('is written as a page', async () => {
    const { code, out } = await inDir(`diff ${left} ${right} --format html`);
    expect(code).toBe(0);
    expect(out).toMatch(/^<!doctype html>[\s\S]*<h2 [^>]*>Fallback paths</);
  });

  it('compares every layer', async () => {
    const { code, out } = await inDir(`diff ${left} ${right} --format json`);
    const diff = JSON.parse(out) as Diff;
    expect(code).toBe(0);
    expect(Object.keys(diff)).toEqual([
      'schemaVersion',
      'kind',
      'left',
      'right',
      'notes',
      'options',
      'surface',
      'fallbacks',
      'sizes',
      'counters',
      'outcomes',
      'performance',
      'verdicts',
    ]);
    expect(diff.surface.functions.find(({ name }) => name === 'lock_vma_under_rcu')).toMatchObject({
      left: 'real',
      right: 'stub',
      stub: { left: null, right: 'returns NULL' },
    });
  });

  it('is empty for a cell and itself', async () => {
    const { code, out } = await inDir(`diff ${left} ${left} --exit-code --format term`);
    expect([code, out.includes('No difference.')]).toEqual([0, true]);
  });

  it.each([
    ['csv', /^layer,subject,detail,left,right,/],
    ['junit', /^<\?xml [\s\S]*<testcase classname="[^"]*" name="surface"><failure type="surface"/],
    ['sarif', /"ruleId": "fallback"/],
  ])('is written as %s', async (format, pattern) => {
    const { code, out } = await inDir(`diff ${left} ${right} --format ${format}`);
    expect([code, out]).toEqual([0, expect.stringMatching(pattern)]);
  });

  it('is a gate with --fail-on: what is worse counts, and not what is better', async () => {
    expect((await inDir(`diff ${left} ${right} --fail-on surface`)).code).toBe(1);
    expect((await inDir(`diff ${right} ${left} --fail-on surface`)).code).toBe(0);
    expect((await inDir(`diff ${left} ${right} --fail-on speed`)).code).toBe(2);
  });

  it('wants to know which cell of a report is meant', async () => {
    const { code, err } = await inDir(`diff report.json ${right}`);
    expect([code, err]).toEqual([
      2,
      'error: report.json is a report: name one of its cells\n  hint: e.g. report.json#v7.0:64BIT=y,SMP=y\n',
    ]);
  });
});

describe('kmatrix diff of many cells', () => {
  it.each(['report.json', 'report.json#v7.0', 'report.json#all-builds-v2'])(
    'is empty for %s and itself',
    async (side) => {
      const { code, out } = await inDir(`diff ${side} ${side} --exit-code`);
      expect([code, out.includes('No difference.')]).toEqual([0, true]);
    },
  );

  it('compares the editions of a report', async () => {
    const line = 'diff report.json#v7.0 report.json#all-builds-v2';
    const { out } = await inDir(`${line} --format json`);
    const diff = JSON.parse(out) as MatrixDiff;
    expect(checkSchema(matrixDiffSchema, diff)).toBeUndefined();
    expect(diff.pairs.map(({ key }) => key)).toEqual(['64BIT=y,SMP=y', '64BIT=y,SMP=n']);
    expect((await inDir(`${line} --exit-code`)).code).toBe(1);
    expect((await inDir(`${line} --format html`)).out).toMatch(/^<!doctype html>/);
    expect((await inDir(`${line} --format mail`)).out).toContain('\nWhere: SMP=n\n');
    expect((await inDir(`${line} --format sarif`)).out).toContain('"startLine": 8');
  });

  it('runs matrices and editions that are named', async () => {
    writeFileSync(
      join(dir, 'm.yaml'),
      'base: alldefconfig\nmatrix:\n  edition: [v7.0]\n  SMP: [y, n]\ncells:\n  - { edition: v7.0, SMP: n, PER_VMA_LOCK: y }\n',
    );
    const same = await inDir('diff m.yaml m.yaml --no-cache --exit-code');
    expect([same.code, same.out.includes('3 pairs of cells')]).toEqual([0, true]);
    const { out } = await inDir('diff v7.0 all-builds-v2 --matrix m.yaml --no-cache --format json');
    const diff = JSON.parse(out) as MatrixDiff;
    expect(diff.pairs.map(({ left, right }) => `${left} ${right}`)).toEqual([
      'v7.0:SMP=y all-builds-v2:SMP=y',
      'v7.0:SMP=n all-builds-v2:SMP=n',
      'v7.0:SMP=n,PER_VMA_LOCK=y all-builds-v2:SMP=n,PER_VMA_LOCK=y',
    ]);
    expect(diff.options.map(({ symbol }) => symbol)).toContain('PER_VMA_LOCK');
  });

  it('does not take many and one', async () => {
    const { code, err } = await inDir('diff a.config m.yaml');
    expect([code, err]).toEqual([2, expect.stringContaining('one side is many configurations')]);
  });
});

describe('kmatrix diff --format diffconfig', () => {
  it('writes what scripts/diffconfig writes', async () => {
    const line = 'diff a.config b.config --format diffconfig';
    expect(await inDir(line)).toEqual({ code: 0, out: '-NET y\n SMP y -> n\n', err: '' });
    expect((await inDir(`${line} --exit-code`)).code).toBe(1);
    expect((await inDir(`${line} --merge`)).out).toBe('# CONFIG_SMP is not set\n');
  });

  it('compares files only', async () => {
    const { code, err } = await inDir('diff v7.0 a.config --format diffconfig');
    expect([code, err]).toEqual([2, expect.stringContaining('v7.0 is no file')]);
    expect((await inDir('diff a.config b.config --merge')).code).toBe(2);
  });
});

describe('kmatrix diff of two .config files and their Kconfig', () => {
  it('says what is behind each difference', async () => {
    writeFileSync(join(dir, 'Kconfig'), 'config SMP\n\tbool "smp"\nconfig NET\n\tdef_bool SMP\n');
    const { out } = await inDir('diff a.config b.config --kconfig Kconfig --format json');
    const diff = JSON.parse(out) as Diff;
    expect(checkSchema(diffSchema, diff)).toBeUndefined();
    expect(diff.options.find(({ symbol }) => symbol === 'NET')?.why).toBe(
      'Its default differs: SMP is asked to be y on the left and left to its default on the right',
    );
    expect(diff.notes).toContain('About options this Kconfig lacks are 1 line of a.config: SAME.');
    const same = await inDir('diff a.config a.config --kconfig Kconfig --exit-code');
    expect(same.code).toBe(0);
  });
});
