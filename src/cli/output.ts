import { inert, writeFileAtomic } from '../input/index.ts';
import type { Context } from './command.ts';
import { userPath } from './paths.ts';

/** Write what a command was asked for: to `--out FILE` as a whole, or to standard output. */
export function writeResult({ io, args }: Context, text: string): void {
  const out = args.text('out');
  if (out === undefined || out === '-') io.stdout.write(text);
  else writeFileAtomic(userPath(out, io), text);
}

/** Remarks for people: every line made inert, for file names and symbols in them are not ours. */
export function writeRemark({ stderr }: Context['io'], text: string): void {
  const safe = text
    .split('\n')
    .map((line) => line.split('\t').map(inert).join('\t'))
    .join('\n');
  stderr.write(`${safe}\n`);
}

/** `--out` as every command that writes has it. */
export const outOption = {
  out: {
    type: 'string',
    value: 'FILE',
    description: 'Write to FILE, as a whole or not at all, instead of standard output.',
  },
} as const;
