import { describe, expect, test } from 'vitest';
import { editionNamed } from '../editions/index.ts';
import { instantiate } from '../model/kernel.ts';
import { compileWorkload, loadWorkload, machineSize } from '../workloads/index.ts';
import { bytesAllocated } from './allocation.test-util.ts';
import { StepLimitError } from './program.ts';
import { loadProfile } from './read-profile.ts';
import { TimedExec } from './timed-exec.ts';
import { toyMachine } from './toy-machine.test-util.ts';

/*
 * Steps per second of the executor, on one core. A step is one label of one routine: at most one access to a shared word, with
 * everything it costs: the cache line, the work, the event of its CPU. Steps that busy-wait count once for each time they look, and
 * time that passes without a step costs nothing. Each benchmark makes the number of steps in its name, so that
 * steps/s = steps × hz. Vitest's module runner turns every imported constant into a call of a getter, which
 * costs this code several times its own time: these run with `--experimental.viteModuleRunner=false`.
 */

const TOY_STEPS = 400_000;

/** One round warms up; a few are enough, since each makes a million steps or so. */
const ROUNDS = { iterations: 4, time: 0, warmupIterations: 1, warmupTime: 0 };

const GROWTH_ROUNDS = 8;
const BYTES_A_STEP = 0.2;
const WANTED = '5 million steps/s on 16 CPUs, less than twice the cost on 256';

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

describe('a kernel with per-VMA locks', () => {
  const edition = editionNamed('v7.0');
  if (edition === undefined) throw new RangeError('no edition v7.0');
  const on = new Set(['MMU', 'SMP', 'PER_VMA_LOCK', 'RWSEM_SPIN_ON_OWNER']);
  const kernel = instantiate(edition, { get: (name) => (on.has(name) ? 'y' : '') });
  const pageFaults = loadWorkload('page_fault1');

  const machine = (cpus: number, maxSteps?: number, workload = pageFaults) => {
    const spec = kernel.build(machineSize(workload, cpus));
    const { threads } = compileWorkload(workload, spec, cpus);
    const programs = threads.map((t) => ({ tid: t.tid, routine: t.run, args: [1], counted: true }));
    const boot = () =>
      new TimedExec(spec, { cpus, profile, seed: 1, ...(maxSteps && { maxSteps }) });
    const once = (exec = boot()) => {
      const begin = process.threadCpuUsage();
      try {
        exec.run(programs);
      } catch (error) {
        if (!(error instanceof StepLimitError)) throw error;
      }
      const { user, system } = process.threadCpuUsage(begin);
      return { steps: exec.steps, nsPerStep: ((user + system) * 1e3) / exec.steps };
    };
    return { boot, once };
  };

  test.for([1, 4, 16, 64, 256])('page_fault1 on %i CPUs', async (cpus, { bench }) => {
    const { once } = machine(cpus);
    await bench(`${once().steps} steps on ${cpus} CPUs`, () => {
      once();
    }).run(cpus > 16 ? { ...ROUNDS, iterations: 1, warmupIterations: 0 } : ROUNDS);
  });

  // All sizes in turn, so that what else the computer does falls on all of them; of each the best round, in time of the processor.
  test('growth of the cost of a step', () => {
    const sizes = [4, 16, 64, 256];
    const machines = sizes.map((cpus) => machine(cpus, 1_000_000));
    const best = sizes.map(() => Number.POSITIVE_INFINITY);
    for (let round = 0; round < GROWTH_ROUNDS; round++) {
      machines.forEach(({ once }, i) => {
        best[i] = Math.min(best[i] as number, once().nsPerStep);
      });
    }
    const [few = 0] = best;
    const rows = sizes.map((cpus, i) => {
      const ns = best[i] as number;
      return `${cpus} CPUs: ${(1e3 / ns).toFixed(1)} million steps/s, ${(ns / few).toFixed(2)} times the cost on ${sizes[0]}`;
    });
    // What it is to keep is told and not asserted: on a computer that does other things the caches it needs for 256 CPUs are not its own.
    console.log([...rows, `wanted: ${WANTED}`].join('\n'));
  });

  // A number on the heap (16 bytes) would be for one step in eighty. What is left is of the engine: alone in a process maps and
  // unmaps come to 0.01, but behind other kernels and workloads, whose feedback keeps some functions from being inlined, to 0.11.
  test.for(['page_fault1', 'mmap_munmap'])('%s: no allocation in the event loop', (name) => {
    const { boot, once } = machine(16, 2_000_000, loadWorkload(name));
    // The engine puts doubles on the heap, and works itself, until it has optimised a step.
    let least = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 24 && least >= BYTES_A_STEP; round++) {
      const exec = boot();
      let steps = 0;
      const bytes = bytesAllocated(() => {
        ({ steps } = once(exec));
      });
      console.log(`${name}, round ${round}: ${(bytes / steps).toFixed(4)} bytes a step`);
      least = Math.min(least, bytes / steps);
    }
    expect(least).toBeLessThan(BYTES_A_STEP);
  });
});
