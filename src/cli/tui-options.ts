import type { ThemeName, TuiOptions } from '../tui/index.ts';
import type { Context, OptionSpec } from './command.ts';
import { hasTerminal } from './has-terminal.ts';
import { writeRemark } from './output.ts';

/** How the terminal UI looks and behaves; a report does not mind. */
export const tuiOptions = {
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
} as const satisfies Record<string, OptionSpec>;

/** What a command line says of the look, and the terminal it is for. */
export function tuiSettings({
  io,
  args,
}: Pick<Context, 'io' | 'args'>): Omit<TuiOptions, 'title' | 'load' | 'services'> {
  const theme = args.text('theme');
  return {
    noMouse: args.has('no-mouse'),
    fresh: args.has('fresh'),
    ...(args.has('ascii') && { ascii: true }),
    ...(args.has('screen-reader') && { reader: true }),
    ...(theme !== undefined && { theme: theme as ThemeName }),
    remark: (text) => writeRemark(io, text),
    env: io.env as NodeJS.ProcessEnv,
    stdin: io.stdin as NodeJS.ReadStream,
    stdout: io.stdout as NodeJS.WriteStream,
  };
}

/** Is there a terminal for it, and was nothing asked for that is not for a terminal. */
export function wantsTui({ io, args }: Pick<Context, 'io' | 'args'>): boolean {
  return hasTerminal(io) && !args.has('format') && !args.has('out');
}
