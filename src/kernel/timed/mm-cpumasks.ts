/** The CPUs that have run each mm (mm_cpumask in include/linux/mm_types.h), where a kernel leaves those in it that have gone on to something else. */
export class MmCpumasks {
  readonly #cpus: number;
  /** By the address of the mm. */
  readonly #masks = new Map<number, Uint8Array>();

  constructor(cpus: number) {
    this.#cpus = cpus;
  }

  /** A CPU runs a thread of the mm. */
  set(cpu: number, mm: number): void {
    let mask = this.#masks.get(mm);
    if (mask === undefined) {
      mask = new Uint8Array(this.#cpus);
      this.#masks.set(mm, mask);
    }
    mask[cpu] = 1;
  }

  has(cpu: number, mm: number): boolean {
    return this.#masks.get(mm)?.[cpu] === 1;
  }

  /** No CPU knows the mm. */
  clear(mm: number): void {
    this.#masks.get(mm)?.fill(0);
  }
}
