import { FRESH_LIST, type Screen } from '../../state/model.ts';

/** The keys of the screen below. */
export interface HelpScreen extends Screen {
  readonly kind: 'help';
  /** Kind of that screen. */
  readonly about: string;
}

/** The keys of a kind of screen. */
export function helpScreen(about: string): HelpScreen {
  return { kind: 'help', about, list: FRESH_LIST };
}
