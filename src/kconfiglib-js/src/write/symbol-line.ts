import type { Config } from '../eval/config.ts';
import type { Program } from '../eval/program.ts';
import { NO } from '../expr/store.ts';
import { TYPE } from '../menu/model.ts';
import { tristateOf } from '../menu/views.ts';

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
  const evaluator = config.evaluator;
  const { program } = evaluator;
  const { type, names } = program;
  switch (type[id]) {
    case TYPE.UNKNOWN:
      return '';
    case TYPE.BOOL:
    case TYPE.TRISTATE: {
      const value = evaluator.tri[id] as number;
      if (value === NO && whenNo !== 'n')
        return whenNo === 'unset' ? linesOf(program, prefix).at(id, UNSET) : '';
      return linesOf(program, prefix).at(id, value);
    }
    case TYPE.STRING: {
      const text = evaluator.textOf(id);
      return `${prefix}${names.nameOf(id)}=${quote ? quoted(text) : text}\n`;
    }
    default:
      return `${prefix}${names.nameOf(id)}=${evaluator.textOf(id)}\n`;
  }
}

/** What follows the three tristates in the rows of {@link Lines}. */
const UNSET = 3;

/**
 * The lines of bools and tristates, made once for all configurations of a tree: a matrix writes the same ones thousands
 * of times. For the first configuration none are kept, because it may be the only one.
 */
class Lines {
  readonly prefix: string;
  readonly #program: Program;
  #lines: (string | undefined)[] | undefined;
  #made = 0;

  constructor(program: Program, prefix: string) {
    this.#program = program;
    this.prefix = prefix;
  }

  at(id: number, value: number): string {
    const known = this.#lines?.[id * 4 + value];
    if (known !== undefined) return known;
    const name = this.prefix + this.#program.names.nameOf(id);
    const line = value === UNSET ? `# ${name} is not set\n` : `${name}=${tristateOf(value)}\n`;
    if (this.#lines) this.#lines[id * 4 + value] = line;
    else if (++this.#made > this.#program.size)
      this.#lines = new Array<string | undefined>(this.#program.size * 4);
    return line;
  }
}

const LINES = new WeakMap<Program, Lines>();

function linesOf(program: Program, prefix: string): Lines {
  let lines = LINES.get(program);
  if (lines?.prefix !== prefix) {
    lines = new Lines(program, prefix);
    LINES.set(program, lines);
  }
  return lines;
}

/** A text in double quotes, with quotes and backslashes escaped. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
