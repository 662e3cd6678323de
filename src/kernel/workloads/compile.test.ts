import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { v6_12 } from '../editions/v6.12.ts';
import { instantiate } from '../model/index.ts';
import { countOnly, type SimulatedKernel, simulate } from '../simulate.ts';
import { plainProfile, toyMachine } from '../timed/toy-machine.test-util.ts';
import { loadWorkload, shippedWorkloads } from './load.ts';
import { readWorkload } from './read-workload.ts';

const TOY: SimulatedKernel = {
  edition: { name: 'toy' },
  relevant: {},
  build: ({ threads }) => toyMachine(threads).spec,
};

/** Operations a workload makes on the toy kernel, where each of them counts one. */
function ops(text: string, cpus = 1): number {
  const workload = readWorkload(text, 'w.yaml');
  const counted = countOnly(({ threads }) => toyMachine(threads).spec, workload, cpus);
  const timed = simulate(TOY, workload, {
    cpus: [cpus],
    runs: 1,
    seed: 3,
    profile: plainProfile(),
  });
  const n = counted.counters.op ?? -1;
  // Random and background work differ with the seed and the time there is.
  if (!/background|choose/.test(text)) expect(timed.counters.op).toBe(n);
  return n;
}

const file = (run: string, more = '') => `name: t\nthreads:\n  - name: a\n${more}    run: ${run}\n`;

describe('programs do what they say', () => {
  test('loops nest, and loops of touches count each page', () => {
    expect(ops(file('[{repeat: 3, do: [think, {repeat: 4, do: think}]}]'))).toBe(15);
    expect(ops(file('[{mmap: {pages: 9, as: b}}, {write: {at: b, pages: 9}}]'))).toBe(10);
    expect(
      ops(
        file(
          '[{mmap: {pages: 9, as: b}}, {for: {each: p, of: b, pages: 9, step: 4}, do: [{write: {at: p}}, {repeat: 2, do: {read: {at: p}}}]}]',
        ),
      ),
    ).toBe(10);
  });

  test('a loop over pages at random makes its rounds, and stays among them', () => {
    expect(
      ops(
        file(
          '[{mmap: {pages: 9, as: b}}, {for: {each: p, of: b, pages: 9, random: 30}, do: {write: {at: p}}}]',
        ),
      ),
    ).toBe(31);
    const kernel = instantiate(v6_12, { get: (name) => (name === 'SMP' ? 'y' : '') });
    // A page outside would be a fault that is not handled, so each of the odd pages faults once.
    const touched = countOnly(
      kernel.build,
      readWorkload(
        file(
          '[{for: {each: p, of: b+1, pages: 63, step: 2, random: 400}, do: {write: {at: p}}}]',
          '    setup: [{mmap: {pages: 64, as: b}}]\n',
        ),
        'w.yaml',
      ),
    );
    expect(touched.counters.pgfault).toBe(32);
  });

  test('an inner loop starts afresh in each round of the outer one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }),
        (ns) => {
          const body = ns.reduce((inner, n) => `[think, {repeat: ${n}, do: ${inner}}]`, '[think]');
          const expected = ns.reduce((inner, n) => 1 + n * inner, 1);
          expect(ops(file(body))).toBe(expected);
        },
      ),
    );
  });

  test('a thread for each CPU, and at least one', () => {
    expect(ops(file('[think]', '    count: cpus\n'), 4)).toBe(4);
    expect(ops(file('[think]', '    count: cpus-1\n'), 4)).toBe(3);
    expect(ops(file('[think]', '    count: cpus-1\n'), 1)).toBe(1);
  });

  test('setup is not counted', () => {
    expect(ops(file('[think]', '    setup: [think, think]\n'))).toBe(1);
    expect(ops(`setup: [think, think]\n${file('[think]')}`)).toBe(1);
  });

  test('barriers keep threads together, also more threads than CPUs', () => {
    expect(ops(file('[{repeat: 5, do: [think, barrier]}]', '    count: 6\n'), 2)).toBe(30);
  });

  test('a choice follows its weights and the seed', () => {
    const text = file(
      '[{repeat: 4000, do: {choose: [{weight: 3, do: think}, {weight: 1, do: []}]}}]',
    );
    const n = ops(text);
    expect(n).toBeGreaterThan(2850);
    expect(n).toBeLessThan(3150);
    expect(ops(text)).toBe(n);
    expect(ops(`seed: 2\n${text}`)).not.toBe(n);
  });

  test('a background thread ends when the others have', () => {
    const text = `${file('[{repeat: 50, do: think}]')}  - name: b\n    background: true\n    run: [think, {sleep: {us: 1}}]\n`;
    expect(ops(text, 2)).toBeGreaterThanOrEqual(50);
  });
});

describe('what is counted as one operation', () => {
  const measure = (text: string) =>
    simulate(TOY, readWorkload(text, 'w.yaml'), {
      cpus: [1],
      runs: 1,
      seed: 1,
      profile: plainProfile(),
    }).performance[0]!;

  test('every operation of the run, or what op marks', () => {
    const each = measure(file('[{repeat: 100, do: [think, think]}]'));
    const pair = measure(file('[{repeat: 100, do: [{op: [think, think]}]}]'));
    const second = measure(file('[{repeat: 100, do: [think, {op: think}]}]'));
    expect(each.ops_per_second / pair.ops_per_second).toBeCloseTo(2, 1);
    expect(second.ops_per_second / pair.ops_per_second).toBeCloseTo(1, 1);
    expect(pair.p50_ns).toBeGreaterThan(1.9 * second.p50_ns);
  });

  test('nothing done is nothing per second', () => {
    expect(measure(file('[]'))).toMatchObject({ ops_per_second: 0, p50_ns: 0, spread: 0 });
  });
});

describe('the files that come with kmatrix', () => {
  test.each([...shippedWorkloads()])('%s', (name) => {
    const workload = loadWorkload(name);
    expect(workload.name).toBe(name);
    expect(workload.description).not.toBe('');
    const { counters } = countOnly(({ threads }) => toyMachine(threads).spec, workload, 2);
    expect(counters.op).toBeGreaterThanOrEqual(name === 'empty' ? 0 : 1);
  });

  test('an unknown name', () => {
    expect(() => loadWorkload('page_fualt1')).toThrow(/did you mean "page_fault1"/);
    expect(() => loadWorkload('./nowhere.yaml')).toThrow(/workload file not found/);
  });
});
