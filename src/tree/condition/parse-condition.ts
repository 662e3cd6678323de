import type { Conventions } from '../scan/conventions.ts';
import { conventionFormula } from './convention-formula.ts';
import { and, type Formula, free, not, option, or } from './formula.ts';

/** What an expression of the preprocessor is, as far as it can be said: a number, a condition, or just a text. */
interface Term {
  readonly text: string;
  readonly number?: bigint;
  readonly formula?: Formula;
  /** The text without the parentheses around all of it. */
  readonly inner?: string;
}

/** Is this the name of an option some Kconfig defines; and how the project mentions options besides `CONFIG_X`. */
export interface Defines {
  (symbol: string): boolean;
  readonly conventions?: Conventions | undefined;
}

/** Names that are fixed for every file of a kernel. */
const FIXED: Readonly<Record<string, boolean>> = { __KERNEL__: true, CONFIG_: false };

/** Binary operators by how strongly they bind. */
export const BINDING: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
};

const TOKEN =
  /\s+|\/\*.*?(?:\*\/|$)|\/\/.*|(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)[uUlL]*|([A-Za-z_]\w*)|("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(\|\||&&|==|!=|<=|>=|<<|>>|[-+*/%&|^~!<>?:(),.#])|(.)/gsy;

/** Nested parentheses beyond this are not taken apart. */
const DEPTH = 200;

/**
 * The condition an `#if` or `#elif` states. Options become atoms, `defined()` of other macros and arithmetic become
 * something free; numbers are computed. What the kernel's include/linux/kconfig.h defines (IS_ENABLED and its kin) is
 * understood.
 */
export function parseCondition(text: string, defines: Defines = () => false): Formula {
  return conditionOf(new Parser(tokens(text), defines).whole(text));
}

/** `#ifdef NAME`. */
export function definedMacro(name: string, defines: Defines = () => false): Formula {
  if (Object.hasOwn(FIXED, name)) return FIXED[name] as boolean;
  if (!name.startsWith('CONFIG_')) {
    return conventionFormula(name, undefined, defines, true) ?? free(`defined(${name})`);
  }
  const symbol = name.slice('CONFIG_'.length);
  // autoconf.h says CONFIG_X_MODULE for X=m; an option may be called so all the same.
  if (symbol.endsWith('_MODULE') && !defines(symbol)) return option(symbol.slice(0, -7), 'm');
  return option(symbol);
}

/** What a call such as `IS_ENABLED(CONFIG_X)` says; undefined for other names. */
export function kconfigMacro(name: string, symbol: string): Formula | undefined {
  switch (name) {
    case 'IS_ENABLED':
      return option(symbol, 'on');
    case 'IS_BUILTIN':
    case '__is_defined':
      return option(symbol);
    case 'IS_MODULE':
      return option(symbol, 'm');
    case 'IS_REACHABLE':
      return or(option(symbol), and(option(symbol, 'm'), free('defined(MODULE)')));
    default:
      return undefined;
  }
}

interface Token {
  readonly kind: 'number' | 'name' | 'text' | 'sign';
  readonly text: string;
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  for (const [all, number, name, quoted, sign, other] of text.matchAll(TOKEN)) {
    if (number !== undefined) found.push({ kind: 'number', text: number });
    else if (name !== undefined) found.push({ kind: 'name', text: name });
    else if (quoted !== undefined) found.push({ kind: 'text', text: quoted });
    else if ((sign ?? other) !== undefined) found.push({ kind: 'sign', text: all });
  }
  return found;
}

function conditionOf(term: Term): Formula {
  if (term.number !== undefined) return term.number !== 0n;
  return term.formula ?? free(term.inner ?? term.text);
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #defines: Defines;
  #at = 0;
  #depth = 0;

  constructor(list: readonly Token[], defines: Defines) {
    this.#tokens = list;
    this.#defines = defines;
  }

  /** The whole expression; if it cannot be read, its text stands for it. */
  whole(text: string): Term {
    const term = this.#ternary();
    if (term === undefined || this.#at < this.#tokens.length) {
      return { text: text.replace(/\s+/g, ' ').trim() };
    }
    return term;
  }

  #take(sign: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.#at++;
    return true;
  }

  #ternary(): Term | undefined {
    const condition = this.#binary(1);
    if (!condition || !this.#take('?')) return condition;
    if (this.#depth >= DEPTH) return undefined;
    this.#depth++;
    const yes = this.#ternary();
    const no = yes && this.#take(':') ? this.#ternary() : undefined;
    this.#depth--;
    if (!yes || !no) return undefined;
    const c = conditionOf(condition);
    const formula = or(and(c, conditionOf(yes)), and(not(c), conditionOf(no)));
    return { text: `${condition.text} ? ${yes.text} : ${no.text}`, formula };
  }

  #binary(least: number): Term | undefined {
    let left = this.#unary();
    for (;;) {
      const token = this.#tokens[this.#at];
      const binding = token?.kind === 'sign' ? BINDING[token.text] : undefined;
      if (!left || !token || binding === undefined || binding < least) return left;
      const { text: sign } = token;
      const rest: Term[] = [];
      // All in one: a chain of thousands would be built anew with each.
      do {
        this.#at++;
        const right = this.#binary(binding + 1);
        if (!right) return undefined;
        rest.push(right);
      } while (this.#tokens[this.#at]?.text === sign && this.#tokens[this.#at]?.kind === 'sign');
      left = combined(left, sign, rest);
    }
  }

  #unary(): Term | undefined {
    // Recursion is bounded: a hostile file may nest without end.
    if (this.#depth >= DEPTH) return undefined;
    this.#depth++;
    const term = this.#operand();
    this.#depth--;
    return term;
  }

  #operand(): Term | undefined {
    const token = this.#tokens[this.#at++];
    if (!token) return undefined;
    if (token.kind === 'number') return { text: token.text, number: BigInt(token.text) };
    if (token.kind === 'text') return { text: token.text };
    if (token.kind === 'name') return this.#name(token.text);
    if (token.text === '(') {
      const inner = this.#ternary();
      if (!inner || !this.#take(')')) return undefined;
      return { ...inner, inner: inner.inner ?? inner.text, text: `(${inner.text})` };
    }
    const inner = '!-+~'.includes(token.text) ? this.#unary() : undefined;
    if (!inner) return undefined;
    if (token.text === '!') {
      return { text: `!${inner.text}`, formula: not(conditionOf(inner)) };
    }
    const text = `${token.text}${inner.text}`;
    if (inner.number === undefined) return { text };
    if (token.text === '~') return { text, number: ~inner.number };
    return { text, number: token.text === '-' ? -inner.number : inner.number };
  }

  #name(name: string): Term | undefined {
    if (name === 'defined') {
      const bracket = this.#take('(');
      const macro = this.#tokens[this.#at++];
      if (macro?.kind !== 'name' || (bracket && !this.#take(')'))) return undefined;
      return { text: `defined(${macro.text})`, formula: definedMacro(macro.text, this.#defines) };
    }
    if (this.#tokens[this.#at]?.text !== '(') return this.#plain(name);
    const args = this.#arguments();
    if (args === undefined) return undefined;
    const text = `${name}${args}`;
    const symbol = /^\(CONFIG_(\w+)\)$/.exec(args)?.[1];
    const formula =
      symbol === undefined
        ? conventionFormula(name, args, this.#defines)
        : kconfigMacro(name, symbol);
    return formula === undefined ? { text } : { text, formula };
  }

  /** A macro by itself: an option is y or it is 0; of others nothing is known. */
  #plain(name: string): Term {
    if (name.startsWith('CONFIG_')) {
      return { text: name, formula: definedMacro(name, this.#defines) };
    }
    if (name === 'true' || name === 'false')
      return { text: name, number: name === 'true' ? 1n : 0n };
    const formula = conventionFormula(name, undefined, this.#defines);
    return formula === undefined ? { text: name } : { text: name, formula };
  }

  /** Arguments of a call as text. */
  #arguments(): string | undefined {
    let text = '';
    let depth = 0;
    for (;;) {
      const token = this.#tokens[this.#at++];
      if (!token) return undefined;
      text += token.text === ',' ? ', ' : token.text;
      if (token.text === '(') depth++;
      if (token.text === ')' && --depth === 0) return text;
    }
  }
}

/** Operands between equal signs, of which the ones on the left belong together. */
function combined(left: Term, sign: string, rest: readonly Term[]): Term {
  if (sign !== '&&' && sign !== '||') {
    return rest.reduce((before, right) => computedTerm(before, sign, right), left);
  }
  const all = [left, ...rest];
  const text = all.map((one) => one.text).join(` ${sign} `);
  const formulas = all.map(conditionOf);
  return { text, formula: sign === '&&' ? and(...formulas) : or(...formulas) };
}

function computedTerm(left: Term, sign: string, right: Term): Term {
  const text = `${left.text} ${sign} ${right.text}`;
  const [a, b] = [left.number, right.number];
  if (a !== undefined && b !== undefined) {
    const number = computed(a, sign, b);
    return number === undefined ? { text } : { text, number };
  }
  return { text };
}

/** Numbers of the preprocessor have 64 bits (C11 6.10.1); what is beyond is left alone. */
function computed(a: bigint, sign: string, b: bigint): bigint | undefined {
  const truth = (value: boolean): bigint => (value ? 1n : 0n);
  switch (sign) {
    case '==':
      return truth(a === b);
    case '!=':
      return truth(a !== b);
    case '<':
      return truth(a < b);
    case '>':
      return truth(a > b);
    case '<=':
      return truth(a <= b);
    case '>=':
      return truth(a >= b);
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? undefined : a / b;
    case '%':
      return b === 0n ? undefined : a % b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<<':
      return b >= 0n && b < 64n ? a << b : undefined;
    default:
      return b >= 0n && b < 64n ? a >> b : undefined;
  }
}
