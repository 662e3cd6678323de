import type { MachineSize } from '../model/machine-spec.ts';
import { demandOf, demandOfSetup, swapOf, tasksOf, tasksOfSetup } from './demand.ts';
import type { ThreadKind, Workload } from './workload.ts';

/** One thread of a workload on a machine of a given width. */
export interface ThreadPlan {
  readonly tid: number;
  readonly kind: ThreadKind;
  /** Number within its kind: `index` in addresses. */
  readonly index: number;
  readonly process: number;
}

/** VMAs a process has before it maps anything: the static test program of the reference counts has 11. */
const BOOT_VMAS = 16;
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
  const demands = new Map(workload.threads.map((kind) => [kind, demandOf(kind)]));
  for (const plan of plans) {
    const demand = demands.get(plan.kind);
    pages += demand?.pages ?? 0;
    vmas += demand?.vmas ?? 0;
    forks += tasksOf(plan.kind, 'fork');
    stacks += tasksOf(plan.kind, 'pthread');
  }
  const slots = swapOf(workload);
  const swap = slots > 0 ? { swap: slots } : {};
  if (forks + stacks > 0) {
    return { ...withTasks({ plans, pages, vmas, processes, forks, stacks }), ...swap };
  }
  return {
    ...swap,
    threads: plans.length,
    processOf: plans.map((p) => p.process),
    vmas: 2 * vmas + BOOT_VMAS * processes + 8 * plans.length,
    pages: pages + Math.ceil(pages / 8) + 64 * processes + 8 * plans.length,
    // Twice, as mappings are set apart by guard pages; plus the ends, the heap and the stack of each process.
    pageTables: Math.ceil((2 * pages) / TABLE_PAGES) + 10 * processes + 2 * plans.length,
  };
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
}): MachineSize {
  const { plans, forks } = of;
  const stacks = of.stacks > 0 ? of.stacks + CACHED_STACKS * of.processes : 0;
  const copies = 1 + forks;
  const pages = copies * (of.pages + stacks);
  const all = of.processes + forks;
  return {
    threads: plans.length + forks + of.stacks,
    forks,
    processOf: plans.map((p) => p.process),
    vmas: copies * (2 * of.vmas + STACK_VMAS * stacks) + BOOT_VMAS * all + 8 * plans.length,
    pages: pages + Math.ceil(pages / 8) + 64 * all + 8 * plans.length,
    pageTables:
      Math.ceil((2 * pages) / TABLE_PAGES) +
      copies * STACK_TABLES * stacks +
      10 * all +
      2 * copies * plans.length,
  };
}
