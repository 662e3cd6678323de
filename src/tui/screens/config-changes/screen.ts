import { FRESH_LIST, type Screen } from '../../state/model.ts';

/** Lists of symbols whose values differ. */
export interface ChangesScreen extends Screen {
  readonly kind: 'config-changes';
  readonly session: string;
  /** 0: by the last change, 1: since the start, 2: from the file on disk. */
  readonly tab: number;
}

/** One of the lists. */
export function changesScreen(session: string, tab: number): ChangesScreen {
  return { kind: 'config-changes', session, tab, list: FRESH_LIST };
}
