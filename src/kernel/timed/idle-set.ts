import { NONE } from './run-queues.ts';

/** The CPUs that have nothing to do, as a bit set. */
export class IdleSet {
  readonly #bits: Int32Array;
  #count = 0;

  constructor(cpus: number) {
    this.#bits = new Int32Array(Math.ceil(cpus / 32));
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

  /** `cpu` itself if it is idle, else an idle CPU of near number, else {@link NONE}. */
  near(cpu: number): number {
    if (this.#count === 0) return NONE;
    if (this.has(cpu)) return cpu;
    const words = this.#bits.length;
    for (let i = 0, w = cpu >> 5; i < words; i++, w = w + 1 === words ? 0 : w + 1) {
      const bits = this.#bits[w] as number;
      // The lowest set bit alone, as a number of leading zeros.
      if (bits !== 0) return w * 32 + 31 - Math.clz32(bits & -bits);
    }
    return NONE;
  }
}
