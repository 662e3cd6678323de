import { ENTRY, type SystemCalls, systemCalls } from './system-calls.ts';

/** Something of a tree that was left out, and why. */
export interface Skip {
  /** Path from the top of the tree. */
  readonly path: string;
  readonly reason: string;
}

/** What lies in one folder of a tree. */
export interface Listing {
  /** Names. */
  readonly files: readonly string[];
  /** Paths from the top. */
  readonly folders: readonly string[];
  /** Paths of what is neither, nor a symbolic link. */
  readonly others: readonly string[];
}

/**
 * List the regular files and the folders in a folder of a tree ('' for its top), each sorted by their bytes, those of
 * version control left out; or the reason why it cannot be read, as a text. Symbolic links are not followed, so a loop of
 * them is no danger; what they point to is listed under its own name if it lies in the tree.
 */
export function listFolder(
  root: string,
  folder: string,
  calls: SystemCalls = systemCalls(),
): Listing | string {
  const files: string[] = [];
  const folders: string[] = [];
  const others: string[] = [];
  const above = folder === '' ? '' : `${folder}/`;
  try {
    const [names, kinds] = calls.list(folder === '' ? root : `${root}/${folder}`);
    for (let at = 0; at < names.length; at++) {
      const kind = kinds[at];
      if (names[at] === '.git') continue;
      if (kind === ENTRY.FILE) files.push(names[at] as string);
      else if (kind === ENTRY.FOLDER) folders.push(above + names[at]);
      else if (kind !== ENTRY.LINK) others.push(above + names[at]);
    }
  } catch (error) {
    return errorText(error);
  }
  return { files: inOrder(files), folders: inOrder(folders), others };
}

/** Most systems give names in this order, and most names are plain. */
function inOrder(texts: string[]): readonly string[] {
  if (SURROGATE.test(texts.join(''))) return texts.sort(byBytes);
  for (let at = 1; at < texts.length; at++) {
    if ((texts[at - 1] as string) > (texts[at] as string)) return texts.sort();
  }
  return texts;
}

/** Order by the bytes of UTF-8, which is the order of code points. */
export function byBytes(a: string, b: string): number {
  return isPlain(a) && isPlain(b) ? byUnits(a, b) : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The same for plain texts. */
export function byUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Have the code units of a text, and of all its parts, the order of its code points. */
export function isPlain(text: string): boolean {
  return !SURROGATE.test(text);
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
      return 'a symbolic link, or a loop of them';
    default:
      return code === undefined ? message : code;
  }
}
