import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markFiles } from './file-marks.ts';

/** Folders with what decides how a tree is read and laid out. */
const PARTS = ['files', 'lex', 'preprocess', 'parse', 'expr', 'menu', 'eval', 'snapshot'];

/** What tells this build of the engine from another: the marks of its own files. */
export function engineMark(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  // Bundled, the engine is the files beside this one.
  const folders =
    basename(here) === 'snapshot' ? PARTS.map((part) => join(here, '..', part)) : [here];
  const files: string[] = [];
  for (const folder of folders) {
    for (const name of readdirSync(folder))
      if (/\.(?:cjs|js|ts)$/.test(name)) files.push(join(folder, name));
  }
  return `${here} ${markFiles(files).join(' ')}`;
}
