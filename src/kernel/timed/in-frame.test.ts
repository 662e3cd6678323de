import { expect, test } from 'vitest';
import { editionNamed } from '../editions/index.ts';
import { instantiate } from '../model/kernel.ts';
import { inFrame, routine } from '../model/machine/index.ts';
import { compileWorkload, machineSize, readWorkload } from '../workloads/index.ts';
import { loadProfile } from './read-profile.ts';
import { TimedExec } from './timed-exec.ts';

const WORKLOAD = `
name: mix
unit: write
threads:
  - name: faulter
    count: cpus
    setup:
      - mmap: { pages: 16, as: kept }
    run:
      - repeat: 3
        do:
          - mmap: { pages: 8, as: buf }
          - for: { each: page, of: buf, pages: 8 }
            do:
              - op: { write: { at: page } }
          - mprotect: { at: kept, pages: 4, prot: r }
          - mprotect: { at: kept, pages: 4, prot: rw }
          - for: { each: page, of: kept, pages: 16 }
            do:
              - op: { write: { at: page } }
          - munmap: { at: buf, pages: 8 }
`;

/** One that makes a turn of the queue of each step. */
class OneByOne extends TimedExec {
  protected override nextInFrame(): boolean {
    return false;
  }
}

test.for(['v6.4', 'v6.12', 'v7.0'])('%s: steps in their frames may be made at once', (name) => {
  const edition = editionNamed(name);
  if (edition === undefined) throw new RangeError(`no edition ${name}`);
  const on = new Set(['MMU', 'SMP', 'PER_VMA_LOCK', 'RWSEM_SPIN_ON_OWNER']);
  const kernel = instantiate(edition, { get: (option) => (on.has(option) ? 'y' : '') });
  const workload = readWorkload(WORKLOAD, 'mix.yaml');
  const profile = loadProfile('server');
  let together = 0;
  /** The same, and tells how many there were. */
  class Counting extends TimedExec {
    protected override nextInFrame(): boolean {
      const is = super.nextInFrame();
      if (is) together++;
      return is;
    }
  }
  for (const cpus of [3, 40]) {
    const results = [OneByOne, Counting].map((Executor) => {
      const spec = kernel.build(machineSize(workload, cpus));
      const { threads } = compileWorkload(workload, spec, cpus);
      const exec = new Executor(spec, { cpus, profile, seed: 3 });
      exec.run(threads.map((t) => ({ tid: t.tid, routine: t.run, args: [1], counted: true })));
      const { steps, now, meter } = exec;
      const { total, meanLatency, maxLatency, opsPerSecond } = meter;
      return {
        ...{ steps, now, total, meanLatency, maxLatency, opsPerSecond },
        events: [...exec.events],
        calls: [...exec.calls],
        mem: exec.mem,
      };
    });
    expect(results[1]).toEqual(results[0]);
  }
  expect(together).toBeGreaterThan(5_000);
});

test('a routine of more steps than there are bits has none of them marked', () => {
  const steps = (n: number) =>
    routine('steps', [], () =>
      Object.fromEntries(Array.from({ length: n }, (_, i) => [`s${i}`, inFrame((k) => k.ret())])),
    );
  expect(steps(3).inFrame).toBe(0b111);
  expect(steps(31).inFrame).toBe(0x7fff_ffff);
  expect(steps(32).inFrame).toBe(0);
});
