import { ADVERSARIES } from '../../../kernel/index.ts';
import type { Counted } from '../../sessions/tally.ts';
import type { TortureChoice } from '../../sessions/torture.ts';
import { FRESH_LIST, type Screen } from '../../state/model.ts';

/** The edition where nothing says which: the newest without the series. */
export const DEFAULT_EDITION = 'v7.0';

/** Lookups of each variant there is a choice of; a hostile scheduler lets each take a hundred tries and so gets as many fewer. */
export const LOOKUP_LEVELS = [20_000, 100_000, 1_000_000, 10_000_000] as const;
const TRIES = 100;

/** What lookups of a VMA go through while others change it. */
export interface TortureScreen extends Screen {
  readonly kind: 'torture';
  readonly edition: string;
  readonly adversary: number;
  readonly hostile: boolean;
  /** Index into {@link LOOKUP_LEVELS}. */
  readonly level: number;
  readonly counted: Counted;
}

/** The torture test of an edition, before anything is chosen. */
export function tortureScreen(edition: string): TortureScreen {
  return {
    kind: 'torture',
    edition,
    adversary: ADVERSARIES.indexOf('mprotect'),
    hostile: false,
    level: 2,
    counted: 'retries',
    list: FRESH_LIST,
  };
}

/** What is chosen on a screen. */
export function choiceOf({ edition, adversary, hostile, level }: TortureScreen): TortureChoice {
  const lookups = LOOKUP_LEVELS[level] as number;
  return {
    edition,
    adversary: ADVERSARIES[adversary]!,
    scheduler: hostile ? 'hostile' : 'fair',
    lookups: hostile ? lookups / TRIES : lookups,
  };
}
