import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { run } from '../test-io.test-util.ts';

const dir = mkdtempSync(join(tmpdir(), 'kmatrix-torture-'));
afterAll(() => rmSync(dir, { recursive: true }));
const env = { XDG_CACHE_HOME: join(dir, 'cache') };
const torture = (line: string) => run(`torture ${line}`.split(' '), { cwd: dir, env });
const SMALL = '--adversary mprotect --writers 1 --lookups 100';

it('gives the same bytes for the same seed, from the cache or not', async () => {
  const line = `--lookup classic ${SMALL} --format json`;
  const first = await torture(line);
  expect([first.code, first.err]).toEqual([0, '']);
  const { cells } = JSON.parse(first.out) as { cells: { outcome: string; lookups: number }[] };
  expect(cells).toHaveLength(1);
  expect(cells[0]).toMatchObject({ outcome: 'completed', lookups: 100 });
  expect((await torture(line)).out).toBe(first.out);
  expect((await torture(`${line} --no-cache`)).out).toBe(first.out);
});

it('answers in a sentence for each lookup, and says no where a kernel crashes', async () => {
  const { code, out } = await torture(`--lookup unlocked-as-posted,unlocked ${SMALL} --format md`);
  expect(code).toBe(1);
  expect(out).toMatch(/- `unlocked-as-posted`: crashes the kernel in 1 cell of 1/);
  expect(out).toMatch(/- `unlocked`: in 100 lookups, at most 0 retries of one; /);
});

it('writes one line of values for each cell', async () => {
  const { out } = await torture(`--lookup wait --edition v6.12,v7.0 ${SMALL} --format csv`);
  const [head = '', ...lines] = out.trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line.split(',')).toHaveLength(head.split(',').length);
  expect(lines[0]).toMatch(/^v6\.12,wait,.*,impossible,0,/);
});

it('writes a page with histograms', async () => {
  const { out } = await torture(`--lookup wait ${SMALL} --format html`);
  expect(out).toContain('<title>kmatrix torture</title>');
  expect(out).toMatch(/Retries of one lookup, wait: mprotect x 1 beside<\/title>/);
});

it.each([
  ['--lookup v9', /"v9" is none of classic, wait, wait-killable/],
  ['--edition v9', /no edition .*"?v9/],
  ['--writers 1000', /--writers: at most 100/],
  ['--profile srver', /no cost profile is called "srver"/],
])('refuses %s', async (line, message) => {
  const { code, err } = await torture(line);
  expect(code).toBe(2);
  expect(err).toMatch(message);
});
