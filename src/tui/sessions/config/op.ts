import type { Difference } from 'kconfiglib-js';

/** One thing done to a configuration. Plain data: the journal keeps these, and doing them again gives the same state. */
export type Op =
  | { readonly do: 'set'; readonly name: string; readonly value: string }
  /** Take back a user value. */
  | { readonly do: 'unset'; readonly name: string }
  /** What a plan found: several values at once. Without `to` a user value is taken back. */
  | { readonly do: 'apply'; readonly goal: string; readonly values: readonly Assignment[] }
  /** Read a `.config` in place of all user values. */
  | { readonly do: 'load'; readonly file: string; readonly text: string }
  /** Have the values of a `.config` again, which were there before: what undoing came to where a journal does not know what was undone. */
  | { readonly do: 'become'; readonly said: string; readonly text: string }
  | { readonly do: 'undo' }
  | { readonly do: 'redo' };

/** A user value to set, or to take back. */
export interface Assignment {
  readonly name: string;
  readonly to?: string;
}

/** What came of an operation. */
export type Outcome =
  | {
      readonly ok: true;
      /** What was done, e.g. `SMP is n`. */
      readonly text: string;
      /** Symbols it was about. */
      readonly own: readonly string[];
      /** Every symbol whose value is another one now. */
      readonly changed: readonly Difference[];
    }
  | { readonly ok: false; readonly text: string };

/** The changed symbols beside those an operation was about. */
export function othersOf(outcome: Outcome): readonly Difference[] {
  if (!outcome.ok) return [];
  return outcome.changed.filter(({ name }) => !outcome.own.includes(name));
}

const TEXTS: Readonly<Record<Op['do'], readonly string[]>> = {
  set: ['name', 'value'],
  unset: ['name'],
  apply: ['goal'],
  load: ['file', 'text'],
  become: ['said', 'text'],
  undo: [],
  redo: [],
};

/** Is what was read from a journal an operation. */
export function isOp(entry: unknown): entry is Op {
  if (typeof entry !== 'object' || entry === null) return false;
  const fields = entry as Record<string, unknown>;
  const texts = Object.hasOwn(TEXTS, String(fields.do)) ? TEXTS[fields.do as Op['do']] : undefined;
  if (!texts?.every((name) => typeof fields[name] === 'string')) return false;
  return (
    fields.do !== 'apply' || (Array.isArray(fields.values) && fields.values.every(isAssignment))
  );
}

function isAssignment(value: unknown): boolean {
  const { name, to } = (value ?? {}) as Record<string, unknown>;
  return typeof name === 'string' && (to === undefined || typeof to === 'string');
}
