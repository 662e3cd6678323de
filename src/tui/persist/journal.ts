import { appendFileSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFolder, nameOf } from './place.ts';

/** Edits of a document that were not saved when the program that made them ended. */
export interface Unsaved {
  readonly document: string;
  /** What was appended, in order. */
  readonly entries: readonly unknown[];
  /** When the first was made, in milliseconds since 1970. */
  readonly since: number;
}

/**
 * Unsaved edits on disk, so that no crash, kill or closed terminal loses them. A document is whatever the
 * one who writes calls it, usually the path of a file. An entry is one line appended in one write: a
 * crash in the middle of it costs that entry, never those before.
 */
export interface Journal {
  /** Add an edit. It does not throw: a full disk must not stop the editing. */
  append(document: string, entry: unknown): void;
  /** Forget the edits of this program, when they are saved or undone. */
  clear(document: string): void;
  /** What programs that are no more have left of a document, the oldest first. */
  unsaved(document: string): readonly Unsaved[];
  /** Forget what those have left, when it is taken over or not wanted. */
  discard(document: string): void;
}

/** Journals in a folder. `alive` says whether a process still runs: its edits are its own. */
export function createJournal(
  folder: string,
  pid: number = process.pid,
  alive: (pid: number) => boolean = isAlive,
): Journal {
  const own = (document: string): string => join(folder, `${nameOf(document)}.${pid}.jsonl`);
  const begun = new Set<string>();
  const left = (document: string): string[] =>
    filesOf(folder, document)
      .filter((file) => file.pid !== pid && !alive(file.pid))
      .map((file) => join(folder, file.name));
  return {
    append: (document, entry) => {
      const path = own(document);
      try {
        if (!begun.has(path)) {
          if (!makePrivateFolder(folder)) return;
          prune(folder, (owner) => owner === pid || alive(owner));
          // A process before with the same number may have left one.
          rmSync(path, { force: true });
          write(path, { document, since: Date.now() });
          begun.add(path);
        }
        write(path, { entry });
      } catch {
        // Told by nobody: the edit itself is done, and saving will say what is wrong with the disk.
      }
    },
    clear: (document) => {
      rmSync(own(document), { force: true });
      begun.delete(own(document));
    },
    unsaved: (document) =>
      left(document)
        .flatMap((path) => readJournal(path, document))
        .sort((a, b) => a.since - b.since),
    discard: (document) => {
      for (const path of left(document)) rmSync(path, { force: true });
    },
  };
}

/** How long edits that nobody came back for are kept. */
const KEPT_DAYS = 90;

/** Journals of programs that are no more go where nothing was written to them, and when nobody has asked for long. */
function prune(folder: string, alive: (pid: number) => boolean): void {
  const oldest = Date.now() - KEPT_DAYS * 86_400_000;
  for (const name of readdirSync(folder)) {
    const [, pid, ending] = name.split('.');
    if (ending !== 'jsonl' || alive(Number(pid))) continue;
    const path = join(folder, name);
    const old = statSync(path).mtimeMs < oldest;
    if (old || readLines(path).length < 2) rmSync(path, { force: true });
  }
}

function write(path: string, line: unknown): void {
  appendFileSync(path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
}

function filesOf(folder: string, document: string): { name: string; pid: number }[] {
  const hash = nameOf(document);
  try {
    return readdirSync(folder).flatMap((name) => {
      const [prefix, pid, ending, ...rest] = name.split('.');
      const ours = prefix === hash && ending === 'jsonl' && rest.length === 0;
      return ours ? [{ name, pid: Number(pid) }] : [];
    });
  } catch {
    return [];
  }
}

function readJournal(path: string, document: string): Unsaved[] {
  const [header, ...lines] = readLines(path);
  const { document: named, since } = (header ?? {}) as { document?: unknown; since?: unknown };
  const entries = lines.map((line) => (line as { entry?: unknown }).entry);
  if (named !== document || typeof since !== 'number' || entries.length === 0) return [];
  return [{ document, entries, since }];
}

/** The lines that are whole; what follows a broken one is not to be trusted. */
function readLines(path: string): unknown[] {
  const values: unknown[] = [];
  try {
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      if (line !== '') values.push(JSON.parse(line));
    }
  } catch {
    // The line a crash cut off, or a file that went away.
  }
  return values;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
