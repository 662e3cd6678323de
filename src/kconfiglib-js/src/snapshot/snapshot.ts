import { join } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { TreeColumns } from '../menu/columns.ts';
import { Kconfig } from '../menu/kconfig.ts';
import type { ParseOptions } from '../parse/parse.ts';
import type { Shell, ShellRequest } from '../preprocess/shell.ts';
import { type Column, openColumns, packSnapshot, packText } from './container.ts';
import { engineMark } from './engine.ts';
import { markFiles, sameFiles, settled } from './file-marks.ts';
import { keep, openOwn, shortHash } from './place.ts';
import { packProgram, unpackProgram } from './program.ts';
import { packTree, unpackTree } from './tree.ts';

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
interface Origin {
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
interface Summary {
  mainmenu: string;
  env: readonly (readonly [string, string])[];
  diagnostics: readonly Diagnostic[];
  unanswered: readonly ShellRequest[];
}

/** Variables that most often decide between several trees of one place. */
const TELLING = ['ARCH', 'SRCARCH', 'srctree', 'CC'];

function nameOf(file: string, options: SnapshotOptions, place: SnapshotPlace): string {
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

/**
 * The tree from its snapshot. Undefined if there is none, or if anything it was made from has changed: a file, a
 * variable, an answer of the shell, the engine. A damaged one counts as none. Its diagnostics are for the caller to print.
 */
export function openSnapshot(
  file: string,
  options: SnapshotOptions,
  place: SnapshotPlace,
): Kconfig | undefined {
  const own = openOwn(join(place.directory, nameOf(file, options, place)));
  if (!own) return undefined;
  try {
    const { hot, cold } = openColumns(own.readAt, own.size);
    const { origin, summary } = JSON.parse(hot.text()) as { origin: Origin; summary: Summary };
    const marks = hot.floats();
    const read = hot.text().split(SEPARATOR);
    const filesText = hot.laterText();
    if (!holds(origin, [...read, ...origin.shellFiles], marks, file, options, place)) {
      own.close();
      return undefined;
    }
    let columns: TreeColumns | undefined;
    const unpack = (): TreeColumns => {
      columns ??= unpackTree(cold(), draft.store, filesText().split(SEPARATOR));
      return columns;
    };
    const { program: draft, hashOrder } = unpackProgram(hot);
    if (place.whole) unpack();
    const { mainmenu, diagnostics, unanswered } = summary;
    return new Kconfig({
      get columns() {
        return unpack();
      },
      draft,
      hashOrder,
      env: new Map(summary.env),
      mainmenu,
      get files() {
        return filesText().split(SEPARATOR);
      },
      diagnostics,
      unanswered,
    });
  } catch {
    own.close();
    return undefined;
  }
}

/** Between the names of files in a text: no name has it. */
const SEPARATOR = '\0';

function holds(
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

/**
 * The names of files as seen from where the process works, if that is where the names are from: shorter ones are found
 * sooner, and all of them are looked for in every run.
 */
function namesFrom(directory: string, paths: ReadonlySet<string>): readonly string[] {
  if (directory !== process.cwd()) return [...paths];
  const within = `${directory}/`;
  const short = (path: string): string =>
    path.startsWith(within) && path[within.length] !== '/' ? path.slice(within.length) : path;
  return [...new Set([...paths].map(short))];
}

/** Reads a tree, as `parse` does. */
export type Parse = (file: string, options: ParseOptions) => Kconfig;

/** Read a tree and keep a snapshot of it. Where one cannot be kept the tree is read all the same. */
export function parseAndKeep(
  file: string,
  options: SnapshotOptions,
  place: SnapshotPlace,
  parse: Parse,
): Kconfig {
  const began = Date.now();
  const read = new Set<string>();
  const looked: Record<string, string | null> = Object.create(null);
  const asked: { request: ShellRequest; answer: string | null }[] = [];
  const env = new Proxy(options.env ?? {}, {
    get(target, name: string) {
      looked[name] = target[name] ?? null;
      return target[name];
    },
  });
  const shell: Shell = (request, context) => {
    const answer = options.shell?.(request, { ...context, env: options.env ?? {} });
    asked.push({ request, answer: answer ?? null });
    return answer;
  };
  const kconfig = parse(file, {
    ...options,
    env,
    shell,
    onRead: (path) => {
      read.add(path);
      options.onRead?.(path);
    },
  });
  const shellFiles = place.shellFiles ?? [];
  const names = namesFrom(place.cwd, read);
  const marks = markFiles([...names, ...shellFiles]);
  if (!settled(marks, began) || place.mayKeep?.(kconfig) === false) return kconfig;
  if (kconfig.columns.classicChoices) return kconfig;
  const origin: Origin = {
    engine: engineMark(),
    file,
    cwd: place.cwd,
    searchPath: options.searchPath ?? [],
    dialect: options.dialect ?? '',
    env: looked,
    shellFiles,
    // Where files decide what the shell answers, nobody asks whether it still does.
    asked: shellFiles.length > 0 ? [] : asked,
  };
  const { mainmenu, files, diagnostics, unanswered } = kconfig;
  const summary: Summary = { mainmenu, diagnostics, unanswered, env: [...kconfig.env] };
  const hot: Column[] = [
    ...packText(JSON.stringify({ origin, summary })),
    marks,
    // Names that were looked for, found or not; and names of files, for whoever asks for them.
    ...packText(names.join(SEPARATOR)),
    ...packText(files.join(SEPARATOR)),
    ...packProgram(kconfig),
  ];
  const cold = packTree(kconfig.columns);
  keep(place.directory, nameOf(file, options, place), packSnapshot(hot, cold));
  return kconfig;
}
