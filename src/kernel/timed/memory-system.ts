import { W, WORK } from '../model/machine/index.ts';
import { COST, NOW } from './cache-lines.ts';
import { type CostProfile, picoseconds } from './profile.ts';

/** How often work moves a page to or from memory: a page zeroed is written, a page copied is read and written. */
const MOVES = new Float64Array(WORK.length);
MOVES[W.clear_page] = 1;
MOVES[W.copy_page] = 2;

/** The per-CPU lists give back when they hold more than this many batches. */
const HIGH_BATCHES = 4;

/**
 * What all CPUs of a socket share beside cache lines: the way to memory, which carries so many bytes a second and no more, and the
 * zone's free lists, which are taken under zone->lock a batch of pages at a time when a CPU's own list is empty or too long (rmqueue_bulk
 * and free_pcppages_bulk in mm/page_alloc.c).
 *
 * Both serve one request at a time; who asks waits for those before. A page comes from the node of the CPU that asks.
 */
export class MemorySystem {
  /** For each socket's way to memory, then for each zone: when it was asked last, and the work it had before it then. */
  readonly #asked: Float64Array;
  readonly #backlog: Float64Array;
  readonly #sockets: number;
  /** Pages on each CPU's own list. */
  readonly #listed: Float64Array;
  readonly #clock: Float64Array;
  readonly #pace: Float64Array;
  /** What each kind of work costs by itself; picoseconds. */
  readonly #prices: Float64Array;
  /** Picoseconds a page occupies the bus; 0 without a ceiling. */
  readonly #pageTime: number;
  /** How long a batch holds zone->lock. */
  readonly #batchTime: number;
  readonly #batch: number;

  /** @param pace  how many times as long work takes on each CPU now */
  constructor(
    cpus: number,
    sockets: number,
    { memory, work }: CostProfile,
    clock: Float64Array,
    pace: Float64Array = new Float64Array(cpus).fill(1),
  ) {
    this.#pace = pace;
    this.#asked = new Float64Array(2 * sockets);
    this.#backlog = new Float64Array(2 * sockets);
    this.#sockets = sockets;
    this.#listed = new Float64Array(cpus);
    this.#clock = clock;
    this.#prices = Float64Array.from(WORK, (name) => picoseconds(work[name]));
    this.#pageTime =
      memory.bandwidth === 0 ? 0 : (picoseconds(1) / memory.bandwidth) * memory.page_bytes;
    this.#batch = memory.batch;
    this.#batchTime = picoseconds(memory.zone_page * memory.batch);
  }

  /** Charges work that has just been charged by itself for what it must wait for besides. */
  charge(cpu: number, socket: number, kind: number, amount: number): void {
    if ((MOVES[kind] as number) > 0) this.#move(cpu, socket, kind, amount);
    else if (kind === W.page_alloc) this.#take(cpu, socket, amount);
    else if (kind === W.page_free) this.#give(cpu, socket, amount);
  }

  /** The work overlaps its own transfer: it takes as long as the longer of the two, and waits for transfers before it. */
  #move(cpu: number, socket: number, kind: number, amount: number): void {
    if (this.#pageTime === 0) return;
    const transfer = Math.round((MOVES[kind] as number) * amount * this.#pageTime);
    const cost = (this.#prices[kind] as number) * amount * (this.#pace[cpu] as number);
    const start = this.#now() - cost;
    this.#wait(Math.round(this.#serve(socket, start, transfer) - cost));
  }

  #take(cpu: number, socket: number, pages: number): void {
    let listed = (this.#listed[cpu] as number) - pages;
    while (listed < 0) {
      this.#lockZone(socket);
      listed += this.#batch;
    }
    this.#listed[cpu] = listed;
  }

  #give(cpu: number, socket: number, pages: number): void {
    let listed = (this.#listed[cpu] as number) + pages;
    while (listed > this.#batch * HIGH_BATCHES) {
      this.#lockZone(socket);
      listed -= this.#batch;
    }
    this.#listed[cpu] = listed;
  }

  #lockZone(socket: number): void {
    this.#wait(this.#serve(this.#sockets + socket, this.#now(), this.#batchTime));
  }

  /**
   * How long a request made at `at` takes with all that was asked for before. A step is charged as a whole when it begins, so one that
   * asks several times runs ahead of others; what it will ask for later is not in the way of theirs, only what is waiting.
   */
  #serve(server: number, at: number, time: number): number {
    const passed = at - (this.#asked[server] as number);
    let backlog = this.#backlog[server] as number;
    if (passed > 0) {
      backlog = Math.max(0, backlog - passed);
      this.#asked[server] = at;
    }
    this.#backlog[server] = backlog + time;
    return backlog + time;
  }

  #now(): number {
    return (this.#clock[NOW] as number) + (this.#clock[COST] as number);
  }

  #wait(time: number): void {
    if (time > 0) this.#clock[COST] = (this.#clock[COST] as number) + time;
  }
}
