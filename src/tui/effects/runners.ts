import { compareFilesRunner } from './compare-files.ts';
import { CONFIG_RUNNERS } from './config.ts';
import { exportRunner } from './export.ts';
import { journalAppendRunner, journalClearRunner, journalDiscardRunner } from './journal.ts';
import { exitRunner, giveUpRunner, mouseRunner, redrawRunner, suspendRunner } from './program.ts';
import { addCellRunner, removeCellRunner, runRunner, stopRunner, verifyRunner } from './run.ts';
import type { Runner } from './runner.ts';
import { tortureLookRunner, tortureRunRunner, tortureStopRunner } from './torture.ts';

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
  runRunner,
  verifyRunner,
  stopRunner,
  addCellRunner,
  removeCellRunner,
  exportRunner,
  compareFilesRunner,
  tortureLookRunner,
  tortureRunRunner,
  tortureStopRunner,
];
