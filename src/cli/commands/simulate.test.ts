import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkSchema, measurementSchema, type Report } from '../../report/index.ts';
import { run } from '../test-io.test-util.ts';

const dir = mkdtempSync(join(tmpdir(), 'kmatrix-simulate-'));
afterAll(() => rmSync(dir, { recursive: true }));
const files = {
  'oops.yaml': `name: oops
threads:
  - name: sender
    run:
      - tcp_mmap: { pages: 4, as: buf }
      - munmap: { at: buf, pages: 2 }
      - munmap: { at: buf+2, pages: 2 }
      - tcp_zerocopy_receive: { at: buf, pages: 4, error: EINVAL }
`,
  'hang.yaml': `name: hang
threads:
  - name: main
    setup:
      - userfaultfd
      - mmap: { pages: 4, as: area }
      - uffd_register: { at: area, pages: 4, modes: [missing] }
    run:
      - read: { at: area }
`,
  'small.yaml': `name: small
workloads: [./oops.yaml, mseal_1]
matrix:
  edition: [v6.4, all-builds-v2, all-builds-v2-fixed]
  NET: [y]
  INET: [y]
`,
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);

const env = { XDG_CACHE_HOME: join(dir, 'cache') };
/** The same line, without the folder that is another in every run. */
const inDir = async (line: string) => {
  const ran = await run(line.split(' '), { cwd: dir, env });
  const plain = (text: string) => text.replaceAll(dir, '.');
  return { ...ran, out: plain(ran.out), err: plain(ran.err) };
};
/** Without the options, which are none of the outcome's. */
const shown = (out: string) => out.slice(out.search(/^(## )?(Oops|Hung)/m));

const OOPS = 'simulate oops.yaml --edition all-builds-v2 --cpus 1 --runs 1';
const HANG = 'simulate hang.yaml --edition v6.12 --cpus 1 --runs 1';

describe('kmatrix simulate of a workload', () => {
  it.each([
    ['under which the kernel crashes, for a terminal', OOPS],
    ['under which the kernel crashes, as Markdown', `${OOPS} --format md`],
    ['that never ends, for a terminal', HANG],
    ['that never ends, as Markdown', `${HANG} --format md`],
  ])('%s', async (_what, line) => {
    const { code, out, err } = await inDir(line);
    expect([code, err]).toEqual([1, '']);
    expect(shown(out)).toMatchSnapshot();
  });

  it.each([OOPS, HANG])('that fails is JSON like any other: %s', async (line) => {
    const first = await inDir(`${line} --format json`);
    expect([first.code, first.err]).toEqual([1, '']);
    const measurement = JSON.parse(first.out);
    expect(checkSchema(measurementSchema, measurement)).toBeUndefined();
    expect(measurement.outcome).toMatchSnapshot();
    expect(await inDir(`${line} --format json`)).toEqual(first);
  });

  it('that the kernel can never run is the wrong input, with its place', async () => {
    const ran = await inDir('simulate uffd_poison_64 --edition v6.4');
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toMatchSnapshot();
  });

  it('names the counters that /proc/vmstat of the kernel does not show', async () => {
    const { code, out } = await inDir(
      'simulate page_fault1 --cpus 1 --runs 1 --set EXPERT=y --set VM_EVENT_COUNTERS=n',
    );
    expect(code).toBe(0);
    expect(out).toMatch(
      /Not exported by this kernel \(\/proc\/vmstat has no such line\): pgfault, /,
    );
  });
});

it('writes performance as comma-separated values, a line for each CPU count', async () => {
  const { code, out } = await inDir('simulate mmap_munmap --cpus 1,2 --runs 1 --format csv');
  expect(code).toBe(0);
  const [head, ...lines] = out
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  expect(head?.slice(0, 6)).toEqual([
    'edition',
    'workload',
    'profile',
    'seed',
    'cpus',
    'ops_per_second',
  ]);
  expect(lines.map((line) => line.slice(0, 5))).toEqual([
    ['v7.0', 'mmap_munmap', 'server', '1', '1'],
    ['v7.0', 'mmap_munmap', 'server', '1', '2'],
  ]);
  expect(Number(lines[0]?.[5])).toBeGreaterThan(0);
});

describe('kmatrix run', () => {
  it('goes on after a cell whose workload fails', async () => {
    const { code, out, err } = await inDir('run small.yaml --format json');
    expect([code, err]).toEqual([0, '']);
    const { outcomes, workloads } = JSON.parse(out) as Report;
    expect(outcomes.map((o) => [o.kernel.split(':')[0], o.workload, o.outcome.kind])).toEqual([
      ['v6.4', 'mseal_1', 'unsupported'],
      ['all-builds-v2', 'oops', 'oops'],
    ]);
    expect(workloads).toHaveLength(4);
    // A failure is not kept in the cache, where its places could grow old.
    expect((await inDir('run small.yaml --format json')).out).toBe(out);
  });
});
