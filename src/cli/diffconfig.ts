import { existsSync } from 'node:fs';
import { inert, inputError, readText } from '../input/index.ts';
import { diffconfig } from '../report/index.ts';
import type { Context } from './command.ts';
import { exit } from './io.ts';
import { writeResult } from './output.ts';
import { userPath } from './paths.ts';

/** What differs between two `.config` files, in the format of the kernel's `scripts/diffconfig`; the exit code. */
export function diffconfigOf(context: Context): number {
  const { args, io } = context;
  const [left, right] = args.positionals.map((file) => {
    const path = userPath(file, io);
    if (!existsSync(path))
      throw inputError(
        'usage',
        `${file} is no file, and --format diffconfig compares two .config files`,
        undefined,
        'write one: kmatrix resolve --set SMP=n --out up.config',
      );
    return { name: file, text: readText(path, '.config file') };
  });
  if (!left || !right) throw new Error('diff takes two arguments');
  const text = diffconfig(left, right, { merge: args.has('merge') });
  // Scripts get the files' own bytes; a terminal would act on some of them.
  const toTerminal = io.stdout.isTTY === true && (args.text('out') ?? '-') === '-';
  writeResult(context, toTerminal ? text.split('\n').map(inert).join('\n') : text);
  return args.has('exit-code') && text !== '' ? exit.no : exit.done;
}
