import type { Evaluator } from '../eval/evaluator.ts';
import type { Program } from '../eval/program.ts';
import { operandOf, validText } from '../eval/text-value.ts';
import { E, type Expr, isComparison } from '../expr/store.ts';
import { TYPE } from '../menu/model.ts';

/** Texts worth trying for int, hex and string symbols: those that can be told apart by what the tree says of them. */
export interface Domain {
  readonly texts: readonly string[];
  /** Are all values of the symbol represented. If not, "there is no way" cannot be claimed. */
  readonly exact: boolean;
}

/**
 * Groups int, hex and string symbols that are compared with each other, take defaults from each other or bound each
 * other's ranges, and collects the literals of each group. Made once for a tree.
 */
export class Domains {
  readonly #program: Program;
  readonly #parent: Int32Array;
  readonly #literals = new Map<number, Set<string>>();
  readonly #open = new Map<number, boolean>();

  constructor(program: Program) {
    this.#program = program;
    this.#parent = Int32Array.from({ length: program.size }, (_, id) => id);
    const links: [number, number][] = [];
    const { store } = program;
    for (let e: Expr = 1; e < store.count; e++)
      if (isComparison(store.kind[e] as number))
        links.push([store.left[e] as number, store.right[e] as number]);
    for (let id = 0; id < program.size; id++) {
      if (!this.#isText(id)) continue;
      const { defaults, ranges } = program;
      for (let row = defaults.start[id] as number; row < (defaults.start[id + 1] as number); row++)
        if (store.kind[defaults.a[row] as number] === E.SYMBOL)
          links.push([id, store.left[defaults.a[row] as number] as number]);
      for (let row = ranges.start[id] as number; row < (ranges.start[id + 1] as number); row++)
        links.push([id, ranges.a[row] as number], [id, ranges.b[row] as number]);
    }
    for (const [a, b] of links)
      if (this.#isText(a) && this.#isText(b)) this.#parent[this.#find(a)] = this.#find(b);
    for (const [a, b] of links) {
      if (this.#isText(a) && !this.#varies(b)) this.#add(a, b);
      if (this.#isText(b) && !this.#varies(a)) this.#add(b, a);
    }
  }

  /** The texts to try as user value of a symbol, the given ones among them. */
  of(id: number, evaluator: Evaluator, wanted?: string): Domain {
    const type = this.#program.type[id] as number;
    const root = this.#find(id);
    const literals = [...(this.#literals.get(root) ?? [])];
    if (wanted !== undefined) literals.push(wanted);
    const near: string[] = [];
    let exact = true;
    for (const literal of literals) {
      const { kind, value } = operandOf(type === TYPE.STRING ? TYPE.UNKNOWN : type, literal);
      if (kind === 'text') {
        if (type !== TYPE.STRING) exact = false;
      } else near.push(numeral(type, value - 1n), numeral(type, value + 1n));
      // The least text above this one; it is no number either.
      if (type === TYPE.STRING) near.push(`${literal}\u0001`);
    }
    if (type === TYPE.STRING) near.push('');
    // Of several that do, the solver comes to rest on the last: better one that somebody wrote.
    const texts = new Set([...near, ...literals].toReversed());
    if (evaluator.user[id] !== 0)
      texts.add(evaluator.userText[this.#program.slot[id] as number] as string);
    return { texts: [...texts].toReversed().filter((text) => validText(type, text)), exact };
  }

  /**
   * May these two stand in relations that no list of literals foresees: a user can set both, or one of them is a bool
   * or tristate.
   */
  related(a: number, b: number): boolean {
    if (!this.#varies(a) || !this.#varies(b)) return false;
    if (this.#isText(a) && this.#isText(b)) return this.#isOpen(a) && this.#isOpen(b);
    return this.#isText(a) ? this.#isOpen(a) : this.#isText(b) && this.#isOpen(b);
  }

  /** Can a user set the symbol, or one it takes its value from. */
  #isOpen(id: number): boolean {
    const known = this.#open.get(id);
    if (known !== undefined) return known;
    this.#open.set(id, false);
    const { prompts, defaults, ranges, store } = this.#program;
    let open = (prompts.start[id + 1] as number) > (prompts.start[id] as number);
    for (let row = defaults.start[id] as number; row < (defaults.start[id + 1] as number); row++) {
      const e = defaults.a[row] as number;
      if (store.kind[e] === E.SYMBOL && this.#isText(store.left[e] as number))
        open = this.#isOpen(store.left[e] as number) || open;
    }
    for (let row = ranges.start[id] as number; row < (ranges.start[id + 1] as number); row++)
      for (const bound of [ranges.a[row] as number, ranges.b[row] as number])
        if (this.#isText(bound)) open = this.#isOpen(bound) || open;
    this.#open.set(id, open);
    return open;
  }

  #isText(id: number): boolean {
    return (this.#program.type[id] as number) >= TYPE.INT;
  }

  /** Has the symbol more than one value. */
  #varies(id: number): boolean {
    return id > 2 && this.#program.type[id] !== TYPE.UNKNOWN;
  }

  #add(id: number, literal: number): void {
    const root = this.#find(id);
    let literals = this.#literals.get(root);
    if (!literals) {
      literals = new Set();
      this.#literals.set(root, literals);
    }
    literals.add(this.#program.names.nameOf(literal));
  }

  #find(id: number): number {
    let at = id;
    while (this.#parent[at] !== at) at = this.#parent[at] as number;
    this.#parent[id] = at;
    return at;
  }
}

function numeral(type: number, value: bigint): string {
  if (type !== TYPE.HEX) return String(value);
  return `0x${BigInt.asUintN(64, value).toString(16)}`;
}
