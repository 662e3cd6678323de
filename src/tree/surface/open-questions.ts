import { formulaText, freeOf, symbolsOf } from '../condition/formula.ts';
import { byBytes } from '../scan/list-files.ts';
import { detached } from '../source/detached.ts';
import type { Unanswered, View } from './view.ts';

/** A question of the preprocessor that was taken for not so, because it is not known what it asks for. */
export interface OpenQuestion {
  readonly file: string;
  readonly line: number;
  readonly condition: string;
}

/** One side of a file. */
interface Side {
  readonly text: string;
  readonly view: View;
}

const OPTION = /\bCONFIG_(\w+)/g;

/** Gathers the questions without an answer by which more, or less, might be different. */
export class OpenQuestions {
  readonly #options: ReadonlySet<string>;
  readonly #found = new Map<string, OpenQuestion>();
  /** Those that count only if one of these names is a macro that is different. */
  readonly #hanging: { readonly names: readonly string[]; readonly question: OpenQuestion }[] = [];

  constructor(options: Iterable<string>) {
    this.#options = new Set([...options].flatMap((name) => [name, `${name}_MODULE`]));
  }

  /** Look at a file; a side is undefined where there is none. */
  take(file: string, left: Side | undefined, right: Side | undefined): void {
    this.#takeSide(file, left, right);
    this.#takeSide(file, right, left);
  }

  #takeSide(file: string, side: Side | undefined, other: Side | undefined): void {
    for (const one of side?.view.unanswered ?? []) {
      const question = { file, line: one.line, condition: detached(formulaText(one.asks)) };
      if (side && this.#matters(one, side, other)) this.#put(question);
      else {
        const names = [...freeOf(one.asks)].flatMap((text) => text.match(/[A-Za-z_]\w*/g) ?? []);
        this.#hanging.push({ names: names.map(detached), question });
      }
    }
  }

  #matters({ line, last, asks }: Unanswered, side: Side, other: Side | undefined): boolean {
    if ([...symbolsOf(asks)].some((name) => this.#options.has(name))) return true;
    const within = (text: string): string =>
      text
        .split('\n')
        .slice(line - 1, last)
        .join('\n');
    const written = within(side.text);
    if ([...written.matchAll(OPTION)].some(([, name]) => this.#options.has(name as string))) {
      return true;
    }
    if (!other) return /[^\s]/.test(withoutDirectives(written));
    if (other.text !== side.text) return !other.text.includes(written);
    const answered = !other.view.unanswered.some((one) => one.line === line);
    return answered || within(side.view.text) !== within(other.view.text);
  }

  #put(question: OpenQuestion): void {
    this.#found.set(`${question.file}\0${question.line}`, question);
  }

  /** All of them, by file and line; `isChanged` tells macros that are different. */
  sorted(isChanged: (name: string, file: string) => boolean): OpenQuestion[] {
    for (const { names, question } of this.#hanging) {
      if (names.some((name) => isChanged(name, question.file))) this.#put(question);
    }
    return [...this.#found.values()].sort((a, b) => byBytes(a.file, b.file) || a.line - b.line);
  }
}

/** What of a text may be an item: `#error` alone is none. */
function withoutDirectives(text: string): string {
  return text
    .replace(/^[ \t]*#[ \t]*(?!define\b)(?:.*\\\n)*.*/gm, '')
    .replace(/\/\*[\s\S]*?\*\//g, '');
}
