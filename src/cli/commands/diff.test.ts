import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packagePath } from '../../input/index.ts';
import { checkSchema, type Diff, diffSchema } from '../../report/index.ts';
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

  it('wants to know which cell of a report is meant', async () => {
    const { code, err } = await inDir(`diff report.json ${right}`);
    expect([code, err]).toEqual([
      2,
      'error: report.json is a report: name one of its cells\n  hint: e.g. report.json#v7.0:64BIT=y,SMP=y\n',
    ]);
  });
});
