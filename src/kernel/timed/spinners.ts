import { LINE_SHIFT } from '../model/machine/index.ts';
import { NONE } from './run-queues.ts';

/**
 * CPUs that busy-wait, found by the cache line they watch: a list per line, linked through the CPUs. Who began first
 * is first in the list and so looks first when the line is written, as the kernel's queued spinlocks have it.
 */
export class Spinners {
  readonly #head: Int32Array;
  readonly #tail: Int32Array;
  readonly #next: Int32Array;
  /** The word each CPU watches; 0 when it does not spin. */
  readonly word: Int32Array;
  /** What the word held when the CPU looked. */
  readonly value: Int32Array;
  /** 1 for one that spins on an owner or for its turn to: it looks again when its slice ends or an owner leaves its CPU. */
  readonly optimistic: Uint8Array;
  #count = 0;

  constructor(lines: number, cpus: number) {
    this.#head = new Int32Array(lines).fill(NONE);
    this.#tail = new Int32Array(lines).fill(NONE);
    this.#next = new Int32Array(cpus).fill(NONE);
    this.word = new Int32Array(cpus);
    this.value = new Int32Array(cpus);
    this.optimistic = new Uint8Array(cpus);
  }

  /** CPUs that spin now. */
  get count(): number {
    return this.#count;
  }

  /** First CPU that watches a word of the line; {@link NONE} if none does. */
  first(line: number): number {
    return this.#head[line] as number;
  }

  /** The CPU after `cpu` in its line's list. */
  after(cpu: number): number {
    return this.#next[cpu] as number;
  }

  /** The CPU begins to watch `address`, which holds `value`. */
  add(cpu: number, address: number, value: number, optimistic: boolean): void {
    const line = address >> LINE_SHIFT;
    this.word[cpu] = address;
    this.value[cpu] = value;
    this.optimistic[cpu] = optimistic ? 1 : 0;
    const tail = this.#tail[line] as number;
    if (tail === NONE) this.#head[line] = cpu;
    else this.#next[tail] = cpu;
    this.#tail[line] = cpu;
    this.#next[cpu] = NONE;
    this.#count++;
  }

  /** The CPU stops watching. */
  remove(cpu: number): void {
    const line = (this.word[cpu] as number) >> LINE_SHIFT;
    this.word[cpu] = 0;
    this.#count--;
    const next = this.#next[cpu] as number;
    let before = NONE;
    for (let at = this.#head[line] as number; at !== cpu; at = this.#next[at] as number)
      before = at;
    if (before === NONE) this.#head[line] = next;
    else this.#next[before] = next;
    if (next === NONE) this.#tail[line] = before;
  }
}
