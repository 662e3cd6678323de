/** The part of a writable stream commands use. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Everything a command may touch of the process it runs in, so that a test can stand in for it. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: { readonly isTTY?: boolean | undefined };
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the user interrupts. */
  readonly signal?: AbortSignal;
  /** Called before work that is soon over; the result, if called, ends that. Only a process of its own has it. */
  readonly expectShortRun?: () => () => void;
  /** Called by who stays and should be small. Only a process of its own has it. */
  readonly keepHeapSmall?: () => void;
}

/** Exit codes; every command keeps to them. */
export const exit = {
  done: 0,
  /** The answer is "no" or "worse". */
  no: 1,
  /** The input is wrong. */
  input: 2,
  /** A fault of kmatrix itself (`EX_SOFTWARE` of sysexits.h). */
  fault: 70,
  /** Stopped by the user: 128 + SIGINT. */
  interrupted: 130,
} as const;

/** Whether escape sequences may be written to an output. */
export function wantsColour(output: Output, { env }: Io): boolean {
  return output.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
}
