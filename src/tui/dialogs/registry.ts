import { choiceModule } from './choice.ts';
import { confirmModule } from './confirm.ts';
import type { Dialog } from './dialog.ts';
import type { DialogModule } from './module.ts';
import { promptModule } from './prompt.ts';

/** Every kind of dialog. */
export const DIALOGS: readonly DialogModule[] = [promptModule, choiceModule, confirmModule];

/** The module of a dialog. */
export function dialogModule({ kind }: Dialog): DialogModule {
  return DIALOGS.find((module) => module.kind === kind)!;
}
