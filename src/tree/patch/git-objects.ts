import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inflateSync } from 'node:zlib';
import { FileReader, MAX_FILE_BYTES } from '../scan/read-file.ts';
import { GitPack } from './git-pack.ts';

/** How many repositories may lend objects to each other. */
const LENDERS = 10;

/**
 * Files' contents kept in the git repository of a tree, found by their ids. They are read from its files; git is not
 * run, for a repository can tell it to run other programs.
 */
export class GitObjects {
  readonly #folders: readonly string[];
  #packs: readonly GitPack[] | undefined;

  /** `root` is the top of a checkout; of what is none there are no objects. */
  constructor(root: string) {
    const folder = objectsOf(join(root, '.git'));
    this.#folders = folder === undefined ? [] : withLenders(folder);
  }

  /** The one content whose id begins so (at least 4 hex digits); undefined if there is none, or several. */
  blob(prefix: string): Buffer | undefined {
    if (!/^[0-9a-f]{4,40}$/.test(prefix)) return undefined;
    const found = new Map<string, Buffer>();
    for (const [id, read] of this.#candidates(prefix)) {
      const bytes = found.has(id) ? undefined : attempt(read);
      if (bytes && blobId(bytes) === id) found.set(id, bytes);
    }
    return found.size === 1 ? [...found.values()][0] : undefined;
  }

  *#candidates(prefix: string): Iterable<[id: string, read: () => Buffer | undefined]> {
    const [head, rest] = [prefix.slice(0, 2), prefix.slice(2)];
    for (const folder of this.#folders) {
      for (const name of attempt(() => readdirSync(join(folder, head))) ?? []) {
        if (name.startsWith(rest)) yield [head + name, () => loose(join(folder, head, name))];
      }
    }
    this.#packs ??= this.#folders.flatMap((folder) =>
      (attempt(() => readdirSync(join(folder, 'pack'))) ?? [])
        .filter((name) => name.endsWith('.idx'))
        .map((name) => new GitPack(join(folder, 'pack', name), MAX_FILE_BYTES)),
    );
    for (const pack of this.#packs) {
      for (const { id, offset } of attempt(() => pack.find(prefix)) ?? []) {
        yield [id, () => pack.blob(offset)];
      }
    }
  }
}

/** The id git gives a content. */
export function blobId(bytes: Buffer): string {
  // Loaded where there is something to hash, which is seldom.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

function loose(path: string): Buffer | undefined {
  const bytes = inflateSync(bytesOf(path), { maxOutputLength: MAX_FILE_BYTES });
  const end = bytes.indexOf(0);
  return /^blob \d+$/.test(bytes.toString('latin1', 0, end)) ? bytes.subarray(end + 1) : undefined;
}

/** The folder of objects of a repository; of a worktree that of its main one. */
function objectsOf(git: string): string | undefined {
  if (statSync(git, { throwIfNoEntry: false })?.isDirectory()) return join(git, 'objects');
  const own = /^gitdir: (.*)$/m.exec(attempt(() => bytesOf(git).toString()) ?? '')?.[1];
  if (own === undefined) return undefined;
  const folder = resolve(git, '..', own);
  const common = attempt(() => bytesOf(join(folder, 'commondir')).toString().trim()) ?? '.';
  return join(resolve(folder, common), 'objects');
}

/** With the folders of repositories that lend it objects. */
function withLenders(folder: string): string[] {
  const found = [folder];
  for (let at = 0; at < found.length && found.length < LENDERS; at++) {
    const lenders = attempt(() => bytesOf(join(found[at]!, 'info', 'alternates')).toString());
    for (const line of lenders?.split('\n') ?? []) {
      const path = resolve(found[at]!, line);
      if (line !== '' && !line.startsWith('#') && !found.includes(path)) found.push(path);
    }
  }
  return found;
}

/** A repository may be hostile as well: what is no file is not waited for. */
function bytesOf(path: string): Buffer {
  const bytes = new FileReader().read(path);
  if (typeof bytes === 'string') throw new Error(bytes);
  return bytes;
}

/** What cannot be read, or is damaged, is not there. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
