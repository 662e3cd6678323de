import type { Shell, ShellRequest } from 'kconfiglib-js';

/** Options that stand for answers; no Kconfig has such names. */
const PREFIX = 'ANSWER_OF_TOOLCHAIN_';

/** The file that defines them, which there is in memory only. */
const DEFINITIONS = '.kmatrix-answers-of-the-toolchain';

/** What `success` and `failure` expand to (scripts/Kconfig.include). */
const YES_NO = /&&\s*echo\s+"?[yn]"?\s*\|\|\s*echo\s+"?[yn]"?\s*$/;

/** One of several names something may have: `test "GCC" = Clang`. */
const NAMED = /\btest\s+"(\w+)"\s+=\s+\w+/;

/** A version that the Makefile has asked for and exports. */
const EXPORTED = /\bdefault[ \t]+"\$\((\w+_VERSION)\)"/g;

interface Answer {
  readonly option: string;
  readonly type: 'bool' | 'int';
  /** What cannot hold together with it. */
  readonly excludes: readonly string[];
}

/**
 * Options in place of what the compiler and its tools answer, so that a tree's Kconfig allows what it allows with some toolchain, rather
 * than with one. Each question for y or n, and each for a number, becomes an option that anybody can set; of names of one thing only
 * one is true. All else is answered as before.
 */
export class AnyToolchain {
  readonly #recorded: Shell;
  readonly #answers = new Map<string, Answer>();
  readonly #named = new Map<string, string[]>();

  constructor(recorded: Shell) {
    this.#recorded = recorded;
  }

  readonly shell: Shell = (request, context) => {
    if (YES_NO.test(request.command)) return this.#yesNo(request);
    const recorded = this.#recorded(request, context);
    // Numbers that `expr` makes of numbers are none of a tool's.
    if (!/^\d+$/.test(recorded ?? '') || /^\s*expr\s/.test(request.command)) return recorded;
    return this.#option(request.command, 'int');
  };

  /** A file of Kconfig as it is read, the first of all if `top`; `text` is undefined where there is none. */
  read(path: string, text: string | undefined, top: boolean): string | undefined {
    if (path.endsWith(DEFINITIONS)) return this.#definitions();
    const open = text?.replace(
      EXPORTED,
      (_, name: string) => `default ${this.#option(`$(${name})`, 'int')}`,
    );
    return top && open !== undefined ? `${open}\n\nsource "${DEFINITIONS}"\n` : open;
  }

  #yesNo({ command, span }: ShellRequest): string {
    // Where an answer within the question is not known others may look the same.
    const key = command.includes('""') ? `${command} ${span.file}:${span.line}` : command;
    const thing = NAMED.exec(command)?.[1];
    if (thing === undefined) return this.#option(key, 'bool');
    const others = this.#named.get(thing) ?? [];
    const option = this.#option(key, 'bool', [...others]);
    if (!others.includes(option)) this.#named.set(thing, [...others, option]);
    return option;
  }

  #option(key: string, type: Answer['type'], excludes: readonly string[] = []): string {
    const known = this.#answers.get(key);
    if (known) return known.option;
    const option = `${PREFIX}${this.#answers.size}`;
    this.#answers.set(key, { option, type, excludes });
    return option;
  }

  /** Asked for when all other files have been read. */
  #definitions(): string {
    return [...this.#answers.values()]
      .map(({ option, type, excludes }) => {
        const depends = excludes.map((other) => `\tdepends on !${other}\n`).join('');
        return `config ${option}\n\t${type} "${option}"\n${depends}`;
      })
      .join('\n');
  }
}
