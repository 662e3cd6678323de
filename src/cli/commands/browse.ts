import { cellConfig } from '../cell-config.ts';
import type { Command, Context } from '../command.ts';
import { browseConfig } from '../config-browser.ts';
import { fileServiceOf } from '../file-service.ts';
import { writeRemark } from '../output.ts';
import { runServiceOf } from '../run-service.ts';
import { sideServiceOf } from '../side-service.ts';
import { tortureService } from '../torture-service.ts';
import { tuiOptions, tuiSettings, wantsTui } from '../tui-options.ts';
import { runCommand } from './run.ts';

/**
 * `kmatrix` alone: the terminal UI on the default matrix, its report where there is no terminal. With `--tree` it begins
 * with the configuration of that tree.
 */
export const browseCommand: Command = {
  ...runCommand,
  usage: '[OPTIONS]',
  arity: [0, 0],
  options: {
    ...runCommand.options,
    ...tuiOptions,
    jobs: {
      type: 'string',
      value: 'N',
      description:
        'Cells at a time. Default: one per processor, in the terminal UI no more than keep it below 250 MB.',
    },
  },
  run: async (context) => {
    if (!wantsTui(context)) return runCommand.run(context);
    return context.args.has('tree') ? browseConfig(context) : browse(context);
  },
};

async function browse(context: Context): Promise<number> {
  const { io, args } = context;
  io.keepHeapSmall?.();
  const { openedMatrix, runTui } = await import('../../tui/index.ts');
  const warnings = new Set<string>();
  const ended = new AbortController();
  const service = runServiceOf(context, ended.signal, (text) => warnings.add(text));
  try {
    return await runTui({
      ...tuiSettings(context),
      title: 'kmatrix',
      load: () => openedMatrix(service),
      signal: context.signal,
      services: {
        files: fileServiceOf(io),
        sides: sideServiceOf(context),
        torture: tortureService(io, args.has('no-cache')),
        cellConfig: async (cell) => cellConfig(cell, service.matrix(), context),
      },
    });
  } finally {
    ended.abort();
    // Not before: the screen belongs to the UI while it runs.
    for (const warning of warnings) writeRemark(io, warning);
  }
}
