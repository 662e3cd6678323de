import type { Op } from './op.ts';

/**
 * Follows what a journal holds. It begins anew whenever a file is saved, while the edits of the session can be undone beyond that: who
 * does again what the journal holds, over the file, has not those edits to undo.
 */
export class Recorder {
  #undoable = 0;
  #redoable = 0;

  /** An operation was done. Whether doing it again after all that was before it comes to the same. */
  knows({ do: what }: Op): boolean {
    if (what === 'undo') return this.#move(this.#undoable > 0, -1);
    if (what === 'redo') return this.#move(this.#redoable > 0, 1);
    this.#undoable++;
    this.#redoable = 0;
    return true;
  }

  #move(known: boolean, by: -1 | 1): boolean {
    this.#undoable = known ? this.#undoable + by : 0;
    this.#redoable = known ? this.#redoable - by : 0;
    return known;
  }
}
