import type { Io } from './io.ts';

/** Keeps what is printed until it is known that it holds. */
export class HeldOutput {
  /** The same surroundings, with output that is held. */
  readonly io: Io;
  readonly #prints: (() => void)[] = [];

  constructor(io: Io) {
    this.io = {
      ...io,
      stdout: (text) => void this.#prints.push(() => io.stdout(text)),
      stderr: (text) => void this.#prints.push(() => io.stderr(text)),
    };
  }

  /** Print it, in the order it came. */
  release(): void {
    for (const print of this.#prints.splice(0)) print();
  }
}
