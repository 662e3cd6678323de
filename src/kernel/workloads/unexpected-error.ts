import type { Span } from '../../input/index.ts';
import { EINVAL, ENOSYS, ENOTTY } from '../model/index.ts';
import type { OpName } from '../model/user-ops.ts';

/**
 * Errors by which a kernel says that it does not know a call, an ioctl or an argument. A workload that meets one
 * does not do what its author wrote; other errors (EAGAIN, EEXIST, ENOMEM, ESRCH, …) depend on what others do at the time, and
 * programs go on after them.
 */
export const REFUSALS = { EINVAL, ENOSYS, ENOTTY } as const;
export type Refusal = keyof typeof REFUSALS;
const NAMES = Object.keys(REFUSALS) as Refusal[];

/** An operation gave an error that its statement does not expect. */
export class UnexpectedError extends Error {
  override name = 'UnexpectedError';
  readonly op: OpName;
  readonly error: Refusal;
  readonly span: Span;
  /** The kernel does not have the operation at all, whatever its arguments. */
  readonly lacking: boolean;

  constructor(op: OpName, error: Refusal, span: Span, lacking: boolean) {
    super(`${op} gives ${error} (${span.file}:${span.line})`);
    this.op = op;
    this.error = error;
    this.span = span;
    this.lacking = lacking;
  }
}

/** The refusal a result stands for; `undefined` for success and for every other error. */
export function refusalOf(result: number): Refusal | undefined {
  if (result >= 0) return undefined;
  return NAMES.find((name) => result === -REFUSALS[name]);
}
