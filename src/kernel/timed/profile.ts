import type { WorkName } from '../model/machine/index.ts';

/**
 * What things cost. All times are in the unit the profile states: nanoseconds, or instructions counted
 * as one nanosecond each. Where each figure comes from is written in `profiles/README.md`.
 */
export interface CostProfile {
  readonly name: string;
  readonly description: string;
  /** `instruction`: figures called nanoseconds in the results are instructions. */
  readonly unit: 'ns' | 'instruction';
  /** CPUs of one socket; CPU numbers fill one socket after the other. */
  readonly cpus_per_socket: number;
  /** CPUs that are threads of one core; absent where each CPU is a core. */
  readonly smt?: Smt;
  /** Kinds of CPUs, in the order of their numbers, which begin anew where a machine has more; absent where all are alike. */
  readonly kinds?: readonly CpuKind[];
  /**
   * Which CPUs a TLB flush interrupts: those that run the mm now, while the others look when they come back to it (lazy TLB, arch/x86/mm/tlb.c),
   * or, with `mm_cpumask`, all that have run it, those that idle, too, unless only one thread has it (arch/loongarch/kernel/smp.c).
   */
  readonly flushes?: 'mm_cpumask';
  /** Instructions of a step that are in no other figure. */
  readonly step: number;
  readonly line: LineCosts;
  /** What a lock prefix adds to the access of a line the CPU owns. Not paid on a uniprocessor kernel. */
  readonly atomic: number;
  readonly memory: MemoryCosts;
  readonly scheduler: SchedulerCosts;
  readonly jitter: Jitter;
  readonly work: Readonly<Record<WorkName, number>>;
}

/** Simultaneous multithreading: CPUs whose numbers follow each other share a core and its caches. */
export interface Smt {
  /** CPUs of a core. */
  readonly threads: number;
  /** How many times as long code takes while another CPU of the core runs a thread, too. */
  readonly slowdown: number;
}

/** CPUs that are not as fast as those the profile prices. */
export interface CpuKind {
  /** How many there are. */
  readonly cpus: number;
  /** How many times as long code takes on one. */
  readonly slowdown: number;
}

/** Access of one shared word, by where its cache line is. */
export interface LineCosts {
  /** In this CPU's own cache in a state that allows the access. */
  readonly hit: number;
  /** In no cache. */
  readonly memory: number;
  /** Clean in another cache of the socket, or in its shared cache. */
  readonly shared_local: number;
  /** Clean in caches of another socket only. */
  readonly shared_remote: number;
  /** Modified by another CPU of the socket. */
  readonly dirty_local: number;
  /** Modified by a CPU of another socket. */
  readonly dirty_remote: number;
  /** Taking a line for writing that other CPUs of the socket share. */
  readonly upgrade_local: number;
  /** The same where a sharer is on another socket. */
  readonly upgrade_remote: number;
}

/** What the CPUs of a socket share on the way to memory. */
export interface MemoryCosts {
  /** Bytes of a page, as far as they are moved: how many pages an address space has is for workloads to say. */
  readonly page_bytes: number;
  /** Bytes a nanosecond that one socket can move; 0: no ceiling. */
  readonly bandwidth: number;
  /** Pages a CPU takes from the zone at a time. */
  readonly batch: number;
  /** How long one page of a batch holds the lock of the zone. */
  readonly zone_page: number;
}

export interface SchedulerCosts {
  /** Time a thread runs before another thread of its CPU gets its turn. */
  readonly slice: number;
  /** From one thread to the next; half of it to the idle task, and from there. */
  readonly context_switch: number;
  /** What waking a thread costs the waker. */
  readonly wakeup: number;
  /** From the switch to the idle task until the CPU waits for an interrupt. A thread that is woken in this time runs when it is over. */
  readonly idle_entry: number;
  /** From the waker's interrupt to an idle CPU until that CPU switches to the thread. */
  readonly idle_exit: number;
  /** From the end of a timed pause until the thread is runnable. */
  readonly timer: number;
  /** What a TLB flush interrupt costs the CPU that receives it. */
  readonly flush_interrupt: number;
  /** From the last interrupt of a TLB flush until the CPU that sent it knows that all have flushed, if none of them idles. */
  readonly flush_wait: number;
}

/** Differences between runs with different seeds: a real machine has them, a simulation must be told. */
export interface Jitter {
  /** Threads start at random within this time. */
  readonly start: number;
  /** User code around an operation takes up to this fraction more or less. */
  readonly user: number;
}

/** Picoseconds in a nanosecond: the executor counts whole picoseconds, so that sums are exact. */
export const PS_PER_NS = 1000;

/** A cost as the executor counts it. */
export function picoseconds(cost: number): number {
  return Math.round(cost * PS_PER_NS);
}
