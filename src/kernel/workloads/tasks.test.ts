import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { editionNamed } from '../editions/index.ts';
import { instantiate } from '../model/index.ts';
import { config, SMP64, UP64 } from '../model/user-script.test-util.ts';
import { countOnly, simulate } from '../simulate.ts';
import { tasksOf } from './demand.ts';
import { machineSize } from './layout.ts';
import { readWorkload } from './read-workload.ts';

const workload = (run: string, setup = '[]') =>
  readWorkload(`name: t\nthreads:\n  - name: a\n    setup: ${setup}\n    run: ${run}`, 'w.yaml');
const kernel = (options: Record<string, string>, edition = 'v6.12') => {
  const e = editionNamed(edition);
  if (e === undefined) throw new Error(edition);
  return instantiate(e, config(options));
};

// The rest of that row counts which pages of the measuring program and of libc both sides touch.
test('fork and exit write-lock what a real 6.12 write-locked', () => {
  const truth = JSON.parse(
    readFileSync(new URL('../testdata/counters-6.12.json', import.meta.url), 'utf8'),
  ).workloads.fork_child_cow_256;
  const real = truth.kernels['per_vma_lock=y'];
  const counts = countOnly(kernel(SMP64).build, 'fork_cow');
  // Real write acquisitions of vm_lock in the same measurement, which the file here does not carry.
  expect(counts.vma_write_locks).toBe(34);
  expect(counts.mmap_lock.write_acquired).toBe(real.mmap_lock.write_acquired);
  expect(counts.calls.vm_area_dup).toBe(real.calls.vm_area_dup);
});

test('as many tasks as are there at once', () => {
  const forks = (run: string) => tasksOf(workload(run).threads[0]!, 'fork');
  expect(forks('[{repeat: 1000, do: [{fork: {child: [exit]}}, wait]}]')).toBe(1);
  expect(forks('[{repeat: 10, do: [{fork: {child: [exit]}}]}]')).toBe(10);
  expect(forks('[{fork: {child: [{fork: {child: [exit], as: p}}, {wait: {for: p}}]}}, wait]')).toBe(
    2,
  );
  expect(machineSize(workload('[{fork: {child: [exit]}}]'), 1)).toMatchObject({
    threads: 2,
    forks: 1,
    processOf: [0],
  });
});

test.each([
  ['[exit]', /"exit" stands in a fork/],
  ['[{fork: {child: [barrier]}}]', /only threads that the file lists/],
  ['[{pthread_join: {}}]', /needs "for"/],
  ['[{fork: {child: [exit], as: p}}, {wait: {for: q}}]', /"q" is not defined here/],
  ['[{fork: {child: [{mmap: {pages: 1, as: m}}]}}, {write: {at: m}}]', /"m" is not defined here/],
  ['[{fork: {do: [exit]}}]', /"do"/],
])('%s is refused', (run, message) => {
  expect(() => workload(run)).toThrow(message);
});

describe.each([
  ['v6.12', SMP64],
  ['v6.12', UP64],
  ['v7.0', SMP64],
  ['all-builds-v2', UP64],
] as const)('%s %o', (edition, options) => {
  const count = (run: string, setup?: string) =>
    countOnly(kernel(options, edition).build, workload(run, setup));

  it('copies once and reuses once, whoever writes first', () => {
    const area = '[{mmap: {pages: 8, as: m}}, {write: {at: m, pages: 8}}]';
    const child = '{fork: {child: [{write: {at: m, pages: 8}}, pause]}}';
    const nothing = count(`[${child.replace('{write: {at: m, pages: 8}}, ', '')}]`, area);
    const both = count(`[${child}, {sleep: {us: 1}}, {write: {at: m, pages: 8}}]`, area);
    expect(both.counters.pgfault).toBe((nothing.counters.pgfault ?? 0) + 16);
    expect(both.counters.pgreuse).toBe((nothing.counters.pgreuse ?? 0) + 8);
  });

  it('takes mmap_lock for fork, exit of the task and exit of the mm', () => {
    const { mmap_lock, calls } = count('[{repeat: 3, do: [{fork: {child: [exit]}}, wait]}]');
    expect(mmap_lock.write_acquired).toBe(9);
    expect(calls.exit_mmap).toBe(3);
    expect(calls.vm_area_dup).toBe(30);
  });

  it('leaves out and wipes what it was told to', () => {
    const setup = (advice: string) =>
      `[{mmap: {pages: 4, as: m}}, {write: {at: m, pages: 4}}, {madvise: {at: m, pages: 4, advice: ${advice}}}]`;
    const run = '[{fork: {child: [{read: {at: m, pages: 4, segv: true}}]}}, wait]';
    const copied = count(run, setup('normal'));
    const left = count(run, setup('dontfork'));
    const wiped = count(run, setup('wipeonfork'));
    expect(copied.calls.vm_area_dup).toBe(11);
    expect(left.calls.vm_area_dup).toBe(10);
    expect(wiped.calls.vm_area_dup).toBe(11);
    expect(wiped.counters.pgfault).toBe((copied.counters.pgfault ?? 0) + 4);
    expect(left.counters.pgfault).toBe(copied.counters.pgfault);
  });

  it('vfork copies nothing and locks only to leave the mm', () => {
    const area = '[{mmap: {pages: 4, as: m}}, {write: {at: m, pages: 4}}]';
    const { mmap_lock, calls, counters } = count(
      '[{vfork: {child: [{write: {at: m, pages: 4}}]}}, wait]',
      area,
    );
    expect(mmap_lock).toMatchObject({ read_acquired: 1, write_acquired: 0 });
    expect(calls.exit_mmap).toBeUndefined();
    expect(counters.pgfault).toBe(0);
  });

  it('nests', () => {
    const inner = '{fork: {child: [exit], as: p}}, {wait: {for: p}}';
    const { calls } = count(`[{fork: {child: [${inner}], as: q}}, {wait: {for: q}}]`);
    expect(calls.exit_mmap).toBe(2);
  });

  it('keeps no more than 40 MiB of stacks', () => {
    const create = (n: number) => `{pthread_create: {do: [think], as: t${n}}}`;
    const join = (n: number) => `{pthread_join: {for: t${n}}}`;
    const ns = [1, 2, 3, 4, 5, 6];
    const { calls } = count(`[${[...ns.map(create), ...ns.map(join)].join(', ')}]`);
    expect(calls.mmap).toBe(6);
    expect(calls.munmap).toBe(2);
    expect(calls.madvise).toBe(6);
  });

  it('lets a child of a thread use the stacks the others left', () => {
    const child = '{pthread_create: {do: [think], as: u}}, {pthread_join: {for: u}}';
    const thread = `{fork: {child: [${child}]}}, wait`;
    const { calls } = count(
      `[{pthread_create: {do: [think], as: s}}, {pthread_create: {do: [${thread}], as: t}}, {pthread_join: {for: t}}, {pthread_join: {for: s}}]`,
    );
    expect(calls.mmap).toBe(2);
    expect(calls.exit_mmap).toBe(1);
  });

  it('runs in time, the same every time', () => {
    const text =
      'name: t\nthreads:\n  - name: a\n    count: cpus\n    setup: [{mmap: {pages: 8, as: m}}, {write: {at: m, pages: 8}}, {fork: {child: [pause]}}]\n' +
      '    run: [{repeat: 4, do: [{fork: {child: [{write: {at: m, pages: 8}}]}}, {pthread_create: {do: [{read: {at: m}}], as: t}}, {write: {at: m}}, wait, {pthread_join: {for: t}}]}]';
    const load = readWorkload(text, 'w.yaml');
    const go = () => simulate(kernel(options, edition), load, { cpus: [1, 3], runs: 1, seed: 7 });
    expect(go()).toEqual(go());
  });
});

test('what threads made at run time mark counts, and the throughput is over the life of those listed', () => {
  const run = (body: string) =>
    simulate(kernel(SMP64), workload(`[{repeat: 4, do: [${body}]}]`), {
      cpus: [2],
      runs: 1,
      seed: 1,
    }).performance[0];
  const thread = (inside: string) =>
    `{pthread_create: {do: [${inside}], as: t}}, {pthread_join: {for: t}}`;
  const marked = run(thread('{op: [{think: {loops: 100000}}]}'));
  const whole = run(`{op: [${thread('{think: {loops: 100000}}')}]}`);
  expect(marked?.mean_ns).toBeGreaterThan(0.5 * (whole?.mean_ns ?? Number.NaN));
  expect(marked?.mean_ns).toBeLessThan(whole?.mean_ns ?? Number.NaN);
  expect(marked?.ops_per_second).toBeCloseTo(whole?.ops_per_second ?? Number.NaN, -1);
  expect(() => workload(`[{op: [${thread('{op: think}')}]}]`)).toThrow(/inside an "op" already/);
});
