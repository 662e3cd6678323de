import { E, type Expr, YES } from '../expr/store.ts';
import type { Evaluator } from './evaluator.ts';
import type { Program, Rows } from './program.ts';

/**
 * Finds values in an order in which none needs one that is not known, without calling itself: for trees whose symbols
 * depend on each other in longer chains than the stack allows.
 *
 * Symbols and expressions are one graph here: node `s` below `size` is a symbol, node `size + e` an expression.
 */
export class Chains {
  readonly #program: Program;
  /** Nodes on the stack come twice: as they are, to be looked into, and inverted, to be settled. */
  readonly #stack: number[] = [];
  /** The pass in which a node was looked into: the way back in a circle is not taken. */
  readonly #seen: Int32Array;
  #pass = 0;

  constructor(program: Program) {
    this.#program = program;
    this.#seen = new Int32Array(program.size + program.store.count);
  }

  /** Find everything the value of a symbol depends on. */
  settle(evaluator: Evaluator, id: number): void {
    const { size } = this.#program;
    const stack = this.#stack;
    stack.length = 0;
    this.#pass++;
    stack.push(id);
    for (let v = stack.pop(); v !== undefined; v = stack.pop()) {
      if (v < 0) {
        const done = ~v;
        if (done >= size) evaluator.expr(done - size);
        else if (done !== id) evaluator.calc(done);
      } else if (this.#seen[v] !== this.#pass) {
        this.#seen[v] = this.#pass;
        if (v >= size) {
          if (evaluator.known[v - size] === 0) this.#expression(v);
        } else if (evaluator.valid[v] === 0) this.#symbol(v);
      }
    }
  }

  #expression(v: number): void {
    const { store, size } = this.#program;
    const e = v - size;
    const kind = store.kind[e] as number;
    const left = store.left[e] as number;
    const right = store.right[e] as number;
    if (e === 0) return;
    this.#stack.push(~v);
    if (kind <= E.NOT) {
      if (kind !== E.NOT) this.#stack.push(size + right);
      this.#stack.push(size + left);
    } else {
      if (kind !== E.SYMBOL) this.#stack.push(right);
      this.#stack.push(left);
    }
  }

  #symbol(id: number): void {
    if (id <= YES) return;
    const program = this.#program;
    const { size } = program;
    this.#stack.push(~id);
    const choice = program.choices[program.choice[id] as number];
    for (const member of choice?.entries ?? []) if (member !== id) this.#uses(member);
    if (choice) this.#uses(choice.id);
    for (const e of [program.implied, program.revDep, program.dirDep])
      this.#stack.push(size + (e[id] as Expr));
    this.#uses(id);
  }

  /** Push what prompts, defaults and ranges depend on, the last first. */
  #uses(id: number): void {
    const { ranges, defaults, prompts, size } = this.#program;
    const stack = this.#stack;
    const each = (rows: Rows, push: (row: number) => void): void => {
      for (let row = (rows.start[id + 1] as number) - 1; row >= (rows.start[id] as number); row--) {
        push(row);
        stack.push(size + (rows.cond[row] as number));
      }
    };
    each(ranges, (row) => stack.push(ranges.a[row] as number, ranges.b[row] as number));
    each(defaults, (row) => stack.push(size + (defaults.a[row] as number)));
    each(prompts, () => {});
  }
}
