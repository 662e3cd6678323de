import { NO, YES } from '../expr/store.ts';
import { TYPE } from '../menu/model.ts';
import type { Evaluator } from './evaluator.ts';
import { compareValues } from './text-value.ts';

const TOKEN = /\s*(?:(&&|\|\||!=|<=|>=|[=<>!()])|"([^"]*)"|'([^']*)'|([\w./-]+))/y;

/** Operators by what they make of an order. */
const HOLDS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/**
 * The value of an expression as Kconfig has it, without a place for it in the tree: a tristate as a number, or undefined
 * for what is no expression. A name nobody mentions is a text, as in Kconfig.
 */
export function evaluateText(ev: Evaluator, text: string): number | undefined {
  try {
    const reader = new Reader(ev, text);
    const value = reader.or();
    return reader.atEnd ? value : undefined;
  } catch (error) {
    if (error instanceof NoExpression) return undefined;
    throw error;
  }
}

class NoExpression extends Error {}

/** A symbol or text in an expression. */
interface Operand {
  readonly type: number;
  readonly text: string;
  readonly tri: number;
}

class Reader {
  readonly #ev: Evaluator;
  readonly #text: string;
  #at = 0;
  #operator: string | undefined;
  #word: string | undefined;
  #quoted = false;

  constructor(ev: Evaluator, text: string) {
    this.#ev = ev;
    this.#text = text.trimEnd();
    this.#next();
  }

  get atEnd(): boolean {
    return this.#operator === undefined && this.#word === undefined;
  }

  or(): number {
    let value = this.#and();
    while (this.#take('||')) value = Math.max(value, this.#and());
    return value;
  }

  #and(): number {
    let value = this.#unary();
    while (this.#take('&&')) value = Math.min(value, this.#unary());
    return value;
  }

  #unary(): number {
    if (this.#take('!')) return YES - this.#unary();
    if (this.#take('(')) {
      const value = this.or();
      if (!this.#take(')')) throw new NoExpression();
      return value;
    }
    const left = this.#operand();
    const holds = HOLDS[this.#operator ?? ''];
    if (!holds) return left.tri;
    this.#next();
    return holds(this.#order(left, this.#operand())) ? YES : NO;
  }

  #order(a: Operand, b: Operand): number {
    const logical = (type: number): boolean => type === TYPE.BOOL || type === TYPE.TRISTATE;
    return logical(a.type) && logical(b.type)
      ? a.tri - b.tri
      : compareValues(a.type, a.text, b.type, b.text);
  }

  #operand(): Operand {
    const word = this.#word;
    if (word === undefined) throw new NoExpression();
    const constant = ['n', 'm', 'y'].indexOf(word);
    const id = this.#quoted ? -1 : this.#ev.program.names.idOf(word);
    this.#next();
    if (constant >= 0) return { type: TYPE.TRISTATE, text: word, tri: constant };
    if (id < 0) return { type: TYPE.UNKNOWN, text: word, tri: NO };
    this.#ev.calc(id);
    const type = this.#ev.program.type[id] as number;
    return { type, text: this.#ev.textOf(id), tri: this.#ev.tri[id] as number };
  }

  #take(operator: string): boolean {
    if (this.#operator !== operator) return false;
    this.#next();
    return true;
  }

  #next(): void {
    this.#operator = this.#word = undefined;
    if (this.#at === this.#text.length) return;
    TOKEN.lastIndex = this.#at;
    const found = TOKEN.exec(this.#text);
    if (!found) throw new NoExpression();
    this.#at = TOKEN.lastIndex;
    this.#operator = found[1];
    this.#word = found[2] ?? found[3] ?? found[4];
    this.#quoted = found[4] === undefined;
  }
}
