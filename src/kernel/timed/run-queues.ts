/** No thread, no CPU. */
export const NONE = -1;

/**
 * Threads waiting for a CPU: a first-in first-out list per CPU, linked through one array, since a thread
 * waits in at most one.
 */
export class RunQueues {
  readonly #head: Int32Array;
  readonly #tail: Int32Array;
  readonly #length: Int32Array;
  /** Next thread in the same queue, by thread. */
  readonly #next: Int32Array;
  #waiting = 0;

  constructor(cpus: number, threads: number) {
    this.#head = new Int32Array(cpus).fill(NONE);
    this.#tail = new Int32Array(cpus).fill(NONE);
    this.#length = new Int32Array(cpus);
    this.#next = new Int32Array(threads).fill(NONE);
  }

  /** Threads waiting on all CPUs. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Threads waiting for `cpu`. */
  length(cpu: number): number {
    return this.#length[cpu] as number;
  }

  /** Puts a thread at the end of a CPU's queue. */
  push(cpu: number, tid: number): void {
    const tail = this.#tail[cpu] as number;
    if (tail === NONE) this.#head[cpu] = tid;
    else this.#next[tail] = tid;
    this.#tail[cpu] = tid;
    this.#next[tid] = NONE;
    this.#length[cpu] = (this.#length[cpu] as number) + 1;
    this.#waiting++;
  }

  /** Puts a thread before all others that wait for a CPU. */
  pushFirst(cpu: number, tid: number): void {
    this.#next[tid] = this.#head[cpu] as number;
    if (this.#length[cpu] === 0) this.#tail[cpu] = tid;
    this.#head[cpu] = tid;
    this.#length[cpu] = (this.#length[cpu] as number) + 1;
    this.#waiting++;
  }

  /** Takes the thread that has waited longest for `cpu`; {@link NONE} if none waits. */
  shift(cpu: number): number {
    const tid = this.#head[cpu] as number;
    if (tid === NONE) return NONE;
    const next = this.#next[tid] as number;
    this.#head[cpu] = next;
    if (next === NONE) this.#tail[cpu] = NONE;
    this.#length[cpu] = (this.#length[cpu] as number) - 1;
    this.#waiting--;
    return tid;
  }

  /** The CPU with the longest queue, the lowest among equals; {@link NONE} if nobody waits anywhere. */
  longest(): number {
    if (this.#waiting === 0) return NONE;
    let best = 0;
    for (let cpu = 1; cpu < this.#length.length; cpu++) {
      if ((this.#length[cpu] as number) > (this.#length[best] as number)) best = cpu;
    }
    return best;
  }

  /** The CPU with the shortest queue: `preferred` among equals, else the lowest. */
  shortest(preferred: number): number {
    let best = preferred;
    for (let cpu = 0; cpu < this.#length.length; cpu++) {
      if ((this.#length[cpu] as number) < (this.#length[best] as number)) best = cpu;
    }
    return best;
  }

  /** The thread with the least key of those that wait for a CPU, the first among equals; {@link NONE} if none waits. */
  least(cpu: number, key: Float64Array): number {
    let best = this.#head[cpu] as number;
    if (best === NONE) return NONE;
    for (let tid = this.#next[best] as number; tid !== NONE; tid = this.#next[tid] as number) {
      if ((key[tid] as number) < (key[best] as number)) best = tid;
    }
    return best;
  }

  /** Takes a thread out of a CPU's queue. */
  take(cpu: number, tid: number): void {
    let before = NONE;
    for (let at = this.#head[cpu] as number; at !== tid; at = this.#next[at] as number) before = at;
    const next = this.#next[tid] as number;
    if (before === NONE) this.#head[cpu] = next;
    else this.#next[before] = next;
    if (next === NONE) this.#tail[cpu] = before;
    this.#length[cpu] = (this.#length[cpu] as number) - 1;
    this.#waiting--;
  }
}
