import { CONFIG_RUNNERS } from './config.ts';
import { journalAppendRunner, journalClearRunner, journalDiscardRunner } from './journal.ts';
import { exitRunner, giveUpRunner, mouseRunner, redrawRunner, suspendRunner } from './program.ts';
import type { Runner } from './runner.ts';

/** Every kind of effect and who does it. */
export const RUNNERS: readonly Runner[] = [
  exitRunner,
  suspendRunner,
  redrawRunner,
  mouseRunner,
  giveUpRunner,
  journalAppendRunner,
  journalClearRunner,
  journalDiscardRunner,
  ...CONFIG_RUNNERS,
];
