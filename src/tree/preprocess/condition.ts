import { BINDING } from '../condition/parse-condition.ts';
import { apply, applyUnary, literal, type Num, num } from './arithmetic.ts';
import type { Token } from './tokens.ts';

/** Nested parentheses beyond this are not taken apart. */
const DEPTH = 200;

/**
 * The number an `#if` has, its macros replaced: names left over are 0. Undefined where it cannot be read.
 */
export function conditionNumber(tokens: readonly Token[]): bigint | undefined {
  const reader = new Reader(tokens);
  const result = reader.conditional(true);
  return reader.atEnd ? result?.value : undefined;
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  #take(sign: string): boolean {
    if (this.#tokens[this.#at]?.text !== sign) return false;
    this.#at++;
    return true;
  }

  /** `live` is false in operands that do not count: a division by zero there is no fault. */
  conditional(live: boolean): Num | undefined {
    const condition = this.#binary(1, live);
    if (!condition || !this.#take('?')) return condition;
    if (this.#depth >= DEPTH) return undefined;
    this.#depth++;
    const chosen = condition.value !== 0n;
    const yes = this.conditional(live && chosen);
    const no = this.#take(':') ? this.conditional(live && !chosen) : undefined;
    this.#depth--;
    return yes && no && (chosen ? yes : no);
  }

  #binary(least: number, live: boolean): Num | undefined {
    let left = this.#unary(live);
    for (;;) {
      const sign = this.#tokens[this.#at]?.text ?? '';
      const binding = BINDING[sign];
      if (!left || binding === undefined || binding < least) return left;
      this.#at++;
      const decided = sign === '||' ? left.value !== 0n : sign === '&&' && left.value === 0n;
      const right = this.#binary(binding + 1, live && !decided);
      if (!right) return undefined;
      left = apply(left, sign, right) ?? (live ? undefined : num(0n));
    }
  }

  #unary(live: boolean): Num | undefined {
    if (this.#depth >= DEPTH) return undefined;
    this.#depth++;
    const value = this.#operand(live);
    this.#depth--;
    return value;
  }

  #operand(live: boolean): Num | undefined {
    const token = this.#tokens[this.#at++];
    if (!token) return undefined;
    if (token.kind === 'number' || token.kind === 'text') return literal(token.text);
    if (token.kind === 'name') return num(token.text === 'true' ? 1n : 0n);
    if (token.text === '(') {
      const inner = this.conditional(live);
      return this.#take(')') ? inner : undefined;
    }
    const inner = '!-~+'.includes(token.text) ? this.#unary(live) : undefined;
    return inner && applyUnary(token.text, inner);
  }
}
