import type { VerdictRef } from '../../sessions/verdicts.ts';
import { FRESH_LIST, type Screen } from '../../state/model.ts';

/** Verdicts of the model checker, to choose a trace from. */
export interface VerdictsScreen extends Screen {
  readonly kind: 'verdicts';
  readonly from: VerdictRef['from'];
}

/** All verdicts of the report, or of a file that was opened. */
export function verdictsScreen(from: VerdictRef['from']): VerdictsScreen {
  return { kind: 'verdicts', from, list: FRESH_LIST };
}
