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
  /** Time from a place to the next. */
  readonly #hop: number;
  readonly #transfer: number;

  /**
   * @param cpus  how many a socket has
   * @param transfer  how long a line takes from the cache of one to that of another, in any unit of time
   */
  constructor(cpus: number, transfer: number) {
    this.#cpus = cpus;
    this.#transfer = transfer;
    this.#columns = Math.ceil(Math.sqrt(cpus));
    // Two places drawn from n in a row lie (n² - 1) / 3n apart on average.
    const apart = (n: number) => (n * n - 1) / (3 * n);
    const mean = apart(this.#columns) + apart(Math.ceil(cpus / this.#columns));
    this.#hop = mean > 0 ? transfer / (3 * mean) : 0;
  }

  /**
   * How much longer word takes from the owner of a line by its home to the CPU that gets the line than the line itself takes: the home tells
   * the CPU that somebody else waits when it knows that the owner has sent the line. From 0 to a transfer, after which the other has it.
   */
  detour(owner: number, line: number, cpu: number): number {
    const home = this.#home(line);
    const way = this.#hops(owner, home) + this.#hops(home, cpu) - this.#hops(owner, cpu);
    return Math.min(way * this.#hop, this.#transfer);
  }

  #home(line: number): number {
    return (Math.imul(line, 0x9e37_79b1) >>> 8) % this.#cpus;
  }

  #hops(a: number, b: number): number {
    const columns = this.#columns;
    const [p, q] = [a % this.#cpus, b % this.#cpus];
    const rows = Math.floor(p / columns) - Math.floor(q / columns);
    return Math.abs(rows) + Math.abs((p % columns) - (q % columns));
  }
}
