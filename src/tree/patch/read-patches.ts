import { readdirSync, type Stats, statSync } from 'node:fs';
import { inputError, readBytes } from '../../input/index.ts';
import { errorText, sortByBytes } from '../scan/list-files.ts';
import { type Patch, parsePatches } from './parse-patch.ts';

/**
 * Read the patches of a file, or of a folder in the order of the names. Throws an InputError for what cannot be read,
 * and as `parsePatches` does.
 */
export function readPatches(path: string): Patch[] {
  return statOf(path)?.isDirectory() ? inFolder(path) : patchesOf(path);
}

function inFolder(folder: string): Patch[] {
  const names = namesIn(folder).filter((name) => /\.(?:patch|diff|mbox|eml)$/.test(name));
  // The letter in front of a series, as format-patch names it.
  const patches = names.filter((name) => !/^(?:v\d+-)?0000-/.test(name));
  if (patches.length === 0)
    throw inputError('no-patch', `${folder} holds no .patch, .diff or .mbox file`);
  return patches.flatMap((name) => {
    const path = `${folder}/${name}`;
    // A link to the folder itself would never end, nor would a pipe nobody writes to.
    if (statOf(path)?.isFile() === false) throw inputError('no-patch', `${path} is no file`);
    return patchesOf(path);
  });
}

/** A patch may hold any bytes. */
function patchesOf(path: string): Patch[] {
  return parsePatches(readBytes(path, 'patch').toString('latin1'), path);
}

function namesIn(folder: string): string[] {
  try {
    return sortByBytes(readdirSync(folder));
  } catch (error) {
    throw inputError('unreadable', `cannot read the folder ${folder}: ${errorText(error)}`);
  }
}

/** What cannot be looked at cannot be read, either: that is said then. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
