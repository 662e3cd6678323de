import { buildReport } from '../../report/index.ts';
import { cellConfig } from '../cell-config.ts';
import type { Command, Context } from '../command.ts';
import { browseConfig } from '../config-browser.ts';
import { hasTerminal } from '../has-terminal.ts';
import { loadMatrix, runWatched } from '../matrix-options.ts';
import { writeRemark } from '../output.ts';
import { tuiOptions, tuiSettings } from '../tui-options.ts';
import { runCommand } from './run.ts';

/**
 * `kmatrix` alone: the terminal UI on the default matrix, its report where there is no terminal. With `--tree` it begins
 * with the configuration of that tree.
 */
export const browseCommand: Command = {
  ...runCommand,
  usage: '[OPTIONS]',
  arity: [0, 0],
  options: { ...runCommand.options, ...tuiOptions },
  run: async (context) => {
    if (!wantsTui(context)) return runCommand.run(context);
    return context.args.has('tree') ? browseConfig(context) : browse(context);
  },
};

function wantsTui({ io, args }: Context): boolean {
  return hasTerminal(io) && !args.has('format') && !args.has('out');
}

async function browse(context: Context): Promise<number> {
  const { io, signal } = context;
  const { openedReport, runTui } = await import('../../tui/index.ts');
  const warnings: string[] = [];
  const code = await runTui({
    ...tuiSettings(context),
    signal,
    title: 'kmatrix',
    services: {
      cellConfig: async (cell) => cellConfig(cell, loadMatrix(undefined, context), context),
    },
    load: async (progress, left) => {
      const matrix = loadMatrix(undefined, context);
      const result = await runWatched(context, matrix, {
        signal: AbortSignal.any([signal, left]),
        onProgress: (done, total) => progress({ done, total, label: matrix.name }),
        onWarning: (text) => warnings.push(text),
      });
      return openedReport(buildReport(result));
    },
  });
  // Not before: the screen belongs to the UI while it runs.
  for (const warning of warnings) writeRemark(io, warning);
  return code;
}
