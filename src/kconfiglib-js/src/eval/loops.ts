import { E, YES } from '../expr/store.ts';
import { type ChoiceProgram, type Program, type Rows, TRAIT } from './program.ts';

const GREY = 1;
const BLACK = 2;

/**
 * Can a value depend on itself, as far as the search of `conf` for such loops goes: through dependencies, selects,
 * implies, defaults and conditions, not through bounds of ranges, and with each choice and its members as one. This
 * looks at what is written, so it also finds loops that vanish when expressions are simplified (`B || !B`).
 */
export function hasLoop(program: Program): boolean {
  return new LoopSearch(program).found();
}

/**
 * Depth-first over a graph of expressions, which are nodes by their number, and symbols, which are nodes by their number
 * plus that of the expressions. On the stack a node comes inverted when everything below it was looked at.
 */
class LoopSearch {
  readonly #program: Program;
  readonly #colour: Uint8Array;
  #stack = new Int32Array(1 << 12);
  #top = 0;

  constructor(program: Program) {
    this.#program = program;
    this.#colour = new Uint8Array(program.store.count + program.size);
    // The absence of an expression leads nowhere.
    this.#colour[0] = BLACK;
    this.#colour.fill(BLACK, program.store.count, program.store.count + YES + 1);
  }

  found(): boolean {
    const { size, store } = this.#program;
    for (let id = YES + 1; id < size; id++) {
      this.#push(store.count + id);
      if (this.#follow()) return true;
    }
    return false;
  }

  #follow(): boolean {
    const { store } = this.#program;
    const { kind, left, right, count } = store;
    const colour = this.#colour;
    while (this.#top > 0) {
      const v = this.#stack[--this.#top] as number;
      if (v < 0) {
        colour[~v] = BLACK;
        continue;
      }
      const known = colour[v];
      if (known === BLACK) continue;
      if (known === GREY) return true;
      colour[v] = GREY;
      this.#push(~v);
      if (v >= count) {
        this.#symbol(v - count);
        continue;
      }
      const k = kind[v] as number;
      const l = left[v] as number;
      if (k >= E.EQUAL) {
        this.#use(l);
        if (k !== E.SYMBOL) this.#use(right[v] as number);
      } else {
        if (k !== E.NOT) this.#expression(right[v] as number);
        this.#expression(l);
      }
    }
    return false;
  }

  #push(v: number): void {
    if (this.#top === this.#stack.length) {
      const stack = new Int32Array(this.#top * 2);
      stack.set(this.#stack);
      this.#stack = stack;
    }
    this.#stack[this.#top++] = v;
  }

  #expression(e: number): void {
    if (this.#colour[e] !== BLACK) this.#push(e);
  }

  /** A symbol stands in an expression. A member of a choice stands for the choice. */
  #use(id: number): void {
    const { choice, choices, store } = this.#program;
    const group = choice[id] as number;
    const v = store.count + (group < 0 ? id : (choices[group] as ChoiceProgram).id);
    if (this.#colour[v] !== BLACK) this.#push(v);
  }

  #symbol(id: number): void {
    const program = this.#program;
    const group = program.choice[id] as number;
    if (group >= 0) {
      this.#use(id);
      return;
    }
    this.#ownExpressions(id);
    if (((program.traits[id] as number) & TRAIT.CHOICE) === 0) return;
    for (const choice of program.choices)
      if (choice.id === id) for (const member of choice.entries) this.#ownExpressions(member);
  }

  #ownExpressions(id: number): void {
    const { dirDep, revDep, implied, prompts, defaults, ranges, traits } = this.#program;
    this.#expression(dirDep[id] as number);
    this.#expression(revDep[id] as number);
    this.#expression(implied[id] as number);
    this.#conditions(prompts, id);
    this.#conditions(defaults, id);
    this.#conditions(ranges, id);
    if (((traits[id] as number) & TRAIT.CHOICE) !== 0) return;
    const end = defaults.start[id + 1] as number;
    for (let row = defaults.start[id] as number; row < end; row++)
      this.#expression(defaults.a[row] as number);
  }

  #conditions({ start, cond }: Rows, id: number): void {
    const end = start[id + 1] as number;
    for (let row = start[id] as number; row < end; row++) this.#expression(cond[row] as number);
  }
}
