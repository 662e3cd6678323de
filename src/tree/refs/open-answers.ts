import type { ParseOptions, Shell } from 'kconfiglib-js';

/** A file that is nowhere but here, read behind all others. */
const FILE = 'answers nobody recorded';

/** The end of a command that says y or n: `(command) && echo "y" || echo "n"`. */
const QUESTION = /\becho "?n"?\s*$/;

/**
 * Questions to a compiler that nobody recorded an answer to, each a symbol a user could set: what hangs on one is neither dead nor
 * always so.
 */
export class OpenAnswers {
  readonly #names = new Map<string, string>();

  /** A shell that answers what another one cannot with the name of a symbol. */
  shell(known: Shell): Shell {
    return (request, context) => {
      const answer = known(request, context);
      const { command } = request;
      if (answer !== undefined || !QUESTION.test(command)) return answer;
      const name = this.#names.get(command) ?? `ANSWER-${this.#names.size}`;
      this.#names.set(command, name);
      return name;
    };
  }

  /** Files of a tree and one more that defines these symbols: when it is read, all was asked. */
  access(
    top: string,
    { readFile, readDir }: Required<Pick<ParseOptions, 'readFile' | 'readDir'>>,
  ): Pick<ParseOptions, 'readFile' | 'readDir'> {
    return {
      readDir,
      readFile: (path) => {
        if (path.endsWith(FILE)) return this.#definitions();
        const text = readFile(path);
        return path === top && text !== undefined ? `${text}\nsource "${FILE}"\n` : text;
      },
    };
  }

  #definitions(): string {
    return [...this.#names.values()].map((name) => `config ${name}\n\tbool "open"\n`).join('');
  }
}
