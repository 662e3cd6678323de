import type { Services } from '../services.ts';
import type { Sessions } from '../sessions/session.ts';
import type { Action } from '../state/action.ts';
import type { Effect } from './effect.ts';

/** What a runner may use. */
export interface EffectContext {
  readonly services: Services;
  readonly sessions: Sessions;
  /** Tell the state: at once, or whenever there is something to tell. */
  readonly dispatch: (...actions: readonly Action[]) => void;
  /** The terminal itself. */
  readonly terminal: TerminalControl;
  /** Aborted when the program ends. */
  readonly ended: AbortSignal;
}

/** What effects may do to the terminal the program runs in. */
export interface TerminalControl {
  /** Draw the whole screen anew. */
  readonly redraw: () => void;
  /** Give the terminal to the shell until it is ours again. */
  readonly suspend: () => Promise<void>;
  /** Give the mouse to the terminal, or take it again; missing where there is no mouse. */
  readonly toggleMouse?: () => void;
  /** Leave the program with an exit code. */
  readonly exit: (code: number) => void;
  /** Write bytes that do not move the cursor, such as OSC sequences. */
  readonly write: (bytes: string) => void;
}

/**
 * Does effects of one kind. What takes longer than some ten milliseconds goes to a worker or gives way
 * to input in between. A rejection is a crash: expected failures are answers.
 */
export interface Runner<E extends Effect = Effect> {
  readonly kind: E['kind'];
  run(effect: E, context: EffectContext): void | Promise<void>;
}
