/**
 * Strings by row. Where they come from somewhere that has them in another form, they are made when they are asked for:
 * thousands that nobody looks at take their time, too.
 */
export class Strings {
  readonly #made: string[];
  #length: number;
  /** Makes those from `#made.length` on. */
  #make: ((row: number) => string) | undefined;

  constructor(made: string[] = []) {
    this.#made = made;
    this.#length = made.length;
  }

  get length(): number {
    return this.#length;
  }

  /** There are so many now, and the further ones can be made. */
  defer(length: number, make: (row: number) => string): void {
    this.#length = length;
    this.#make = make;
  }

  /** Append a string; returns its row. */
  add(text: string): number {
    if (this.#make) this.all();
    this.#made.push(text);
    return this.#length++;
  }

  /** One of them. */
  at(row: number): string {
    return this.#make && row >= this.#made.length ? this.#make(row) : (this.#made[row] as string);
  }

  /** All of them, which is the same array each time. */
  all(): readonly string[] {
    if (this.#make) {
      for (let row = this.#made.length; row < this.#length; row++) this.#made.push(this.#make(row));
      this.#make = undefined;
    }
    return this.#made;
  }

  /** Put another string in the place of one. */
  set(row: number, text: string): void {
    this.all();
    this.#made[row] = text;
  }
}
