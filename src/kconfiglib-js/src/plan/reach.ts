import { type Program, TRAIT } from '../eval/program.ts';
import { YES } from '../expr/store.ts';

/** Which symbols a change of one symbol can reach. */
export class Reach {
  /** After so many walks asking on takes too long. */
  static readonly LIMIT = 60;
  readonly #program: Program;
  readonly #from = new Map<number, Uint8Array>();

  /** Symbols and expressions with the number of the walk that met them last. */
  readonly #stamps: Int32Array;
  readonly #stack: Int32Array;
  #stamp = 0;

  constructor(program: Program) {
    this.#program = program;
    const nodes = program.size + program.store.count;
    this.#stamps = new Int32Array(nodes);
    this.#stack = new Int32Array(nodes);
  }

  /** May the value of `to` change with that of `from`. */
  from(from: number, to: number): boolean {
    let seen = this.#from.get(from);
    if (!seen) {
      seen = this.#walk(from);
      this.#from.set(from, seen);
    }
    return seen[to] === 1;
  }

  /** The same as far as it is known; true where nobody asked yet what `from` reaches. */
  mayReach(from: number, to: number): boolean {
    return this.#from.get(from)?.[to] !== 0;
  }

  /** How many symbols were asked about. */
  get walks(): number {
    return this.#from.size;
  }

  #walk(from: number): Uint8Array {
    const { dependents, size, choice, choices, traits, modules } = this.#program;
    const { start, users } = dependents;
    const stamps = this.#stamps;
    const stamp = ++this.#stamp;
    const found = new Uint8Array(size);
    const stack = this.#stack;
    let top = 0;
    const visit = (v: number): void => {
      if (stamps[v] === stamp) return;
      stamps[v] = stamp;
      stack[top++] = v;
    };
    visit(from);
    while (top > 0) {
      const v = stack[--top] as number;
      // Without modules all tristates are bools.
      if (v === modules && v > YES) return found.fill(1);
      if (v < size) {
        found[v] = 1;
        const own =
          (traits[v] as number) & TRAIT.CHOICE ? choices.find((c) => c.id === v) : undefined;
        const group = choices[choice[v] as number] ?? own;
        if (group) for (const member of [...group.entries, group.id]) visit(member);
      }
      const end = start[v + 1] as number;
      for (let i = start[v] as number; i < end; i++) visit(users[i] as number);
    }
    return found;
  }
}
