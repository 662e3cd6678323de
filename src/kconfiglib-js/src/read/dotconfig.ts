import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { diagnostic } from '../diagnostics/sink.ts';
import { isClassicMember, retract } from '../eval/classic-choice.ts';
import type { Config } from '../eval/config.ts';
import { type ChoiceProgram, type SymbolNames, TRAIT } from '../eval/program.ts';
import { validText } from '../eval/text-value.ts';
import { MOD, NO, YES } from '../expr/store.ts';
import { ERA } from '../menu/era.ts';
import { TYPE } from '../menu/model.ts';

/** How a `.config` is read. */
export interface ReadOptions {
  /** Keep user values that the file does not mention. Default: the file replaces all of them. */
  merge?: boolean;
  /** What names begin with. Default: CONFIG_. */
  prefix?: string;
  /** Warn about symbols the tree does not have. Default: false. */
  warnUnknown?: boolean;
  /** Called for a name the tree does not have. */
  onUnknown?: (name: string) => void;
}

/**
 * Read a `.config`. Only `# CONFIG_X is not set`, so spelled, counts among comments. The last of several lines for a
 * symbol holds; among members of a choice, later lines have precedence.
 */
export function readDotconfig(
  config: Config,
  content: string,
  file: string,
  options: ReadOptions,
): Diagnostic[] {
  // To C a line ends where a zero stands.
  const text = content.includes('\0') ? content.replace(/\0[^\n]*/g, '') : content;
  if (!options.merge) config.clear();
  const reader = new Reader(config, file, options);
  let start = 0;
  for (let line = 1; start < text.length; line++) {
    let end = text.indexOf('\n', start);
    const next = end < 0 ? text.length : end + 1;
    if (end < 0) end = text.length;
    else if (end > start && text.charCodeAt(end - 1) === 13) end--;
    if (end > start) reader.line(text, start, end, line);
    start = next;
  }
  config.evaluator.invalidateAll();
  return reader.diagnostics;
}

const HASH = 35;
const BLANK = 32;
/** What stands behind the name of a symbol that is n. */
const UNSET = ' is not set';
/** The mode of a choice whose members contradict each other. */
const VOID = 3;

class Reader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #config: Config;
  readonly #file: string;
  readonly #prefix: string;
  readonly #options: ReadOptions;
  readonly #names: SymbolNames;
  readonly #assigned: Uint8Array;
  readonly #exact: boolean;
  /** The most the members of a choice were set to so far. */
  readonly #modes = new Map<number, number>();
  #line = 0;

  constructor(config: Config, file: string, options: ReadOptions) {
    const { program } = config.evaluator;
    this.#config = config;
    this.#names = program.names;
    this.#exact = program.era > ERA.V6_7;
    this.#assigned = new Uint8Array(program.size);
    this.#file = file;
    this.#prefix = options.prefix ?? 'CONFIG_';
    this.#options = options;
  }

  /** Read the line from `start` to `end`, which is not empty. */
  line(text: string, start: number, end: number, number: number): void {
    this.#line = number;
    const prefix = this.#prefix;
    const unset = text.charCodeAt(start) === HASH;
    const name = start + (unset ? 2 : 0) + prefix.length;
    let stop: number;
    let value: string;
    if (unset) {
      if (text.charCodeAt(start + 1) !== BLANK || !text.startsWith(prefix, start + 2)) return;
      stop = text.indexOf(' ', name);
      // Up to 6.10 anything may follow.
      if (this.#exact ? end - stop !== UNSET.length : end - stop < UNSET.length) return;
      if (!text.startsWith(UNSET, stop)) return;
      value = 'n';
    } else {
      stop = text.startsWith(prefix, start) ? text.indexOf('=', name) : -1;
      if (stop < 0 || stop >= end) {
        this.#warn('unexpected-data', `unexpected data: ${text.slice(start, end)}`);
        return;
      }
      value = text.slice(stop + 1, end);
    }
    const id = this.#names.idAt(text, name, stop);
    if (id < 0) {
      this.#unknown(text.slice(name, stop));
      return;
    }
    if (this.#assigned[id] !== 0)
      this.#warn('override', `override: reassigning to symbol ${text.slice(name, stop)}`);
    this.#assign(id, value);
  }

  #unknown(name: string): void {
    this.#options.onUnknown?.(name);
    if (this.#options.warnUnknown) this.#warn('unknown-symbol', `unknown symbol: ${name}`);
  }

  #assign(id: number, value: string): void {
    const evaluator = this.#config.evaluator;
    const { slot, choice, traits } = evaluator.program;
    const type = evaluator.program.type[id] as number;
    if (type === TYPE.BOOL || type === TYPE.TRISTATE) {
      const first = value[0];
      if (first !== 'y' && first !== 'n' && !(first === 'm' && type === TYPE.TRISTATE)) {
        this.#invalid(id, value);
        return;
      }
      const given = first === 'y' ? YES : first === 'm' ? MOD : NO;
      if (isClassicMember(evaluator.program, id))
        retract(evaluator, choice[id] as number, id, given);
      if (((traits[id] as number) & TRAIT.CONSTANT) === 0) evaluator.user[id] = 1 + given;
      this.#assigned[id] = 1;
    } else if (type !== TYPE.UNKNOWN) {
      const text = type === TYPE.STRING ? this.#unquote(value) : value;
      if (text === undefined) return;
      if (!validText(type, text)) {
        this.#invalid(id, text);
        return;
      }
      evaluator.user[id] = 1;
      evaluator.userText[slot[id] as number] = text;
      this.#assigned[id] = 1;
    }
    const group = choice[id] as number;
    if (group < 0) return;
    this.#noteMode(group, (evaluator.user[id] as number) - 1);
    const rest = (evaluator.order[group] as readonly number[]).filter((member) => member !== id);
    evaluator.order[group] = [id, ...rest];
  }

  /**
   * A classic choice is set to the most any line sets a member to, even if a later line takes that back. An m after a y
   * is a contradiction, which voids what was said of the choice.
   */
  #noteMode(group: number, value: number): void {
    const { program, user } = this.#config.evaluator;
    const { id } = program.choices[group] as ChoiceProgram;
    if (((program.traits[id] as number) & TRAIT.CLASSIC) === 0) return;
    const before = this.#modes.get(group) ?? NO;
    if (before === VOID) return;
    const mode = value === MOD && before === YES ? VOID : Math.max(before, value);
    this.#modes.set(group, mode);
    user[id] = 1 + (mode === VOID ? NO : mode);
  }

  /** The text between the quotes; a text without quotes is passed over in silence, as `conf` does. */
  #unquote(value: string): string | undefined {
    if (value[0] !== '"') return undefined;
    let out = '';
    for (let at = 1; at < value.length; at++) {
      const ch = value[at] as string;
      if (ch === '"') return out;
      if (ch === '\\') {
        at++;
        out += value[at] ?? '';
      } else out += ch;
    }
    this.#warn('unterminated-string', 'invalid string found');
    return undefined;
  }

  #invalid(id: number, value: string): void {
    this.#warn('bad-value', `symbol value '${value}' invalid for ${this.#names.nameOf(id)}`);
  }

  #warn(code: string, message: string): void {
    const span = { file: this.#file, line: this.#line, column: 1 };
    this.diagnostics.push(diagnostic('warning', code, span, message, `warning: ${message}`));
  }
}
