import type { Effect } from './effect.ts';
import type { Runner } from './runner.ts';

/** Write an edit to the journal. */
export interface JournalAppend extends Effect {
  readonly kind: 'journal:append';
  readonly document: string;
  /** The edit, as plain data. */
  readonly entry: unknown;
}

/** Forget the edits of this program: they are saved, or undone. */
export interface JournalClear extends Effect {
  readonly kind: 'journal:clear';
  readonly document: string;
}

/** Forget what programs that are no more have left of a document. */
export interface JournalDiscard extends Effect {
  readonly kind: 'journal:discard';
  readonly document: string;
}

export const journalAppendRunner: Runner<JournalAppend> = {
  kind: 'journal:append',
  run: ({ document, entry }, { services }) => services.journal?.append(document, entry),
};

export const journalClearRunner: Runner<JournalClear> = {
  kind: 'journal:clear',
  run: ({ document }, { services }) => services.journal?.clear(document),
};

export const journalDiscardRunner: Runner<JournalDiscard> = {
  kind: 'journal:discard',
  run: ({ document }, { services }) => services.journal?.discard(document),
};
