/**
 * Threads in a timed pause, as a binary heap ordered by (time, thread). A thread pauses at most once at a
 * time, so the heap has a place for each and never grows.
 */
export class Timers {
  /** When each thread's pause is over, in picoseconds, by thread. */
  readonly due: Float64Array;
  readonly #heap: Int32Array;
  #size = 0;

  constructor(threads: number) {
    this.due = new Float64Array(threads);
    this.#heap = new Int32Array(threads);
  }

  get size(): number {
    return this.#size;
  }

  /** The thread whose pause ends first. There must be one. */
  first(): number {
    return this.#heap[0] as number;
  }

  /** Adds a thread; `due` has been set. */
  push(tid: number): void {
    let i = this.#size++;
    const heap = this.#heap;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const other = heap[parent] as number;
      if (!this.#before(tid, other)) break;
      heap[i] = other;
      i = parent;
    }
    heap[i] = tid;
  }

  /** Takes out the first thread. */
  shift(): number {
    const heap = this.#heap;
    const top = heap[0] as number;
    const last = heap[--this.#size] as number;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= this.#size) break;
      if (
        child + 1 < this.#size &&
        this.#before(heap[child + 1] as number, heap[child] as number)
      ) {
        child++;
      }
      if (!this.#before(heap[child] as number, last)) break;
      heap[i] = heap[child] as number;
      i = child;
    }
    heap[i] = last;
    return top;
  }

  #before(a: number, b: number): boolean {
    const ta = this.due[a] as number;
    const tb = this.due[b] as number;
    return ta < tb || (ta === tb && a < b);
  }
}
