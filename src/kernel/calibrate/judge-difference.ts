/** What a measured difference between two kernels asks of the model. */

/** A difference as small as this, in the unit of the measurement, is none. */
const NOTHING = 0.5;
/** How far the model may be from what was measured: so much, or such a part of it. */
const ALLOWED = { absolute: 30, share: 1 / 4 };

/** Between which two a difference was where it was measured again: on other builds of the kernels, or in many more boots. */
export type MeasuredAgain = readonly [low: number, high: number];

export interface Judged {
  /** How far the modelled difference may be from the measured one. */
  readonly allowed: number;
  /**
   * `ok`; or in what the model misses the measured difference, or would, were it not among those that were measured again: then the one
   * measurement does not tell what the kernels have.
   */
  readonly verdict: 'ok' | 'as measured again' | 'MISSED: too far' | 'MISSED: sign';
}

/** Whether a modelled difference is as near to the measured one as is asked for, and of its sign. How far repeats in one boot differ excuses nothing. */
export function judgeDifference(measured: number, modelled: number, again?: MeasuredAgain): Judged {
  const allowed = Math.max(ALLOWED.absolute, Math.abs(measured) * ALLOWED.share);
  const isNothing = (difference: number) => Math.abs(difference) < NOTHING;
  const near = Math.abs(modelled - measured) < allowed;
  const sameSign =
    (isNothing(measured) && isNothing(modelled)) || Math.sign(measured) === Math.sign(modelled);
  if (near && sameSign) return { allowed, verdict: 'ok' };
  if (again && isAmong(again, modelled, near)) return { allowed, verdict: 'as measured again' };
  return { allowed, verdict: near ? 'MISSED: sign' : 'MISSED: too far' };
}

/** One that is near enough is of the sign some of them have; one that is not lies between them. */
function isAmong([low, high]: MeasuredAgain, modelled: number, near: boolean): boolean {
  if (!near) return modelled >= low && modelled <= high;
  if (Math.abs(modelled) < NOTHING) return low <= 0 && high >= 0;
  return modelled < 0 ? low <= -NOTHING : high >= NOTHING;
}
