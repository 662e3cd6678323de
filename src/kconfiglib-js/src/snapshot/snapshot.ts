import type { TreeColumns } from '../menu/columns.ts';
import { Kconfig } from '../menu/kconfig.ts';
import type { ParseOptions } from '../parse/parse.ts';
import type { Shell, ShellRequest } from '../preprocess/shell.ts';
import { type Column, packSnapshot, packText } from './container.ts';
import { engineMark } from './engine.ts';
import { markFiles, settled } from './file-marks.ts';
import { type FoundSnapshot, findSnapshot } from './find.ts';
import {
  nameOf,
  type Origin,
  SEPARATOR,
  type SnapshotOptions,
  type SnapshotPlace,
  type Summary,
} from './origin.ts';
import { keep } from './place.ts';
import { packProgram } from './program.ts';
import { packTree, unpackTree } from './tree.ts';

/** The tree from its snapshot, see `findSnapshot`. Its diagnostics are for the caller to print. */
export function openSnapshot(
  file: string,
  options: SnapshotOptions,
  place: SnapshotPlace,
): Kconfig | undefined {
  const found = findSnapshot(file, options, place);
  return found && treeOf(found, place.whole);
}

/**
 * The tree of a snapshot that was found. `whole`: all of it is needed, so that it is undefined if any of it is damaged; else
 * that is an error when it is asked for.
 */
export function treeOf(found: FoundSnapshot, whole = false): Kconfig | undefined {
  const { program: draft, hashOrder, summary } = found;
  let columns: TreeColumns | undefined;
  const unpack = (): TreeColumns => {
    columns ??= unpackTree(found.readTree(), draft.store, found.files());
    return columns;
  };
  try {
    if (whole) unpack();
  } catch {
    return undefined;
  }
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
      return found.files();
    },
    diagnostics,
    unanswered,
  });
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
