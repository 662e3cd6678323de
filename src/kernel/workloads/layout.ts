import { PIPE_PAGES } from '../model/fs/pipe.ts';
import type { MachineSize } from '../model/machine-spec.ts';
import type { Program } from '../model/program.ts';
import {
  demandOf,
  demandOfSetup,
  execs,
  pipesOf,
  pipesOfSetup,
  swapOf,
  tasksOf,
  tasksOfSetup,
} from './demand.ts';
import type { ThreadKind, Workload } from './workload.ts';

/** One thread of a workload on a machine of a given width. */
export interface ThreadPlan {
  readonly tid: number;
  readonly kind: ThreadKind;
  /** Number within its kind: `index` in addresses. */
  readonly index: number;
  readonly process: number;
}

/** What a process has before its own code maps anything, at least: the static program of the reference counts has 11 VMAs. */
const BOOT = { vmas: 16, pages: 64, tables: 10 };
/** Pages of a page table: one covers 2 MiB. */
const TABLE_PAGES = 512;

/** The threads of a workload on `cpus` CPUs, in the order of the file. Thread numbers start at 0. */
export function planThreads(workload: Workload, cpus: number): readonly ThreadPlan[] {
  const plans: ThreadPlan[] = [];
  const shares = workload.threads.some((k) => k.process === 'shared');
  let processes = shares ? 1 : 0;
  for (const kind of workload.threads) {
    const { count } = kind;
    const n = 'fixed' in count ? count.fixed : Math.max(1, cpus - count.cpusLess);
    for (let index = 0; index < n; index++) {
      const process = kind.process === 'shared' ? 0 : processes++;
      plans.push({ tid: plans.length, kind, index, process });
    }
  }
  return plans;
}

/**
 * A machine large enough for the workload. Pools are sized from above, with head room for objects that wait for
 * an RCU grace period or a lazy free; too large costs memory only.
 */
export function machineSize(workload: Workload, cpus: number): MachineSize {
  const plans = planThreads(workload, cpus);
  const processes = new Set(plans.map((p) => p.process)).size;
  const setup = demandOfSetup(workload.setup);
  let { pages, vmas } = setup;
  let forks = tasksOfSetup(workload.setup, 'fork');
  let stacks = tasksOfSetup(workload.setup, 'pthread');
  let pipes = pipesOfSetup(workload.setup);
  const demands = new Map(workload.threads.map((kind) => [kind, demandOf(kind)]));
  for (const plan of plans) {
    const demand = demands.get(plan.kind);
    pages += demand?.pages ?? 0;
    vmas += demand?.vmas ?? 0;
    forks += tasksOf(plan.kind, 'fork');
    stacks += tasksOf(plan.kind, 'pthread');
    pipes += pipesOf(plan.kind);
  }
  pages += PIPE_PAGES * pipes;
  const slots = swapOf(workload);
  const boot = bootOf(workload.programs);
  const more = {
    programs: workload.programs,
    ...(slots > 0 ? { swap: slots } : {}),
    ...(pipes > 0 ? { pipes } : {}),
  };
  // Beside each address space that is run in, one that a program is being prepared in.
  const spare = execs(workload) ? forks + plans.length : 0;
  if (forks + stacks + spare > 0) {
    return { ...withTasks({ plans, pages, vmas, processes, forks, stacks, spare, boot }), ...more };
  }
  return {
    ...more,
    threads: plans.length,
    processOf: plans.map((p) => p.process),
    vmas: 2 * vmas + boot.vmas * processes + 8 * plans.length,
    pages: pages + Math.ceil(pages / 8) + boot.pages * processes + 8 * plans.length,
    // Twice, as mappings are set apart by guard pages; plus the ends, the heap and the stack of each process.
    pageTables: Math.ceil((2 * pages) / TABLE_PAGES) + boot.tables * processes + 2 * plans.length,
  };
}

/** What the largest of some programs takes. Pages that are read only are its file's. */
function bootOf(programs: readonly Program[]): typeof BOOT {
  const sizes = programs.map((p) => {
    const segments = [...p.file.segments, ...(p.interpreter?.segments ?? [])];
    const written = p.start.map((s) => (s.does === 'write' ? s.pages : 0));
    const mapped = segments.reduce((n, s) => n + s.pages, 0);
    return {
      vmas: 2 * segments.length + 8,
      pages: written.reduce((a, b) => a + b, 0) + p.strings + segments.length + 16,
      tables: BOOT.tables + Math.ceil(mapped / TABLE_PAGES) + (p.interpreter ? 4 : 0),
    };
  });
  const most = (key: keyof typeof BOOT) => Math.max(BOOT[key], ...sizes.map((s) => s[key]));
  return { vmas: most('vmas'), pages: most('pages'), tables: most('tables') };
}

/** Stacks that libc keeps mapped besides those in use, and VMAs and page tables one takes. */
const CACHED_STACKS = 5;
const STACK_VMAS = 2;
const STACK_TABLES = 6;

/** Every process that can be there at once may have a copy of all that one has. */
function withTasks(of: {
  readonly plans: readonly ThreadPlan[];
  readonly pages: number;
  readonly vmas: number;
  readonly processes: number;
  readonly forks: number;
  readonly stacks: number;
  readonly spare: number;
  readonly boot: typeof BOOT;
}): MachineSize {
  const { plans, spare, boot } = of;
  const forks = of.forks + spare;
  const stacks = of.stacks > 0 ? of.stacks + CACHED_STACKS * of.processes : 0;
  const copies = 1 + forks;
  const pages = copies * (of.pages + stacks);
  const all = of.processes + forks;
  return {
    threads: plans.length + of.forks + of.stacks,
    forks,
    processOf: plans.map((p) => p.process),
    vmas: copies * (2 * of.vmas + STACK_VMAS * stacks) + boot.vmas * all + 8 * plans.length,
    pages: pages + Math.ceil(pages / 8) + boot.pages * all + 8 * plans.length,
    pageTables:
      Math.ceil((2 * pages) / TABLE_PAGES) +
      copies * STACK_TABLES * stacks +
      boot.tables * all +
      2 * copies * plans.length,
  };
}
