import { journalAppendRunner, journalClearRunner, journalDiscardRunner } from './journal.ts';
import { exitRunner, mouseRunner, redrawRunner, suspendRunner } from './program.ts';
import type { Runner } from './runner.ts';

/** Every kind of effect and who does it. */
export const RUNNERS: readonly Runner[] = [
  exitRunner,
  suspendRunner,
  redrawRunner,
  mouseRunner,
  journalAppendRunner,
  journalClearRunner,
  journalDiscardRunner,
];
