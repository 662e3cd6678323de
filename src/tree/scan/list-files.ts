import { type Dirent, readdirSync } from 'node:fs';

/** Something of a tree that was left out, and why. */
export interface Skip {
  /** Path from the top of the tree. */
  readonly path: string;
  readonly reason: string;
}

/** What lies in one folder of a tree, by paths from the top. */
export interface Listing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/**
 * List the regular files and the folders in a folder of a tree ('' for its top), those of version control left out; or
 * the reason why it cannot be read, as a text. Symbolic links are not followed, so a loop of them is no danger; what
 * they point to is listed under its own name if it lies in the tree.
 */
export function listFolder(root: string, folder: string): Listing | string {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder === '' ? root : `${root}/${folder}`, { withFileTypes: true });
  } catch (error) {
    return errorText(error);
  }
  const files: string[] = [];
  const folders: string[] = [];
  const above = folder === '' ? '' : `${folder}/`;
  for (const entry of entries) {
    if (entry.name === '.git') continue;
    if (entry.isFile()) files.push(above + entry.name);
    else if (entry.isDirectory()) folders.push(above + entry.name);
  }
  return { files, folders };
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

/** The numbers of these texts, in the order of their bytes. */
export function orderByBytes(texts: readonly string[]): number[] {
  const order = texts.map((_, at) => at);
  return texts.some((text) => SURROGATE.test(text))
    ? order.sort((a, b) => byBytes(texts[a] as string, texts[b] as string))
    : order.sort((a, b) => ((texts[a] as string) < (texts[b] as string) ? -1 : 1));
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
      return 'a symbolic link, or a loop of them';
    default:
      return code === undefined ? message : code;
  }
}
