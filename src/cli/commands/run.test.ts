import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../input/index.ts';
import { editions } from '../../kernel/index.ts';
import {
  checkSchema,
  type Diff,
  measurementSchema,
  parseReport,
  type Report,
} from '../../report/index.ts';
import { run } from '../test-io.test-util.ts';

const dir = mkdtempSync(join(tmpdir(), 'kmatrix-run-'));
afterAll(() => rmSync(dir, { recursive: true }));
writeFileSync(
  join(dir, 'small.yaml'),
  [
    'name: small',
    'description: Two cells and one that Kconfig rejects.',
    'show: [SMP, PER_VMA_LOCK]',
    'workloads: [page_fault1]',
    'runs: 2',
    'matrix:',
    '  edition: [v7.0]',
    '  SMP: [y, n]',
    'cells:',
    '  - { edition: v7.0, SMP: n, PER_VMA_LOCK: y }',
    '',
  ].join('\n'),
);

const env = { XDG_CACHE_HOME: join(dir, 'cache') };
const inDir = (line: string, io = {}) => run(line.split(' '), { cwd: dir, env, ...io });

describe('kmatrix run', () => {
  it('writes a report that comes back as it was, the same every time', async () => {
    const first = await inDir('run small.yaml --format json --out report.json --no-cache');
    expect(first).toEqual({ code: 0, out: '', err: '' });
    const text = readFileSync(join(dir, 'report.json'), 'utf8');
    const report = parseReport(text, 'report.json');
    expect([report.matrixFile, report.cells.map(({ status }) => status)]).toEqual([
      'small.yaml',
      ['ok', 'ok', 'rejected'],
    ]);
    expect((await inDir('run small.yaml --format json')).out).toBe(text);
    expect((await inDir('run small.yaml --format json --jobs 1')).out).toBe(text);
  });

  it('writes Markdown by default, a page, and text for a terminal', async () => {
    expect((await inDir('run small.yaml')).out).toMatch(/^# kmatrix report: small\n/);
    const page = (await inDir('run small.yaml --format html')).out;
    expect(page).toMatch(/^<!doctype html>[\s\S]*<h1>kmatrix report: /);
    expect((await inDir('run small.yaml --format term')).out).toMatch(
      /^kmatrix report: small\n=+\n/,
    );
  });

  it('writes JUnit and SARIF, of the run or of what got worse', async () => {
    const kept = await inDir('run small.yaml --format json --out kept-for-ci.json');
    expect(kept.code).toBe(0);
    const junit = (await inDir('export kept-for-ci.json --format junit')).out;
    expect(junit).toContain('<testsuite name="v7.0:SMP=n,PER_VMA_LOCK=y" tests="1" failures="0"');
    const sarif = JSON.parse((await inDir('export kept-for-ci.json --format sarif')).out);
    const rejected = sarif.runs[0].results.find(
      (one: { ruleId: string }) => one.ruleId === 'rejected',
    );
    expect(rejected.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'small.yaml' },
      region: { startLine: 10, startColumn: 44 },
    });
    expect(rejected.relatedLocations[0].physicalLocation.artifactLocation.uri).toMatch(/kconfig/);
    const gated = await inDir('export kept-for-ci.json --baseline kept-for-ci.json --format junit');
    expect([gated.code, gated.out.includes('<testsuites name="kmatrix gate"')]).toEqual([0, true]);
  });

  it('lets the command line outrank the matrix', async () => {
    const { out } = await inDir('run small.yaml --format json --seed 9 --runs 3 --cpus 2');
    const report = JSON.parse(out) as Report;
    expect(report.seed).toBe(9);
    expect(report.performance.map(({ cpus, runs }) => [cpus, runs])).toEqual([
      [2, 3],
      [1, 3],
    ]);
  });

  it('is a gate where it is given a baseline: exit code 1 and the list of what is worse', async () => {
    await inDir('run small.yaml --format json --out base.json');
    expect((await inDir('run small.yaml --baseline base.json --out now.md')).code).toBe(0);
    const base = JSON.parse(readFileSync(join(dir, 'base.json'), 'utf8')) as Report;
    const faster = base.performance.map((row) => ({
      ...row,
      ops_per_second: row.ops_per_second * 2,
      min: row.min * 2,
      max: row.max * 2,
    }));
    const text = JSON.stringify({ ...base, performance: faster });
    writeFileSync(join(dir, 'better.json'), text);
    const line = 'run small.yaml --baseline better.json --fail-on';
    const { code, out, err } = await inDir(`${line} perf:5%`);
    expect([code, out.startsWith('# kmatrix report: small\n')]).toEqual([1, true]);
    expect(err).toMatch(/^Gate\n-+\n/);
    expect(err.replaceAll(/\s+/g, ' ')).toMatch(/perf: page_fault1 on 1 CPU .* 50\.0% less/);
    expect((await inDir(`${line} surface,fallback`)).code).toBe(0);
  });

  it('makes parts that merge into the report of the whole, byte for byte', async () => {
    const { out: whole } = await inDir('run small.yaml --format json');
    for (const i of [1, 2]) await inDir(`run small.yaml --shard ${i}/2 --out part${i}.json`);
    expect(await inDir('merge part2.json part1.json --format json')).toEqual({
      code: 0,
      out: whole,
      err: '',
    });
    const missing = await inDir('merge part2.json');
    expect([missing.code, missing.out]).toEqual([2, '']);
    expect(missing.err).toContain('parts are missing: 1/2');
    const idle = await inDir('run small.yaml --shard 1/2 --verify');
    expect([idle.code, idle.err]).toEqual([2, expect.stringContaining('kmatrix merge')]);
  });

  it('can be written in another format without running again', async () => {
    await inDir('run small.yaml --format json --out kept.json');
    const table = 'csv --section performance';
    for (const format of ['md', 'html', 'mail', 'json', 'term', 'junit', 'sarif', table]) {
      const { out } = await inDir(`run small.yaml --format ${format}`);
      const line = `export kept.json --format ${format}`;
      expect(await inDir(line)).toEqual({ code: 0, out, err: '' });
    }
    await inDir('export kept.json --format json --out again.json');
    for (const format of ['md', 'html', 'mail', 'json', 'csv', 'term', 'junit', 'sarif']) {
      const { code } = await inDir(`diff kept.json again.json --exit-code --format ${format}`);
      expect([format, code]).toEqual([format, 0]);
    }
    const gate = await inDir('export kept.json --baseline kept.json --fail-on surface');
    expect(gate.code).toBe(0);
    const bad = await inDir('export small.yaml');
    expect([bad.code, bad.out]).toEqual([2, '']);
  });

  it('writes its tables for a spreadsheet, one or all', async () => {
    const one = await inDir('run small.yaml --format csv --section performance');
    expect(one.out).toMatch(/^workload,kernel,cpus,ops_per_second,/);
    expect((await inDir('run small.yaml --format csv --out tables')).code).toBe(0);
    expect(readFileSync(join(dir, 'tables', 'performance.csv'), 'utf8')).toBe(one.out);
    expect(readFileSync(join(dir, 'tables', 'fallbacks.csv'), 'utf8')).toContain(
      'lock_vma_under_rcu',
    );
    for (const line of ['--format csv', '--section cells', '--format csv --section cell']) {
      const { code, out, err } = await inDir(`run small.yaml ${line}`);
      expect([code, out, err.includes('--section')]).toEqual([2, '', true]);
    }
  });

  it('writes a report for a mail, no line of it longer than 78 columns', async () => {
    const { out } = await inDir('run small.yaml --format mail');
    expect(out).toMatch(/^kmatrix report: small\n=+\n/);
    expect(out.split('\n').filter((line) => [...line].length > 78)).toEqual([]);
  });

  it.each([
    ['--fail-on surface', /needs --baseline FILE/],
    ['--baseline missing.json', /missing\.json/],
    ['--baseline base.json --fail-on speed', /no such word "speed"/],
    ['--baseline base.json --fail-on verdict', /--fail-on verdict needs verdicts/],
  ])('says what is wrong with the gate %s before it runs anything', async (line, message) => {
    await inDir('run small.yaml --format json --out base.json');
    const { code, out, err } = await inDir(`run small.yaml ${line}`);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });

  it('shows progress where somebody looks, and takes it away', async () => {
    const lines: string[] = [];
    const stderr = { write: (text: string) => lines.push(text), isTTY: true };
    await inDir('run small.yaml', { stderr });
    const shown = lines.filter((line) => line !== '\r\x1b[K').map((line) => line.slice(4));
    const reading = shown.findIndex((line) => !line.startsWith('reading'));
    expect(shown.slice(0, reading)).toEqual(
      editions.map(({ name }, i) => `reading Kconfig of ${name} (${i + 1} of ${editions.length})`),
    );
    expect(shown[reading]).toBe('resolving 0/3 configurations');
    expect(shown.find((line) => line.startsWith('simulating'))).toMatch(
      /^simulating \d\/3 cells: \d+\/\d+ runs$/,
    );
    expect(shown.pop()).toBe('writing the report');
    expect(lines.at(-1)).toBe('\r\x1b[K');
    lines.length = 0;
    await inDir('run small.yaml --quiet', { stderr });
    expect(lines).toEqual([]);
  });

  it('stops cleanly when interrupted', async () => {
    const { code, out, err } = await inDir('run small.yaml', { signal: AbortSignal.abort() });
    expect([code, out]).toEqual([130, '']);
    expect(err).toBe('interrupted: stopped after 0 of 3 cells; what is done is in the cache\n');
    const other = await inDir('run small.yaml --no-cache', { signal: AbortSignal.abort() });
    expect(other.err).toBe('interrupted: stopped after 0 of 3 cells; nothing is kept\n');
  });

  it.each([
    ['reading', 'cells'],
    ['resolving', 'cells'],
    ['simulating', 'cells'],
    ['verifying', 'questions'],
    ['writing', ''],
  ])('stops with a sentence and no report where it is interrupted while %s', async (at, what) => {
    const stop = new AbortController();
    const lines: string[] = [];
    const stderr = {
      write: (text: string) => {
        lines.push(text);
        if (text.includes(at)) stop.abort();
      },
      isTTY: true,
    };
    const asked = what === 'questions' ? ' --verify' : '';
    const { code, out } = await inDir(`run small.yaml${asked}`, {
      stderr,
      signal: stop.signal,
    });
    expect([code, out]).toEqual([130, '']);
    expect(lines.at(-2)).toBe('\r\x1b[K');
    const stopped = what && `: stopped after \\d+ of \\d+ ${what}; what is done is in the cache`;
    expect(lines.at(-1)).toMatch(new RegExp(`^interrupted${stopped}\n$`));
  });
});

describe('the default matrix', () => {
  it('is called the same wherever kmatrix is installed', async () => {
    const { out } = await inDir('diff v7.0:SMP=y v7.0:SMP=n --cpus 1 --runs 1 --format json');
    expect(out).toContain('set by matrices/per-vma-lock.config');
    expect(out).not.toContain(packageRoot());
  });
});

describe('kmatrix diff of cells', () => {
  it('runs both and compares all options there are', async () => {
    const line = 'diff v7.0:SMP=y v7.0:SMP=n --matrix small.yaml --format json --exit-code';
    const { code, out, err } = await inDir(line);
    const diff = JSON.parse(out) as Diff;
    expect([code, err]).toEqual([1, '']);
    expect(diff.options.map(({ symbol }) => symbol)).toContain('NR_CPUS');
    expect(diff.counters.length).toBeGreaterThan(0);
  });

  it('takes two spellings of one cell for one', async () => {
    const line =
      'diff v7.0:SMP=y,64BIT=y v7.0:64BIT=y,CONFIG_SMP=y --matrix small.yaml --exit-code';
    const { code, out } = await inDir(line);
    expect([code, out.includes('No difference.')]).toEqual([0, true]);
  });

  it('says why where Kconfig rejects a side, with exit code 1', async () => {
    const line = 'diff v7.0:SMP=n,PER_VMA_LOCK=y v7.0:SMP=n --matrix small.yaml';
    const { code, out, err } = await inDir(line);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^v7\.0:SMP=n,PER_VMA_LOCK=y: PER_VMA_LOCK=y does not take effect, .*SMP is n\n$/,
    );
  });
});

describe('kmatrix simulate', () => {
  it('prints a measurement for programs', async () => {
    const { code, out } = await inDir('simulate page_fault1 --cpus 1 --runs 1 --format json');
    expect(code).toBe(0);
    const measurement = JSON.parse(out);
    expect(checkSchema(measurementSchema, measurement)).toBeUndefined();
    expect([measurement.edition, measurement.config.SMP]).toEqual(['v7.0', 'y']);
  });

  it('prints it for people', async () => {
    const { out } = await inDir('simulate page_fault1 --cpus 1 --runs 1 --set SMP=n');
    expect(out).toMatch(/^kmatrix simulate: page_fault1 on v7\.0\n=+\n/);
    expect(out).toContain('one run');
  });

  it('says what Kconfig does not grant', async () => {
    const { code, err } = await inDir('simulate page_fault1 --set PER_VMA_LOCK=n');
    expect(code).toBe(1);
    expect(err).toMatch(
      /^v7\.0:SMP=y,PER_VMA_LOCK=n: PER_VMA_LOCK=n does not take effect, it is y: /,
    );
  });
});
