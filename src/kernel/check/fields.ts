import { TASK } from '../model/index.ts';
import type { Subject } from './subject.ts';

/** What a word of the state may hold, each value with a number counted from 0. */
export class Domain {
  readonly values: number[] = [];
  readonly #ids = new Map<number, number>();

  /** Number of a value. */
  id(value: number): number {
    let id = this.#ids.get(value);
    if (id === undefined) this.#ids.set(value, (id = this.values.push(value) - 1));
    return id;
  }
}

/** A shared word that has been written, which makes it part of the state. */
export interface Field {
  readonly address: number;
  readonly domain: Domain;
  /** Number of the value it starts with. */
  readonly start: number;
  /** Thread the word belongs to, -1 for none. */
  readonly owner: number;
  /** Which of its thread's words it is, equal for the same word of all threads. */
  readonly kind: number;
  /** Whether it holds the address of a task, or a bit for each thread. */
  readonly names: 'task' | 'mask' | undefined;
}

interface Place {
  readonly owner: number;
  readonly addressOf: (t: number) => number;
  readonly key: string;
}

/**
 * The shared words of a state. Words come as they are first written; with a word of one thread come those of all, so that every thread's
 * words are laid out alike.
 */
export class Fields {
  readonly all: Field[] = [];
  /** Words each thread has of its own. */
  kinds = 0;
  /** Field at an address, -1 for a word that is none. */
  readonly at: Int32Array;
  readonly #s: Subject;
  readonly #kinds = new Map<string, number>();
  readonly #domains = new Map<string, Domain>();
  #known = 0;

  constructor(subject: Subject) {
    this.#s = subject;
    this.at = new Int32Array(subject.exec.mem.length).fill(-1);
    this.sync();
  }

  /** Takes in words written since. Gives whether there were any. */
  sync(): boolean {
    const { slots } = this.#s.exec;
    const before = this.all.length;
    for (; this.#known < slots.length; this.#known++) {
      const address = slots[this.#known] as number;
      const place = this.#place(address);
      if (place === undefined) this.#add(address, -1, -1, new Domain());
      else for (const t of this.#s.tasks.keys()) this.#addOwn(place, t);
    }
    return this.all.length > before;
  }

  #addOwn(place: Place, t: number): void {
    let kind = this.#kinds.get(place.key);
    if (kind === undefined) this.#kinds.set(place.key, (kind = this.kinds++));
    let domain = this.#domains.get(place.key);
    if (domain === undefined) this.#domains.set(place.key, (domain = new Domain()));
    this.#add(place.addressOf(t), t, kind, domain);
  }

  #add(address: number, owner: number, kind: number, domain: Domain): void {
    if (this.at[address] !== -1) return;
    const start = domain.id(this.#s.initial[address] as number);
    const names = this.#s.likeness?.names(address);
    this.at[address] = this.all.push({ address, domain, start, owner, kind, names }) - 1;
  }

  #place(address: number): Place | undefined {
    const { tasks, likeness } = this.#s;
    for (const [owner, task] of tasks.entries()) {
      const at = address - task;
      if (at < 0 || at >= TASK.size) continue;
      return { owner, addressOf: (t) => (tasks[t] as number) + at, key: `task ${at}` };
    }
    for (const { base, words } of likeness?.perThread ?? []) {
      const at = address - base;
      if (at < 0 || at >= words * tasks.length) continue;
      const word = at % words;
      const addressOf = (t: number) => base + t * words + word;
      return { owner: Math.floor(at / words), addressOf, key: `${base} ${word}` };
    }
    return undefined;
  }
}
