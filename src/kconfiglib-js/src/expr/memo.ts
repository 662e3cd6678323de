/** Results of a function from expression to expression; 0 stands for "not yet known". */
export class Memo {
  #values = new Int32Array(1 << 16);

  get(e: number): number {
    return e < this.#values.length ? (this.#values[e] as number) : 0;
  }

  set(e: number, value: number): number {
    if (e >= this.#values.length) {
      let size = this.#values.length * 2;
      while (size <= e) size *= 2;
      const values = new Int32Array(size);
      values.set(this.#values);
      this.#values = values;
    }
    this.#values[e] = value;
    return value;
  }
}
