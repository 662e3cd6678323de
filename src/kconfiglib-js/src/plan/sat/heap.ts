/** Variables by falling activity: a binary heap that knows where each variable lies. */
export class ActivityHeap {
  activity = new Float64Array(1024);
  #heap: number[] = [];
  #place = new Int32Array(1024).fill(-1);

  /** Make room for a variable. */
  grow(size: number): void {
    if (size <= this.activity.length) return;
    const room = Math.max(size, this.activity.length * 2);
    const activity = new Float64Array(room);
    activity.set(this.activity);
    this.activity = activity;
    const place = new Int32Array(room).fill(-1);
    place.set(this.#place);
    this.#place = place;
  }

  insert(v: number): void {
    if ((this.#place[v] as number) >= 0) return;
    this.#place[v] = this.#heap.length;
    this.#heap.push(v);
    this.#up(this.#heap.length - 1);
  }

  /** The most active variable, or -1. */
  pop(): number {
    const heap = this.#heap;
    const top = heap[0];
    if (top === undefined) return -1;
    const last = heap.pop() as number;
    this.#place[top] = -1;
    if (heap.length > 0) {
      heap[0] = last;
      this.#place[last] = 0;
      this.#down(0);
    }
    return top;
  }

  /** A variable became more active. */
  raised(v: number): void {
    const at = this.#place[v] as number;
    if (at >= 0) this.#up(at);
  }

  #up(from: number): void {
    const heap = this.#heap;
    const v = heap[from] as number;
    const weight = this.activity[v] as number;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const other = heap[parent] as number;
      if ((this.activity[other] as number) >= weight) break;
      heap[at] = other;
      this.#place[other] = at;
      at = parent;
    }
    heap[at] = v;
    this.#place[v] = at;
  }

  #down(from: number): void {
    const heap = this.#heap;
    const v = heap[from] as number;
    const weight = this.activity[v] as number;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (
        right < heap.length &&
        (this.activity[heap[right] as number] as number) >
          (this.activity[heap[child] as number] as number)
      )
        child = right;
      const other = heap[child] as number;
      if ((this.activity[other] as number) <= weight) break;
      heap[at] = other;
      this.#place[other] = at;
      at = child;
    }
    heap[at] = v;
    this.#place[v] = at;
  }
}
