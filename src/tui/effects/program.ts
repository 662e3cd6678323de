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

/** Stop as Ctrl-Z does, and come back when continued. */
export const suspendRunner: Runner = {
  kind: 'suspend',
  run: (_effect, { terminal }) => terminal.suspend(),
};

/** Draw the screen anew. */
export const redrawRunner: Runner = {
  kind: 'redraw',
  run: (_effect, { terminal }) => terminal.redraw(),
};
