import type { Config, UserValues } from 'kconfiglib-js';

/** An edit that can be taken back and done again, exactly. */
export interface Edit {
  /** What it did, e.g. `SMP is n`. */
  readonly text: string;
  /** Symbols it was about. */
  readonly own: readonly string[];
  readonly before: UserValues;
  readonly after: UserValues;
  /** Where it was a file that was loaded: what changes are counted from, before and after. */
  readonly base?: { readonly before: Config; readonly after: Config };
}

/** The edits so far, and those taken back; as many as there are. */
export class History {
  readonly #done: Edit[] = [];
  #undone: Edit[] = [];
  #savedAt: number | null = 0;

  /** Remember an edit just made. What was taken back before can no longer be done again. */
  add(edit: Edit): void {
    if (this.#savedAt !== null && this.#savedAt > this.#done.length) this.#savedAt = null;
    this.#done.push(edit);
    this.#undone = [];
  }

  /** The edit to take back; undefined if there is none. */
  undo(): Edit | undefined {
    const edit = this.#done.pop();
    if (edit) this.#undone.push(edit);
    return edit;
  }

  /** The edit to do again; undefined if there is none. */
  redo(): Edit | undefined {
    const edit = this.#undone.pop();
    if (edit) this.#done.push(edit);
    return edit;
  }

  /** What is there now was saved. */
  saved(): void {
    this.#savedAt = this.#done.length;
  }

  /** Is what is there now other than what was saved or read last. Undoing back to it counts as saved. */
  get dirty(): boolean {
    return this.#savedAt !== this.#done.length;
  }

  get undoable(): number {
    return this.#done.length;
  }

  get redoable(): number {
    return this.#undone.length;
  }
}
