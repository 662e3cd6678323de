/**
 * Where the CPUs of a socket and the homes of its cache lines lie: on a mesh as square as it goes, CPUs row by row, the homes scattered
 * over the same places by the lines' addresses, as the slices of a shared cache are.
 *
 * A line that is modified in one cache and asked for by another CPU makes three legs: the request to the home, the home's word to the owner,
 * and the line itself from there. How long the three take on average is what a transfer costs.
 */
export class Mesh {
  readonly #cpus: number;
  readonly #columns: number;
  /**
   * How long each number of places more takes. To be read in place: a number that a function gives back is put on the heap when it is no
   * integer, and this one is asked for with every line that changes hands.
   */
  readonly detours: Float64Array;

  /**
   * @param cpus  how many a socket has
   * @param transfer  how long a line takes from the cache of one to that of another, in any unit of time
   */
  constructor(cpus: number, transfer: number) {
    this.#cpus = cpus;
    const columns = Math.ceil(Math.sqrt(cpus));
    const rows = Math.ceil(cpus / columns);
    this.#columns = columns;
    // Two places drawn from n in a row lie (n² - 1) / 3n apart on average.
    const apart = (n: number) => (n * n - 1) / (3 * n);
    const mean = apart(columns) + apart(rows);
    const hop = mean > 0 ? transfer / (3 * mean) : 0;
    const farthest = columns + rows - 2;
    this.detours = Float64Array.from({ length: 2 * farthest + 1 }, (_, way) =>
      Math.min(way * hop, transfer),
    );
  }

  /**
   * How much longer word takes from the owner of a line by its home to the CPU that gets the line than the line itself takes: the home tells
   * the CPU that somebody else waits when it knows that the owner has sent the line. A number of places, of which `detours` has the time: from
   * 0 to a transfer, after which the other has it.
   */
  detour(owner: number, line: number, cpu: number): number {
    const cpus = this.#cpus;
    const home = (Math.imul(line, 0x9e37_79b1) >>> 8) % cpus;
    const from = owner % cpus;
    const to = cpu % cpus;
    return this.#hops(from, home) + this.#hops(home, to) - this.#hops(from, to);
  }

  #hops(a: number, b: number): number {
    const columns = this.#columns;
    const rows = ((a / columns) | 0) - ((b / columns) | 0);
    return Math.abs(rows) + Math.abs((a % columns) - (b % columns));
  }
}
