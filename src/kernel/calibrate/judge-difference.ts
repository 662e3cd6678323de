/** What a measured difference between two kernels asks of the model. */

/** A difference as small as this, in the unit of the measurement, is none. */
const NOTHING = 0.5;
/** How far the model may be from what was measured: so much, or such a part of it. */
const ALLOWED = { absolute: 30, share: 1 / 4 };

export interface Judged {
  /** How far the modelled difference may be from the measured one. */
  readonly allowed: number;
  readonly near: boolean;
  readonly sameSign: boolean;
  /** `ok`, or in what the model misses the measured difference. */
  readonly verdict: 'ok' | 'MISSED: too far' | 'MISSED: sign';
}

/** Whether a modelled difference is as near to the measured one as is asked for, and of its sign. How far repeats differ excuses nothing. */
export function judgeDifference(measured: number, modelled: number): Judged {
  const allowed = Math.max(ALLOWED.absolute, Math.abs(measured) * ALLOWED.share);
  const isNothing = (difference: number) => Math.abs(difference) < NOTHING;
  const near = Math.abs(modelled - measured) < allowed;
  const sameSign =
    (isNothing(measured) && isNothing(modelled)) || Math.sign(measured) === Math.sign(modelled);
  const verdict = !near ? 'MISSED: too far' : sameSign ? 'ok' : 'MISSED: sign';
  return { allowed, near, sameSign, verdict };
}
