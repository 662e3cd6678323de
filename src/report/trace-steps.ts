import type { Trace, TraceStep } from '../kernel/index.ts';

/** A step of a trace and its place in it. */
export interface ShownStep {
  readonly step: TraceStep;
  /** From 0. */
  readonly at: number;
}

/** The steps that tell the story: those on shared words, the last one, and the one a cycle begins with. */
export function shownSteps({ steps, cycleFrom }: Trace): ShownStep[] {
  return steps.flatMap((step, at) =>
    step.shared || at === steps.length - 1 || at === cycleFrom ? [{ step, at }] : [],
  );
}

/** A trace of those steps alone; what the steps left out did to locks and VMAs is told of the next. */
export function shortened({ steps, cycleFrom, ...trace }: Trace): Trace {
  const shown = shownSteps({ ...trace, steps, ...(cycleFrom !== undefined && { cycleFrom }) });
  return {
    ...trace,
    steps: shown.map(({ step, at }, i) => {
      const since = steps.slice((shown[i - 1]?.at ?? -1) + 1, at + 1);
      const state = since.findLast((between) => between.state !== undefined)?.state;
      return state === undefined ? step : { ...step, state };
    }),
    ...(cycleFrom !== undefined && { cycleFrom: shown.findIndex(({ at }) => at === cycleFrom) }),
  };
}
