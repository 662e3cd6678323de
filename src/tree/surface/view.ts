import type { Formula } from '../condition/formula.ts';
import { macroOf } from '../preprocess/macro.ts';
import { tokensOf } from '../preprocess/tokens.ts';
import { type Branch, conditionals } from '../source/conditionals.ts';
import { Lines } from '../source/lines.ts';
import { answered } from './answered.ts';
import { answerTo, holds, isUndecided } from './answers.ts';
import {
  type Macros,
  type Meaning,
  NO_MACROS,
  numberOfTokens,
  type Values,
} from './condition-number.ts';

export type { Values } from './condition-number.ts';

/** A conditional with a question that is not answered. */
export interface Unanswered {
  /** Of the question, and the last of the conditional. */
  readonly line: number;
  readonly last: number;
  readonly asks: Formula;
  /** It was answered as if a macro was not defined of which that is not known. */
  readonly defined?: true;
}

/** A file in a configuration. */
export interface View {
  readonly text: string;
  /** How much of its conditionals does not add up. */
  readonly problems: number;
  /** Questions that were taken for not so because it is not known, in order. */
  readonly unanswered: readonly Unanswered[];
  /** All that its conditionals ask. */
  readonly branches: readonly Pick<Branch, 'asks'>[];
}

/**
 * A file as the compiler gets it in a configuration, macros of other files not expanded: lines that are not reached are
 * blank, comments are gone, questions after options are answered (IS_ENABLED and its kin become 0 or 1). Same length
 * of lines as the file, so that places stay. Macros the file has defined by a line are known there; `macros` tells of others,
 * without it there are none. What is not known of them counts as not so.
 */
export function viewOf(text: string, values: Values, macros: Macros = NO_MACROS): View {
  const { lines, code, branches, ends, problems } = conditionals(text, macros.defines);
  const own = new OwnMacros(values, macros);
  const clean = new Lines(code, lines);
  const marks = [...branches, ...ends].sort((a, b) => a.line - b.line);
  const open: { readonly outer: boolean; taken: boolean; asked: Unanswered[] }[] = [];
  const unanswered: Unanswered[] = [];
  const kept: string[] = [];
  let here = true;
  let next = 0;
  for (let line = 1; line <= lines.count; line++) {
    const written = clean.line(line);
    const mark = marks[next];
    if (mark?.line !== line) {
      // What is nested too deeply has directives that open nothing.
      const shown = here && !/^\s*#\s*(?:if|el|endif)/.test(written);
      if (shown && written.includes('#')) own.take(definitionAt(clean, line, written));
      kept.push(shown ? written : '');
      continue;
    }
    next++;
    kept.push('');
    if (!('keyword' in mark)) {
      const ended = open.pop();
      for (const one of ended?.asked ?? []) unanswered.push({ ...one, last: line });
      here = ended?.outer ?? true;
      continue;
    }
    if (mark.keyword.startsWith('if')) open.push({ outer: here, taken: false, asked: [] });
    const top = open.at(-1);
    if (!top) continue;
    const isAsked = top.outer && !top.taken;
    const answer = isAsked && own.answer(mark.asks);
    const question = { line, last: line, asks: mark.asks };
    if (answer === undefined) top.asked.push(question);
    else if (isAsked && own.isUndecided(mark.asks)) top.asked.push({ ...question, defined: true });
    here = answer ?? own.satisfy(mark.asks);
    top.taken ||= here;
    for (; line < mark.lastLine; line++) kept.push('');
  }
  unanswered.sort((a, b) => a.line - b.line);
  return {
    text: answered(kept.join('\n'), values, macros.defines),
    problems: problems.length,
    unanswered,
    branches,
  };
}

const INCLUDE = /^\s*#\s*include\s*(<[^>]+>|"[^"]+")/;

const DEFINITION = /^\s*#\s*(define|undef)\s+(\w+)(.*)/s;

/** A line with those it goes on in, where it may define a macro. */
function definitionAt(clean: Lines, line: number, written: string): string {
  let text = written;
  for (let next = line + 1; text.endsWith('\\') && next <= clean.count; next++) {
    text = `${text.slice(0, -1)} ${clean.line(next)}`;
  }
  return text;
}

/** The macros a file has defined and undefined down to a line. */
class OwnMacros {
  readonly #values: Values;
  readonly #others: Macros;
  readonly #included: string[] = [];
  /** What stands behind the name of each; undefined once it was undefined. */
  readonly #known = new Map<string, string | undefined>();
  /** Numbers of macros that are being looked for, by a question. */
  #numbers = new Map<string, Meaning>();

  constructor(values: Values, others: Macros) {
    this.#values = values;
    this.#others = others;
  }

  /** Carry out a line that may define a macro, or include a file. */
  take(line: string): void {
    const [, directive, name, rest] = DEFINITION.exec(line) ?? [];
    if (name === undefined) {
      const included = INCLUDE.exec(line)?.[1];
      if (included !== undefined) this.#included.push(included);
      return;
    }
    this.#known.set(name, directive === 'define' ? rest : undefined);
  }

  answer(asked: Formula): boolean | undefined {
    if (typeof asked === 'boolean') return asked;
    if (this.#numbers.size > 0) this.#numbers = new Map();
    return answerTo(asked, this.#values, this.#macros);
  }

  satisfy(asked: Formula): boolean {
    return holds(asked, this.#values, this.#macros);
  }

  isUndecided(asked: Formula): boolean {
    return typeof asked !== 'boolean' && isUndecided(asked, this.#values, this.#macros);
  }

  readonly #macros: Macros = {
    mayBeDefined: (name) => !this.#known.has(name) && (this.#others.mayBeDefined?.(name) ?? false),
    isDefined: (name) =>
      this.#known.has(name)
        ? this.#known.get(name) !== undefined
        : this.#others.isDefined(name, this.#included),
    meaning: (name) => {
      if (!this.#known.has(name)) return this.#others.meaning(name);
      if (this.#known.get(name) === undefined) return 0n;
      if (!this.#numbers.has(name)) {
        // One that names itself stands for none.
        this.#numbers.set(name, null);
        this.#numbers.set(name, this.#own(name));
      }
      return this.#numbers.get(name);
    },
  };

  #own(name: string): Meaning {
    const macro = macroOf(tokensOf(`${name}${this.#known.get(name)}`), '', 0);
    if (!macro || macro.params) return macro;
    return numberOfTokens(macro.body, this.#values, this.#macros) ?? null;
  }
}
