import { buildReport } from '../../report/index.ts';
import type { ThemeName } from '../../tui/index.ts';
import type { Command, Context } from '../command.ts';
import { loadMatrix, runWatched } from '../matrix-options.ts';
import { writeRemark } from '../output.ts';
import { runCommand } from './run.ts';

/** How the terminal UI looks and behaves; a report does not mind. */
const tuiOptions: Command['options'] = {
  'no-mouse': { type: 'boolean', description: 'Terminal UI: leave the mouse to the terminal.' },
  fresh: {
    type: 'boolean',
    description: 'Terminal UI: begin at the beginning, not where it was left the last time.',
  },
  ascii: { type: 'boolean', description: 'Terminal UI: draw with ASCII characters only.' },
  theme: {
    type: 'string',
    choices: ['default', 'colour-blind', 'mono'] satisfies ThemeName[],
    description:
      'Terminal UI: default (the colours of the terminal), colour-blind (ones that stay apart with any ' +
      'colour vision) or mono.',
  },
  'screen-reader': {
    type: 'boolean',
    description:
      'Terminal UI: lines to be read out, with roles and states; also with INK_SCREEN_READER=true.',
  },
};

/** `kmatrix` alone: the terminal UI on the default matrix, its report where there is no terminal. */
export const browseCommand: Command = {
  ...runCommand,
  usage: '[OPTIONS]',
  arity: [0, 0],
  options: { ...runCommand.options, ...tuiOptions },
  run: async (context) => (wantsTui(context) ? browse(context) : runCommand.run(context)),
};

/**
 * Asked before the UI is loaded, for loading it costs more than a report from the cache. A UI without
 * keys, or on a terminal that cannot position text, would be one nobody can leave.
 */
function wantsTui({ io, args }: Context): boolean {
  const terminal = io.stdin.isTTY === true && io.stdout.isTTY === true && io.env.TERM !== 'dumb';
  return terminal && !args.has('format') && !args.has('out');
}

async function browse(context: Context): Promise<number> {
  const { io, args, signal } = context;
  const theme = args.text('theme');
  const { openedReport, runTui } = await import('../../tui/index.ts');
  const warnings: string[] = [];
  const code = await runTui({
    title: 'kmatrix',
    noMouse: args.has('no-mouse'),
    fresh: args.has('fresh'),
    ...(args.has('ascii') && { ascii: true }),
    ...(args.has('screen-reader') && { reader: true }),
    ...(theme !== undefined && { theme: theme as ThemeName }),
    remark: (text) => writeRemark(io, text),
    load: async (progress, left) => {
      const matrix = loadMatrix(undefined, context);
      const result = await runWatched(context, matrix, {
        signal: AbortSignal.any([signal, left]),
        onProgress: (done, total) => progress({ done, total, label: matrix.name }),
        onWarning: (text) => warnings.push(text),
      });
      return openedReport(buildReport(result));
    },
    signal,
    env: io.env,
    stdin: io.stdin as NodeJS.ReadStream,
    stdout: io.stdout as NodeJS.WriteStream,
  });
  // Not before: the screen belongs to the UI while it runs.
  for (const warning of warnings) writeRemark(io, warning);
  return code;
}
