import { expect, test } from 'vitest';
import { demandOf } from './demand.ts';
import { machineSize, planThreads } from './layout.ts';
import { readWorkload } from './read-workload.ts';

const demand = (run: string, more = '') => {
  const text = `name: t\nthreads:\n  - name: f\n    run: [think]\n  - name: a\n${more}    run: ${run}`;
  return demandOf(readWorkload(text, 'w.yaml').threads[1]!);
};

test('what is mapped at once, not what is mapped in all', () => {
  const loop = '[{repeat: 1000, do: [{mmap: {pages: 7, as: b}}, {munmap: {at: b, pages: 7}}]}]';
  expect(demand(loop)).toEqual({ pages: 7, vmas: 7 });
  expect(demand('[{repeat: 10, do: [{mmap: {pages: 7}}]}]').pages).toBe(70);
  expect(demand('[{mmap: {pages: 700, as: b}}, {mprotect: {at: b, pages: 1, prot: r}}]').vmas).toBe(
    3,
  );
});

test('mapping over what is there takes nothing more', () => {
  const over = '{mmap: {pages: 4, at: b, flags: [private, anonymous, fixed]}}';
  expect(
    demand(`[{repeat: 100, do: [${over}]}]`, '    setup: [{mmap: {pages: 4, as: b}}]\n').pages,
  ).toBe(4);
});

test('a background thread that maps more in each round is refused', () => {
  expect(() => demand('[{mmap: {pages: 1}}]', '    background: true\n')).toThrow(
    /map more than they unmap/,
  );
  expect(
    demand('[{mmap: {pages: 1, as: b}}, {munmap: {at: b, pages: 1}}]', '    background: true\n')
      .pages,
  ).toBe(1);
});

test('threads of one file share a process unless they say otherwise', () => {
  const text =
    'name: t\nthreads:\n  - name: a\n    count: cpus\n    process: own\n  - name: b\n    count: 2\n';
  const workload = readWorkload(text, 'w.yaml');
  expect(planThreads(workload, 3).map((p) => p.process)).toEqual([1, 2, 3, 0, 0]);
  expect(planThreads(workload, 3).map((p) => p.index)).toEqual([0, 1, 2, 0, 1]);
  expect(machineSize(workload, 3)).toMatchObject({ threads: 5, processOf: [1, 2, 3, 0, 0] });
});

test('there are as many pipes as are open at once', () => {
  const closed =
    '{pipe: {as: p}}, {pipe_close: {pipe: p, end: read}}, {pipe_close: {pipe: p, end: write}}';
  const pipes = (setup: string, run: string, more = '') => {
    const text = `name: t\nsetup: ${setup}\nthreads:\n  - name: f\n    run: [think]\n  - name: a\n${more}    run: ${run}`;
    return machineSize(readWorkload(text, 'w.yaml'), 1).pipes;
  };
  expect(pipes('[]', '[think]')).toBeUndefined();
  expect(pipes('[{pipe: {as: a}}]', `[{repeat: 100, do: [${closed}]}]`)).toBe(2);
  expect(pipes('[]', '[{repeat: 3, do: [{pipe: {as: a}}]}]')).toBe(3);
  expect(() => pipes('[]', '[{pipe: {as: a}}]', '    background: true\n')).toThrow(
    /make more pipes than they close/,
  );
});

test('a setup that only makes pipes may stand before processes of their own', () => {
  const of = (setup: string) =>
    readWorkload(
      `name: t\nsetup: [${setup}]\nthreads:\n  - name: a\n    process: own\n    run: [think]\n`,
      'w.yaml',
    );
  expect(planThreads(of('{pipe: {as: p}}'), 1).map((p) => p.process)).toEqual([0]);
  expect(() => of('{pipe: {as: p}}, {mmap: {pages: 1}}')).toThrow(/this thread is not in/);
});
