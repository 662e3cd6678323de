import type { Defines } from '../condition/parse-condition.ts';
import { conditionNumber } from '../preprocess/condition.ts';
import type { Macro } from '../preprocess/macro.ts';
import { expander } from '../preprocess/preprocessor.ts';
import { type Token, tokensOf } from '../preprocess/tokens.ts';

/** The value of an option: `y`, `m`, `n`, a number or a text; undefined if it has none. */
export type Values = (symbol: string) => string | undefined;

/**
 * What a name stands for in a condition: a number, a macro that takes arguments, null for a macro of which it is not known;
 * undefined where no macro is known.
 */
export type Meaning = bigint | Macro | null | undefined;

/** Macros a condition may ask for that are no option's. */
export interface Macros {
  /** `included` are the names by which a file has included others so far, as they are written: `<linux/mm.h>`. */
  readonly isDefined: (name: string, included?: readonly string[]) => boolean;
  readonly meaning: (name: string) => Meaning;
  /** Might one that is not known to be defined be so, for all that is known. Default: none. */
  readonly mayBeDefined?: (name: string) => boolean;
  /** Where a project mentions options by conventions of its own. */
  readonly defines?: Defines;
}

/** There are none. */
export const NO_MACROS: Macros = { isDefined: () => false, meaning: () => undefined };

/** More than any condition comes to; macros that call each other twice each grow without end. */
const TOKENS = 20_000;

/** The value of an option as the preprocessor has it: without a macro it is 0. */
function asNumber(value: string | undefined): string | undefined {
  return value === 'y' ? '1' : value === undefined || /^[nm]?$/.test(value) ? '0' : value;
}

/** The number an expression of the preprocessor has; undefined where a name in it stands for none that is known. */
export function numberOf(text: string, values: Values, macros: Macros): bigint | undefined {
  return new Reading(values, macros).number(tokensOf(text));
}

/** The same of what a macro without parameters stands for. */
export function numberOfTokens(
  tokens: readonly Token[],
  values: Values,
  macros: Macros,
): bigint | undefined {
  return new Reading(values, macros).number(tokens);
}

class Reading {
  readonly #values: Values;
  readonly #macros: Macros;
  readonly #calls = new Map<string, Macro>();

  constructor(values: Values, macros: Macros) {
    this.#values = values;
    this.#macros = macros;
  }

  number(tokens: readonly Token[]): bigint | undefined {
    const answered = this.#valued(this.#answered(tokens), []);
    if (this.#calls.size === 0) return computedOf(answered);
    const text = answered.map((token) => token.text).join(' ');
    const limit = { limit: TOKENS };
    return computedOf(tokensOf(expander({ macros: this.#calls }, limit)(text)));
  }

  /** `defined X` answered. */
  #answered(tokens: readonly Token[]): readonly Token[] {
    if (!tokens.some(({ text }) => text === 'defined')) return tokens;
    const out: Token[] = [];
    for (let at = 0; at < tokens.length; at++) {
      const token = tokens[at] as Token;
      if (token.text !== 'defined') {
        out.push(token);
        continue;
      }
      const bracket = tokens[at + 1]?.text === '(';
      const name = tokens[at + (bracket ? 2 : 1)]?.text ?? '';
      out.push(...tokensOf(this.#isDefined(name) ? '1' : '0'));
      at += bracket ? 3 : 1;
    }
    return out;
  }

  #isDefined(name: string): boolean {
    const value = name.startsWith('CONFIG_') ? this.#values(name.slice(7)) : undefined;
    return value === undefined ? this.#macros.isDefined(name) : !/^[nm]?$/.test(value);
  }

  /** Names replaced that stand for a number; what takes arguments is kept for later, `params` are left alone. */
  #valued(tokens: readonly Token[], params: readonly string[]): Token[] {
    return tokens.flatMap((token) => {
      const { kind, text } = token;
      if (kind !== 'name' || params.includes(text) || this.#calls.has(text)) return [token];
      const meaning = this.#meaning(text);
      if (typeof meaning === 'bigint')
        return tokensOf(meaning < 0n ? `(${meaning})` : `${meaning}`);
      if (meaning) {
        this.#calls.set(text, meaning);
        const body = this.#valued(meaning.body, meaning.params ?? []);
        this.#calls.set(text, { ...meaning, body });
      }
      return [token];
    });
  }

  #meaning(name: string): Meaning {
    // As include/asm-generic/bitsperlong.h has it: where a file is viewed without its headers, nobody else says it.
    if (name === 'BITS_PER_LONG') return this.#values('64BIT') === 'y' ? 64n : 32n;
    if (!name.startsWith('CONFIG_')) return this.#macros.meaning(name);
    const value = this.#values(name.slice(7));
    // A header may give one that is off a number of its own (include/linux/threads.h).
    const own = /^[nm]?$/.test(value ?? '') ? this.#macros.meaning(name) : undefined;
    return own === undefined ? computedOf(tokensOf(asNumber(value) ?? '')) : own;
  }
}

/** The value of tokens without macros: a name that is left over says it is not known. */
function computedOf(tokens: readonly Token[]): bigint | undefined {
  if (tokens.length === 0) return undefined;
  const isOpen = ({ kind, text }: Token): boolean =>
    kind === 'name' && !/^(?:true|false)$/.test(text);
  return tokens.some(isOpen) ? undefined : conditionNumber(tokens);
}
