import type { Config } from '../eval/config.ts';
import type { Evaluator } from '../eval/evaluator.ts';
import type { Program, SymbolNames } from '../eval/program.ts';
import { NO } from '../expr/store.ts';
import { TYPE } from '../menu/model.ts';

/** How a bool or tristate that is n is shown. */
export type WhenNo = 'n' | 'unset' | 'nothing';

/** The line for a symbol in a `.config`, `auto.conf` or a list of new symbols; empty if it has none. */
export function symbolLine(
  config: Config,
  id: number,
  prefix: string,
  whenNo: WhenNo,
  quote: boolean,
): string {
  return new SymbolLines(config, prefix, whenNo, quote).at(id);
}

/** The lines for the symbols of a configuration, whose values are to be known. */
export class SymbolLines {
  readonly #evaluator: Evaluator;
  readonly #type: Uint8Array;
  readonly #tri: Uint8Array;
  readonly #names: SymbolNames;
  readonly #prefix: string;
  readonly #whenNo: WhenNo;
  readonly #quote: boolean;
  readonly #kept: KeptLines;

  constructor({ evaluator }: Config, prefix: string, whenNo: WhenNo, quote: boolean) {
    const { program } = evaluator;
    this.#evaluator = evaluator;
    this.#type = program.type;
    this.#tri = evaluator.tri;
    this.#names = program.names;
    this.#prefix = prefix;
    this.#whenNo = whenNo;
    this.#quote = quote;
    this.#kept = keptLines(program, prefix);
  }

  /** The line for a symbol; empty if it has none. */
  at(id: number): string {
    const type = this.#type[id] as number;
    if (type === TYPE.BOOL || type === TYPE.TRISTATE) {
      let value = this.#tri[id] as number;
      if (value === NO && this.#whenNo !== 'n') {
        if (this.#whenNo === 'nothing') return '';
        value = UNSET;
      }
      return this.#kept.lines?.[id * 4 + value] ?? this.#kept.made(id, value);
    }
    if (type === TYPE.UNKNOWN) return '';
    const text = this.#evaluator.textOf(id);
    const value = type === TYPE.STRING && this.#quote ? quoted(text) : text;
    return `${this.#prefix}${this.#names.nameOf(id)}=${value}\n`;
  }
}

/** What follows the three tristates in the rows of {@link KeptLines}. */
const UNSET = 3;

/**
 * The lines of bools and tristates, made once for all configurations of a tree: a matrix writes the same ones thousands
 * of times. For the first configuration none are kept, because it may be the only one.
 */
class KeptLines {
  readonly prefix: string;
  lines: (string | undefined)[] | undefined;
  readonly #program: Program;
  readonly #names: SymbolNames;
  readonly #unset: string;
  #made = 0;

  constructor(program: Program, prefix: string) {
    this.#program = program;
    this.#names = program.names;
    this.prefix = prefix;
    this.#unset = `# ${prefix}`;
  }

  /** A line that is not kept yet. */
  made(id: number, value: number): string {
    const name = this.#names.nameOf(id);
    const line =
      value === UNSET
        ? `${this.#unset}${name} is not set\n`
        : this.prefix + name + (ENDS[value] as string);
    if (this.lines) this.lines[id * 4 + value] = line;
    else if (++this.#made > this.#program.size)
      this.lines = new Array<string | undefined>(this.#program.size * 4);
    return line;
  }
}

/** What the line of a tristate ends with. */
const ENDS = ['=n\n', '=m\n', '=y\n'];

const KEPT = new WeakMap<Program, KeptLines>();

function keptLines(program: Program, prefix: string): KeptLines {
  let lines = KEPT.get(program);
  if (lines?.prefix !== prefix) {
    lines = new KeptLines(program, prefix);
    KEPT.set(program, lines);
  }
  return lines;
}

/** A text in double quotes, with quotes and backslashes escaped. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
