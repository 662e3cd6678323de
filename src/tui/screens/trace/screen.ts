import type { VerdictRef } from '../../sessions/verdicts.ts';
import { FRESH_LIST, type Screen } from '../../state/model.ts';

/** A counterexample, walked step by step: the selected row is the present step. */
export interface TraceScreen extends Screen {
  readonly kind: 'trace';
  readonly verdict: VerdictRef;
  /** Show what threads do by themselves, too. */
  readonly all: boolean;
}

/** The trace of a verdict, at its beginning. */
export function traceScreen(verdict: VerdictRef): TraceScreen {
  return { kind: 'trace', verdict, all: false, list: FRESH_LIST };
}
