import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Kconfig } from '../menu/kconfig.ts';
import type { ParseOptions } from '../parse/parse.ts';
import type { ShellRequest } from '../preprocess/shell.ts';
import { engineMark } from './engine.ts';
import { sameFiles } from './file-marks.ts';
import { shortHash } from './place.ts';

/** Options of `parse` a snapshot can stand in for. */
export type SnapshotOptions = Pick<
  ParseOptions,
  'env' | 'shell' | 'dialect' | 'searchPath' | 'onDiagnostic' | 'onRead'
>;

/** Where snapshots are kept, and what they depend on beyond what the tree asks for. */
export interface SnapshotPlace {
  directory: string;
  /** Directory that relative names are relative to. */
  cwd: string;
  /** Files that decide what the shell answers. With them, recorded answers hold and nothing is asked. */
  shellFiles?: readonly string[];
  /** The tree itself will be needed, not only what is laid out: a damaged one is to be found out now. */
  whole?: boolean;
  /** Asked before a snapshot is kept. */
  mayKeep?: (kconfig: Kconfig) => boolean;
}

/** What a snapshot was made from. All of it must be as it was. */
export interface Origin {
  engine: string;
  file: string;
  cwd: string;
  searchPath: readonly string[];
  dialect: string;
  env: Record<string, string | null>;
  shellFiles: readonly string[];
  asked: readonly { request: ShellRequest; answer: string | null }[];
}

/** What a snapshot knows without its columns. */
export interface Summary {
  mainmenu: string;
  env: readonly (readonly [string, string])[];
  diagnostics: readonly Diagnostic[];
  unanswered: readonly ShellRequest[];
}

/** Variables that most often decide between several trees of one place. */
const TELLING = ['ARCH', 'SRCARCH', 'srctree', 'CC'];

/** The name of the file a snapshot is kept in. */
export function nameOf(file: string, options: SnapshotOptions, place: SnapshotPlace): string {
  const { env = {}, dialect = '', searchPath = [] } = options;
  const parts = [
    file,
    place.cwd,
    dialect,
    ...searchPath,
    ...TELLING.map((name) => env[name] ?? ''),
  ];
  return `${shortHash(parts.join('\0'))}.tree`;
}

/** Between the names of files in a text: no name has it. */
export const SEPARATOR = '\0';

/** Is everything a snapshot was made from as it was. */
export function holds(
  origin: Origin,
  read: readonly string[],
  marks: Float64Array,
  file: string,
  options: SnapshotOptions,
  place: SnapshotPlace,
): boolean {
  const { env = {}, searchPath = [], shell } = options;
  const same = (a: readonly string[], b: readonly string[]): boolean =>
    a.length === b.length && a.every((text, i) => text === b[i]);
  if (origin.engine !== engineMark() || origin.file !== file || origin.cwd !== place.cwd)
    return false;
  if (origin.dialect !== (options.dialect ?? '') || !same(origin.searchPath, searchPath))
    return false;
  if (!same(origin.shellFiles, place.shellFiles ?? [])) return false;
  for (const [name, value] of Object.entries(origin.env))
    if ((env[name] ?? null) !== value) return false;
  if (!sameFiles(read, marks)) return false;
  if (origin.shellFiles.length > 0) return true;
  return origin.asked.every(
    ({ request, answer }) => (shell?.(request, { env, srctree: env.srctree }) ?? null) === answer,
  );
}
