import { existsSync } from 'node:fs';
import fastGlob from 'fast-glob';
import { inputError } from '../input/index.ts';
import type { Io } from './io.ts';
import { userPath } from './paths.ts';

/** The most files one pattern may name; more is a slip. */
const MOST = 100_000;

/**
 * The files that arguments name: each itself, or all that match it where it is a pattern that no shell replaced (`**`, a
 * quoted `*`), in name order. Every file once, named from where the user stands.
 *
 * @throws InputError for a pattern that nothing matches.
 */
export function filesNamed(args: readonly string[], io: Io): string[] {
  return [...new Set(args.flatMap((arg) => named(arg, io)))];
}

function named(arg: string, io: Io): string[] {
  // A file may be called like a pattern.
  if (!fastGlob.isDynamicPattern(arg) || existsSync(userPath(arg, io))) return [arg];
  const found = fastGlob.sync(arg, { cwd: io.cwd, dot: false, followSymbolicLinks: false });
  if (found.length === 0) throw inputError('not-found', `no file matches ${arg}`);
  if (found.length > MOST) throw inputError('usage', `${arg} matches ${found.length} files`);
  return found.sort();
}
