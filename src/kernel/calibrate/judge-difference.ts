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
  /** The measured difference is no more than nothing, or than what repeats on one kernel differ by: its sign and size are not known. */
  readonly isNone: boolean;
}

/** @param spread by how much repeats of the measurement on one kernel differ */
export function judgeDifference(measured: number, modelled: number, spread: number): Judged {
  const allowed = Math.max(ALLOWED.absolute, Math.abs(measured) * ALLOWED.share);
  const isNothing = (difference: number) => Math.abs(difference) < NOTHING;
  return {
    allowed,
    near: Math.abs(modelled - measured) < allowed,
    sameSign:
      (isNothing(measured) && isNothing(modelled)) || Math.sign(measured) === Math.sign(modelled),
    isNone: Math.abs(measured) < Math.max(NOTHING, spread),
  };
}
