import type { Verdict } from '../kernel/index.ts';

/** The form of a verdict's JSON. Raised when a key changes its meaning or goes. */
export const VERDICT_SCHEMA_VERSION = 1;

/** A verdict as it is exported: a writer without end is written `forever`. */
export function verdictJson(v: Verdict): Record<string, unknown> {
  const { ops, maxStates: _, ...question } = v.question;
  const { edition, verdict, property, fairness, what, assumptions, trace, ...figures } = v;
  return {
    schemaVersion: VERDICT_SCHEMA_VERSION,
    edition,
    question: { ...question, ops: Number.isFinite(ops) ? ops : 'forever' },
    verdict,
    property,
    fairness,
    what,
    assumptions,
    states: figures.states,
    transitions: figures.transitions,
    depth: figures.depth,
    seconds: Math.round(figures.seconds * 1000) / 1000,
    retryBound: figures.retryBound,
    loops: figures.loops,
    trace,
  };
}
