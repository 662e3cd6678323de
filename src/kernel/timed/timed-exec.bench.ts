import { describe, test } from 'vitest';
import { editionNamed } from '../editions/index.ts';
import { instantiate } from '../model/kernel.ts';
import { compileWorkload, loadWorkload, machineSize } from '../workloads/index.ts';
import { loadProfile } from './read-profile.ts';
import { TimedExec } from './timed-exec.ts';
import { toyMachine } from './toy-machine.test-util.ts';

/*
 * Steps per second of the executor. Each benchmark makes the number of steps in its name, more or less, so that
 * steps/s = steps × hz. Vitest's module runner turns every imported constant into a call of a getter, which
 * costs this code several times its own time: compare figures with each other, or run with
 * `--experimental.viteModuleRunner=false`.
 */

const TOY_STEPS = 400_000;

/** One round warms up; a few are enough, since each makes a million steps or so. */
const ROUNDS = { iterations: 4, time: 0, warmupIterations: 1, warmupTime: 0 };

const profile = loadProfile('server');

describe('an atomic counter, all CPUs on one line', () => {
  test.for([1, 4, 16, 64, 256])('%i CPUs', async (cpus, { bench }) => {
    await bench(`${TOY_STEPS} steps on ${cpus} CPUs`, () => {
      const toy = toyMachine(cpus);
      const exec = new TimedExec(toy.spec, { cpus, profile, seed: 1 });
      const args = [1, Math.floor(TOY_STEPS / cpus)];
      exec.run(
        Array.from({ length: cpus }, (_, tid) => ({
          tid,
          routine: toy.count,
          args,
          counted: true,
        })),
      );
    }).run(ROUNDS);
  });
});

describe('page_fault1 on a kernel with per-VMA locks', () => {
  const edition = editionNamed('v7.0');
  if (edition === undefined) throw new RangeError('no edition v7.0');
  const on = new Set(['MMU', 'SMP', 'PER_VMA_LOCK', 'RWSEM_SPIN_ON_OWNER']);
  const kernel = instantiate(edition, { get: (name) => (on.has(name) ? 'y' : '') });
  const workload = loadWorkload('page_fault1');
  test.for([1, 4, 16])('%i CPUs', async (cpus, { bench }) => {
    const spec = kernel.build(machineSize(workload, cpus));
    const { threads } = compileWorkload(workload, spec, cpus);
    const once = () => {
      const exec = new TimedExec(spec, { cpus, profile, seed: 1 });
      exec.run(threads.map((t) => ({ tid: t.tid, routine: t.run, args: [1], counted: true })));
      return exec.steps;
    };
    await bench(`${once()} steps on ${cpus} CPUs`, () => {
      once();
    }).run(ROUNDS);
  });
});
