import { type AccessKind, ATOMIC, READ } from '../model/machine/index.ts';
import { Mesh } from './mesh.ts';
import { type CostProfile, picoseconds } from './profile.ts';

/** Places in {@link CacheLines.clock}. Doubles are handed over there, because as arguments they may be boxed. */
export const NOW = 0;
/** Picoseconds the step that is running has cost so far. */
export const COST = 1;

/** Places in a line's record: of the sockets' set, and of the CPUs'; before them is the double. */
const SOCKETS = 2;
const SHARERS = 3;

/** What a line that is not at hand costs, by where it is; and the places of these. */
const LINE_COSTS = [
  ...(['memory', 'shared_local', 'shared_remote', 'dirty_local'] as const),
  ...(['dirty_remote', 'upgrade_local', 'upgrade_remote'] as const),
];
const MEMORY = 0;
const SHARED_LOCAL = 1;
const SHARED_REMOTE = 2;
const DIRTY_LOCAL = 3;
const DIRTY_REMOTE = 4;
const UPGRADE_LOCAL = 5;
const UPGRADE_REMOTE = 6;

/** No CPU has the line modified. */
const NOBODY = -1;

/**
 * Who has which cache line: a directory in the manner of MESI, without capacity (a line leaves a cache only when
 * another CPU writes it).
 *
 * `owner` is the CPU that may have modified the line, or -1; the record has a bit set of the CPUs that have a
 * copy, which is the owner alone where there is one. A line that moves out of a modified state, or is taken away from sharers, is
 * busy until it has arrived: requests for it are served one after the other in the order they are made. Clean
 * copies are served side by side.
 *
 * A request takes effect on memory when it is made, in that same order; the wait is charged to the CPU that made it.
 *
 * A line that others wait for is not gone from a CPU in the moment it arrives there: what comes next for it comes by its home. Until then
 * what that CPU does to the line is a hit, as is the note of the owner behind the count of a semaphore.
 */
export class CacheLines {
  readonly clock = new Float64Array(2);
  /** On its own, since most accesses are hits of the owner and need no more than this. */
  readonly #owner: Int16Array;
  /**
   * What else is known of each line, side by side as it is wanted together: until when it is busy, a double; the bit set of the sockets that
   * have a copy; and that of the CPUs. Lines are far more than a cache of the host holds.
   */
  readonly #records: Int32Array;
  readonly #busyUntil: Float64Array;
  /** Words of a record, and of its set of CPUs. */
  readonly #stride: number;
  readonly #words: number;
  /** Threads of one core have its caches in common: here they are one. */
  readonly #coreOf: Int32Array;
  readonly #socketOf: Int32Array;
  readonly #mesh: Mesh;
  /** The line each CPU had to itself last, and until when it has it whoever asked for it since. */
  readonly #keptLine: Int32Array;
  readonly #keptUntil: Float64Array;

  readonly #hit: number;
  readonly #atomic: number;
  /** By places in {@link LINE_COSTS}: a double that is handed to a function may be put on the heap, a place never is. */
  readonly #prices: Float64Array;

  constructor(lines: number, threads: number, profile: CostProfile, uniprocessor: boolean) {
    const perCore = profile.smt?.threads ?? 1;
    const cpus = Math.ceil(threads / perCore);
    const perSocket = Math.ceil(profile.cpus_per_socket / perCore);
    this.#coreOf = Int32Array.from({ length: threads }, (_, cpu) => Math.floor(cpu / perCore));
    this.#owner = new Int16Array(lines).fill(NOBODY);
    this.#words = Math.ceil(cpus / 32);
    // Doubles lie at even words.
    this.#stride = 2 * Math.ceil((SHARERS + this.#words) / 2);
    this.#records = new Int32Array(lines * this.#stride);
    this.#busyUntil = new Float64Array(this.#records.buffer);
    this.#socketOf = Int32Array.from({ length: cpus }, (_, cpu) => Math.floor(cpu / perSocket));
    if ((this.#socketOf[cpus - 1] as number) > 31) throw new RangeError('more than 32 sockets');
    const { line } = profile;
    this.#mesh = new Mesh(perSocket, picoseconds(line.dirty_local));
    this.#keptLine = new Int32Array(cpus).fill(-1);
    this.#keptUntil = new Float64Array(cpus);
    this.#hit = picoseconds(line.hit);
    this.#atomic = uniprocessor ? 0 : picoseconds(profile.atomic);
    this.#prices = Float64Array.from(LINE_COSTS, (name) => picoseconds(line[name]));
  }

  /** Socket of a CPU. */
  socketOf(cpu: number): number {
    return this.#socketOf[this.#coreOf[cpu] as number] as number;
  }

  /** Charges an access of a CPU, of `thread`, to a word of `line` to `clock[COST]` and moves the line. */
  access(thread: number, line: number, kind: AccessKind): void {
    const clock = this.clock;
    const cpu = this.#coreOf[thread] as number;
    if (kind === ATOMIC) clock[COST] = (clock[COST] as number) + this.#atomic;
    const owner = this.#owner[line] as number;
    if (owner === cpu || this.#keeps(cpu, line)) clock[COST] = (clock[COST] as number) + this.#hit;
    else if (kind === READ) this.#read(cpu, line, owner);
    else this.#write(cpu, line, owner);
  }

  #read(cpu: number, line: number, owner: number): void {
    const clock = this.clock;
    const records = this.#records;
    const record = line * this.#stride;
    const word = record + SHARERS + (cpu >> 5);
    const bit = 1 << (cpu & 31);
    if (((records[word] as number) & bit) !== 0) {
      clock[COST] = (clock[COST] as number) + this.#hit;
      return;
    }
    const socket = this.#socketOf[cpu] as number;
    const sockets = records[record + SOCKETS] as number;
    if (owner !== NOBODY) {
      this.#transfer(record, socket === this.#socketOf[owner] ? DIRTY_LOCAL : DIRTY_REMOTE);
      this.#owner[line] = NOBODY;
    } else {
      const moment = (clock[NOW] as number) + (clock[COST] as number);
      const wait = (this.#busyUntil[record >> 1] as number) - moment;
      if (wait > 0) clock[COST] = (clock[COST] as number) + wait;
      const fetch =
        sockets === 0 ? MEMORY : (sockets & (1 << socket)) !== 0 ? SHARED_LOCAL : SHARED_REMOTE;
      clock[COST] = (clock[COST] as number) + (this.#prices[fetch] as number);
    }
    records[word] = (records[word] as number) | bit;
    records[record + SOCKETS] = sockets | (1 << socket);
  }

  #write(cpu: number, line: number, owner: number): void {
    const clock = this.clock;
    const socket = this.#socketOf[cpu] as number;
    const records = this.#records;
    const record = line * this.#stride;
    const sockets = records[record + SOCKETS] as number;
    const sharers = record + SHARERS;
    const mine = 1 << socket;
    if (owner !== NOBODY) {
      this.#transfer(record, socket === this.#socketOf[owner] ? DIRTY_LOCAL : DIRTY_REMOTE);
      this.#keptLine[cpu] = line;
      const { detours } = this.#mesh;
      const detour = detours[this.#mesh.detour(owner, line, cpu)] as number;
      this.#keptUntil[cpu] = (clock[NOW] as number) + (clock[COST] as number) + detour;
      records[sharers + (owner >> 5)] = 0;
    } else if (sockets === 0) this.#transfer(record, MEMORY);
    else if (this.#alone(cpu, sharers)) {
      clock[COST] = (clock[COST] as number) + this.#hit;
    } else {
      this.#transfer(record, (sockets & ~mine) !== 0 ? UPGRADE_REMOTE : UPGRADE_LOCAL);
      for (let w = sharers; w < sharers + this.#words; w++) records[w] = 0;
    }
    this.#owner[line] = cpu;
    records[sharers + (cpu >> 5)] = 1 << (cpu & 31);
    records[record + SOCKETS] = mine;
  }

  /** Whether a CPU still has a line to itself that others have asked for. */
  #keeps(cpu: number, line: number): boolean {
    if (this.#keptLine[cpu] !== line) return false;
    const clock = this.clock;
    return (clock[NOW] as number) + (clock[COST] as number) < (this.#keptUntil[cpu] as number);
  }

  /** Whether no other CPU has a copy: a line read by one CPU only is exclusive and may be written at once. */
  #alone(cpu: number, sharers: number): boolean {
    for (let w = 0; w < this.#words; w++) {
      const only = w === cpu >> 5 ? 1 << (cpu & 31) : 0;
      if (this.#records[sharers + w] !== only) return false;
    }
    return true;
  }

  /** Waits until the line of a record is free, then occupies it as long as the transfer takes; a place in {@link LINE_COSTS}. */
  #transfer(record: number, transfer: number): void {
    const clock = this.clock;
    const moment = (clock[NOW] as number) + (clock[COST] as number);
    const free = this.#busyUntil[record >> 1] as number;
    const end = (free > moment ? free : moment) + (this.#prices[transfer] as number);
    this.#busyUntil[record >> 1] = end;
    clock[COST] = (clock[COST] as number) + end - moment;
  }

  /**
   * A CPU that busy-waits on the line takes its copy back after another word of the line was written. Nobody
   * waits for that; the writer pays when it writes again.
   */
  takeBack(thread: number, line: number): void {
    const cpu = this.#coreOf[thread] as number;
    const records = this.#records;
    const record = line * this.#stride;
    const word = record + SHARERS + (cpu >> 5);
    const bit = 1 << (cpu & 31);
    if (((records[word] as number) & bit) !== 0) return;
    this.#owner[line] = NOBODY;
    records[word] = (records[word] as number) | bit;
    const sockets = record + SOCKETS;
    records[sockets] = (records[sockets] as number) | (1 << (this.#socketOf[cpu] as number));
  }
}
