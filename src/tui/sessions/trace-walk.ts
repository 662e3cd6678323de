import type { Trace, TraceState, TraceStep } from '../../kernel/index.ts';
import { shownSteps } from '../../report/index.ts';

/** One step of a trace as one walks along it. */
export interface WalkStep {
  readonly step: TraceStep;
  /** From 0, in the whole trace. */
  readonly at: number;
  /** Locks and VMAs before and after it; `null` where the trace does not tell. */
  readonly before: TraceState | null;
  readonly after: TraceState | null;
  /** Whether another thread made the step before. */
  readonly switched: boolean;
  /** Whether the steps from here on go round for ever, and this is the first of them. */
  readonly begins: boolean;
  /** Whether it is one of them. */
  readonly round: boolean;
}

/** The steps of a trace: those on shared words, or `all`. */
export function walkOf(trace: Trace, all: boolean): readonly WalkStep[] {
  const states: (TraceState | null)[] = [];
  for (const { state } of trace.steps) states.push(state ?? states.at(-1) ?? null);
  const shown = all ? trace.steps.map((step, at) => ({ step, at })) : shownSteps(trace);
  const from = trace.cycleFrom ?? Number.POSITIVE_INFINITY;
  return shown.map(({ step, at }, i) => {
    const last = shown[i - 1];
    return {
      step,
      at,
      before: (last && states[last.at]) ?? null,
      after: states[at] ?? null,
      switched: last !== undefined && last.step.thread !== step.thread,
      begins: at === from,
      round: at >= from,
    };
  });
}

/** Index of the next step, or the one before, that another thread makes than its predecessor; -1 if there is none. */
export function contextSwitch(walk: readonly WalkStep[], from: number, by: 1 | -1): number {
  for (let i = from + by; i >= 0 && i < walk.length; i += by) if (walk[i]?.switched) return i;
  return -1;
}
