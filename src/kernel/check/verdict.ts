import type { BackEdge } from './loops.ts';
import type { Fairness, Property, Question } from './question.ts';
import type { Trace } from './trace.ts';

/** How often a loop of a lookup is passed in one lookup at most. */
export interface LoopBound extends BackEdge {
  /** `null`: without bound. */
  readonly bound: number | null;
}

/** The answer to a question. */
export interface Verdict {
  readonly edition: string;
  readonly question: Question;
  readonly verdict: 'holds' | 'violated' | 'undecided';
  readonly property: Property;
  readonly fairness: Fairness;
  /** In one sentence. */
  readonly what: string;
  readonly assumptions: readonly string[];
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly seconds: number;
  /** The most retries of any loop of the lookup; `null` unless that was asked. */
  readonly retryBound: number | 'unbounded' | null;
  /** Each loop of the lookup by itself. */
  readonly loops: readonly LoopBound[];
  readonly trace: Trace | null;
}
