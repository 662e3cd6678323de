import type { FallbackEntry, FunctionEntry } from '../../model.ts';
import { el, type Html, join } from '../html.ts';

/**
 * How a state looks: a sign, a word and a colour, any one of which is enough. The colours stay apart
 * for every common kind of colour blindness.
 */
export interface Look {
  readonly sign: string;
  readonly word: string;
  /** Class of the style sheet. */
  readonly tone: 'good' | 'mixed' | 'bad' | 'none';
}

/** Looks of a function's states. */
export const STATES: Readonly<Record<FunctionEntry['state'], Look>> = {
  real: { sign: '●', word: 'real', tone: 'good' },
  stub: { sign: '◐', word: 'stub', tone: 'mixed' },
  absent: { sign: '○', word: 'absent', tone: 'none' },
};

/** How the state of a function looks. */
export function stateLook(entry: FunctionEntry | undefined): Look {
  return STATES[entry?.state ?? 'absent'];
}

/** Looks of a fallback's states. */
export const TAKEN: Readonly<Record<FallbackEntry['taken'], Look>> = {
  always: { sign: '■', word: 'always', tone: 'bad' },
  sometimes: { sign: '◧', word: 'sometimes', tone: 'mixed' },
  never: { sign: '□', word: 'never', tone: 'good' },
};

/** Look of a kernel that has no such fallback. */
export const NO_FALLBACK: Look = { sign: '–', word: 'none', tone: 'none' };

/** How it looks whether a fallback is taken. */
export function takenLook(taken: FallbackEntry['taken'] | undefined): Look {
  return taken === undefined ? NO_FALLBACK : TAKEN[taken];
}

/** How a thing that is there or not looks, in a word of its own. */
export function presenceLook(there: boolean, word: string): Look {
  return { ...(there ? STATES.real : STATES.absent), word };
}

/** A look as a cell's content. */
export function lookHtml({ sign, word }: Look): Html {
  return join(el('span', { class: 'sign', 'aria-hidden': 'true' }, sign), ' ', word);
}

/** What the looks of a table mean. */
export function legend(...items: readonly (readonly [Look, string])[]): Html {
  return el(
    'ul',
    { class: 'legend' },
    items.map(([look, meaning]) =>
      el('li', {}, el('span', { class: `key ${look.tone}` }, lookHtml(look)), ` ${meaning}`),
    ),
  );
}
