import type { Effect } from './effect.ts';
import type { Runner } from './runner.ts';

export interface ExitEffect extends Effect {
  readonly kind: 'exit';
  readonly code: number;
}

/** Leave the program. */
export const exitRunner: Runner<ExitEffect> = {
  kind: 'exit',
  run: ({ code }, { terminal }) => terminal.exit(code),
};

/** Give the mouse to the terminal, or take it again. */
export const mouseRunner: Runner = {
  kind: 'mouse',
  run: (_effect, { terminal }) => terminal.toggleMouse?.(),
};

/** Stop as Ctrl-Z does, and come back when continued. */
export const suspendRunner: Runner = {
  kind: 'suspend',
  run: (_effect, { terminal }) => terminal.suspend(),
};

/** Forget what is not saved: the user leaves without it. */
export const giveUpRunner: Runner = {
  kind: 'give-up',
  run: (_effect, { sessions }) => sessions.giveUp(),
};

/** Draw the screen anew. */
export const redrawRunner: Runner = {
  kind: 'redraw',
  run: (_effect, { terminal }) => terminal.redraw(),
};
