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

/** A trace of those steps alone. */
export function shortened({ steps, cycleFrom, ...trace }: Trace): Trace {
  const shown = shownSteps({ ...trace, steps, ...(cycleFrom !== undefined && { cycleFrom }) });
  return {
    ...trace,
    steps: shown.map(({ step }) => step),
    ...(cycleFrom !== undefined && { cycleFrom: shown.findIndex(({ at }) => at === cycleFrom) }),
  };
}
