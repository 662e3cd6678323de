/**
 * Something a step asks to be done outside the state: quit, write a file, run cells. Plain data; each
 * kind adds its own, and the runner of that kind (`effects/runners.ts`) does it.
 */
export interface Effect {
  readonly kind: string;
}

/** What a runner or a dialog has to say to the screen that asked. Plain data, like an effect. */
export interface Answer {
  /** Kind of the screen whose module is told. */
  readonly to: string;
  /** What the answer is about, in the words of that module. */
  readonly name: string;
  readonly value?: unknown;
}
