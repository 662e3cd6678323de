import { formatDiagnostic } from '../input/index.ts';
import { type MatrixFile, runInThreads } from '../matrix/index.ts';
import type { AddedCells, RunService } from '../tui/index.ts';
import { addedCells, withAdded } from './added-cells.ts';
import type { Context } from './command.ts';
import { answersTo, forReport, shippedQuestions, verdictCache } from './commands/verify/answers.ts';
import { kernelsOf } from './commands/verify/kernel-of.ts';
import { loadMatrix, runRequestOf } from './matrix-options.ts';
import { uiThreads } from './ui-threads.ts';

/**
 * Running a matrix for the terminal UI, as the options of the command line say. All runs end with `ended`;
 * what is remarked on the matrix goes to `warn`.
 */
export function runServiceOf(
  context: Context,
  ended: AbortSignal,
  warn: (text: string) => void,
): RunService & { readonly added: AddedCells } {
  const until = (signal: AbortSignal): AbortSignal =>
    AbortSignal.any([signal, ended, context.signal]);
  const load = (): MatrixFile => loadMatrix(context.args.positionals[0], context);
  // Not before the first frame: it reads the matrix.
  let kept: AddedCells | undefined;
  const ofMatrix = (): AddedCells => (kept ??= addedCells(load().path, context));
  const added: AddedCells = {
    list: () => ofMatrix().list(),
    put: (cells) => ofMatrix().put(cells),
  };
  return {
    added,
    matrix: () => runRequestOf(context, withAdded(load(), added.list())).matrix,
    run: ({ matrix, ...wanted }, onEvent, signal) =>
      runInThreads(
        { jobs: uiThreads(), ...runRequestOf(context, matrix), ...wanted },
        {
          signal: until(signal),
          onEvent: (event) => {
            if (event.type === 'warning') warn(formatDiagnostic(event.warning));
            else onEvent(event);
          },
        },
      ),
    verify: async (onProgress, signal) =>
      forReport(
        await answersTo(
          shippedQuestions(),
          kernelsOf(),
          { ...context, signal: until(signal) },
          { onProgress, cache: verdictCache(context), jobs: uiThreads() },
        ),
      ),
  };
}
