import { formatDiagnostic } from '../input/index.ts';
import { runInThread } from '../matrix/index.ts';
import type { RunService } from '../tui/index.ts';
import type { Context } from './command.ts';
import { answersTo, forReport, shippedQuestions } from './commands/verify/answers.ts';
import { kernelsOf } from './commands/verify/kernel-of.ts';
import { loadMatrix, runRequestOf } from './matrix-options.ts';

/**
 * Running a matrix for the terminal UI, as the options of the command line say. All runs end with `ended`;
 * what is remarked on the matrix goes to `warn`.
 */
export function runServiceOf(
  context: Context,
  ended: AbortSignal,
  warn: (text: string) => void,
): RunService {
  const until = (signal: AbortSignal): AbortSignal =>
    AbortSignal.any([signal, ended, context.signal]);
  return {
    matrix: () => runRequestOf(context, loadMatrix(context.args.positionals[0], context)).matrix,
    run: ({ matrix, ...wanted }, onEvent, signal) =>
      runInThread(
        { ...runRequestOf(context, matrix), ...wanted },
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
          onProgress,
        ),
      ),
  };
}
