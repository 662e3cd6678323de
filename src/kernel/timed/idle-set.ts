import { NONE } from './run-queues.ts';

/** The CPUs that have nothing to do, as a bit set. */
export class IdleSet {
  readonly #bits: Int32Array;
  /** CPUs of a core, whose numbers follow each other. */
  readonly #threads: number;
  readonly #cpus: number;
  #count = 0;

  constructor(cpus: number, threads = 1) {
    this.#bits = new Int32Array(Math.ceil(cpus / 32));
    this.#threads = threads;
    this.#cpus = cpus;
    for (let cpu = 0; cpu < cpus; cpu++) this.add(cpu);
  }

  has(cpu: number): boolean {
    return ((this.#bits[cpu >> 5] as number) & (1 << (cpu & 31))) !== 0;
  }

  add(cpu: number): void {
    if (this.has(cpu)) return;
    this.#bits[cpu >> 5] = (this.#bits[cpu >> 5] as number) | (1 << (cpu & 31));
    this.#count++;
  }

  remove(cpu: number): void {
    if (!this.has(cpu)) return;
    this.#bits[cpu >> 5] = (this.#bits[cpu >> 5] as number) & ~(1 << (cpu & 31));
    this.#count--;
  }

  /**
   * `cpu` itself if it is idle, else one whose core is idle, else an idle CPU of near number, else {@link NONE}
   * (select_idle_sibling in kernel/sched/fair.c).
   */
  near(cpu: number): number {
    if (this.#count === 0) return NONE;
    if (this.has(cpu)) return cpu;
    if (this.#threads > 1) {
      const core = this.#core(cpu);
      if (core !== NONE) return core;
    }
    const words = this.#bits.length;
    for (let i = 0, w = cpu >> 5; i < words; i++, w = w + 1 === words ? 0 : w + 1) {
      const bits = this.#bits[w] as number;
      // The lowest set bit alone, as a number of leading zeros.
      if (bits !== 0) return w * 32 + 31 - Math.clz32(bits & -bits);
    }
    return NONE;
  }

  /** The first CPU of the next core after that of `cpu` which has nothing to do. */
  #core(cpu: number): number {
    const threads = this.#threads;
    const cores = Math.ceil(this.#cpus / threads);
    const own = Math.floor(cpu / threads);
    for (let i = 1; i < cores; i++) {
      const first = ((own + i) % cores) * threads;
      const end = Math.min(first + threads, this.#cpus);
      let idle = true;
      for (let other = first; other < end; other++) idle &&= this.has(other);
      if (idle) return first;
    }
    return NONE;
  }
}
