import { type Dirent, readdirSync, statSync } from 'node:fs';
import glob from 'fast-glob';
import { inputError } from '../../input/index.ts';

/** Something of a tree that was left out, and why. */
export interface Skip {
  /** Path from the top of the tree. */
  readonly path: string;
  readonly reason: string;
}

/** The files of a tree, sorted by the bytes of their paths. */
export interface Listing {
  readonly files: readonly string[];
  readonly skipped: readonly Skip[];
}

/**
 * List the regular files below a folder, those of version control left out. Symbolic links are not followed, so a loop of
 * them is no danger; what they point to is listed under its own name if it lies in the tree. Folders that cannot be read
 * are skipped with the reason.
 */
export function listFiles(root: string): Listing {
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw inputError('not-found', `${root} is no folder: a source tree is wanted`);
  }
  const files: string[] = [];
  const skipped: Skip[] = [];
  walk(root, '', files, skipped);
  return { files: sortByBytes(files), skipped: skipped.sort((a, b) => byBytes(a.path, b.path)) };
}

/** List what lies below one folder of a tree, by paths from the top. */
function walk(root: string, folder: string, files: string[], skipped: Skip[]): void {
  const cwd = folder === '' ? root : `${root}/${folder}`;
  const at = (path: string): string => (folder === '' ? path : `${folder}/${path}`);
  const inner = (path: string): string => (path === cwd ? '' : path.slice(cwd.length + 1));
  const odd: string[] = [];
  const reading = (path: string, options: { withFileTypes: true }): Dirent[] => {
    try {
      const entries = readdirSync(path, options);
      // The patterns of fast-glob match no name with a line break.
      const usual = entries.filter(({ name }) => !/[\n\r\u2028\u2029]/.test(name));
      if (usual.length === entries.length) return entries;
      const above = inner(path) === '' ? '' : `${inner(path)}/`;
      for (const entry of entries) {
        if (usual.includes(entry)) continue;
        if (entry.isDirectory()) odd.push(at(`${above}${entry.name}`));
        else if (entry.isFile()) files.push(at(`${above}${entry.name}`));
      }
      return usual;
    } catch (error) {
      skipped.push({ path: at(inner(path)) || '.', reason: errorText(error) });
      return [];
    }
  };
  const found = glob.sync('**/*', {
    cwd,
    dot: true,
    ignore: ['**/.git'],
    followSymbolicLinks: false,
    unique: false,
    fs: { readdirSync: reading as unknown as typeof readdirSync },
  });
  for (const path of found) files.push(at(path));
  for (const one of odd) walk(root, one, files, skipped);
}

/** Order by the bytes of UTF-8, which is the order of code points. */
export function byBytes(a: string, b: string): number {
  if (SURROGATE.test(a) || SURROGATE.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Without these, code units have the order of code points. */
const SURROGATE = /[\ud800-\udfff]/;

/** Sort by the bytes of UTF-8. */
export function sortByBytes(texts: readonly string[]): string[] {
  return texts.some((text) => SURROGATE.test(text)) ? texts.toSorted(byBytes) : texts.toSorted();
}

/** What the system said, without the path. */
export function errorText(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'no permission';
    case 'ENOENT':
      return 'gone, or its name is not UTF-8';
    case 'ENAMETOOLONG':
      return 'its path is too long';
    case 'ELOOP':
      return 'a loop of symbolic links';
    default:
      return code === undefined ? message : code;
  }
}
