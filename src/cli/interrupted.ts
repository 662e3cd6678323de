import type { ParsedArguments } from './arguments.ts';

/** The user stopped something that had come this far: what the user is told of it. */
export class Interrupted extends Error {
  /** @param how  how far it was, e.g. `stopped after 2 of 3 cells` */
  constructor(how: string, args: ParsedArguments, cause: unknown) {
    const kept = args.has('no-cache') ? 'nothing is kept' : 'what is done is in the cache';
    super(`interrupted: ${how}; ${kept}`, { cause });
    this.name = 'Interrupted';
  }
}
