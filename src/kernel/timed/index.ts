/** The executor with time, and the cost profiles it runs on. */
export { HISTOGRAM_ERROR, Histogram } from './histogram.ts';
export { LOCK_SUM, type LockTally, LockTimes } from './lock-times.ts';
export { type CostProfile, type LineCosts, PS_PER_NS } from './profile.ts';
export { type Program, StepLimitError, type TimedOptions } from './program.ts';
export { mix } from './random.ts';
export { DEFAULT_PROFILE, loadProfile, readProfile, shippedProfiles } from './read-profile.ts';
export { TimedExec } from './timed-exec.ts';
