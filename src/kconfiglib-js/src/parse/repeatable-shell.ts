import type { Shell } from '../preprocess/shell.ts';

/** A shell for a tree that may be read twice: what was asked once is answered from memory the second time. */
export class RepeatableShell {
  readonly #shell: Shell;
  readonly #answers: (() => string | undefined)[] = [];
  #next = 0;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** Asks in the order in which the tree asks, which is the same each time as long as the answers are. */
  readonly ask: Shell = (request, context) => {
    if (this.#next === this.#answers.length) this.#answers.push(this.#first(request, context));
    return this.#answers[this.#next++]?.();
  };

  #first(...question: Parameters<Shell>): () => string | undefined {
    try {
      const answer = this.#shell(...question);
      return () => answer;
    } catch (error) {
      return () => {
        throw error;
      };
    }
  }

  /** From here on everything is asked once more. */
  repeat(): void {
    this.#next = 0;
  }
}
