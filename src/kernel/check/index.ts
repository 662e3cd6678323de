/** The model checker: all schedules of a question, and what they show. */
export { MUTANTS, type Mutant } from './mutants.ts';
export {
  DEFAULT_QUESTION,
  FAIRNESSES,
  type Fairness,
  HOLDINGS,
  type Holding,
  PROPERTIES,
  type Property,
  QUESTION_WORDS,
  QUEUES,
  type Question,
  type Queue,
  SUBJECTS,
  type SubjectName,
  WRITES,
  type Write,
} from './question.ts';
export { type Replay, replay } from './replay.ts';
export type { Trace, TraceStep } from './trace.ts';
export type { MmState, TraceState, VmaState } from './trace-state.ts';
export type { LoopBound, Verdict } from './verdict.ts';
export { verify } from './verify.ts';
export {
  type KernelQuestion,
  SenselessQuestion,
  type VerdictCache,
  type VerdictOf,
  type VerifyAllOptions,
  verifyAll,
} from './verify-all.ts';
