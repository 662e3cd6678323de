import { MAIL, type TextOptions } from '../report/index.ts';
import type { Context } from './command.ts';
import { type Io, wantsColour } from './io.ts';
import { version } from './version.ts';

export { formatOption } from './format-option.ts';

/** Width and colour for text that goes where the command writes to, or into a mail. */
export function textOptions({ io, args }: Context): TextOptions {
  if (args.text('format') === 'mail') return MAIL;
  const toFile = args.has('out') && args.text('out') !== '-';
  return toFile ? { width: 100, colour: false } : terminalOf(io);
}

function terminalOf(io: Io): { width: number; colour: boolean } {
  return { width: io.stdout.columns ?? 100, colour: wantsColour(io.stdout, io) };
}

/** What SARIF says of who wrote it, and from where. */
export function sarifWriter({ io }: Context): { version: string; cwd: string } {
  return { version: version(), cwd: io.cwd };
}
