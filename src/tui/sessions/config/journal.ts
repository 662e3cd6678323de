import type { Journal as DocumentJournal } from '../../persist/journal.ts';
import { isOp, type Op } from './op.ts';

/**
 * Where the edits since the last save are kept, so that a crash loses none. What is appended is on disk when `append`
 * returns.
 */
export interface Journal {
  append(op: Op): void;
  /** Forget everything: what was edited is saved, or given up. */
  clear(): void;
}

/** For whoever keeps none. */
export const NO_JOURNAL: Journal = { append: () => {}, clear: () => {} };

/** Edits of an earlier run that were never saved, and where those of this one are kept. */
export interface KeptEdits {
  readonly journal: Journal;
  readonly pending: readonly Op[];
}

/** The journal of a document, and what a crash has left in it. */
export function keptEdits(kept: DocumentJournal, document: string): KeptEdits {
  const pending = kept.unsaved(document).at(-1)?.entries.filter(isOp) ?? [];
  const clear = (): void => {
    kept.clear(document);
    kept.discard(document);
  };
  return { journal: { append: (op) => kept.append(document, op), clear }, pending };
}
