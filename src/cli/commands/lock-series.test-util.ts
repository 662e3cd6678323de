import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';

const OPEN = /^#\s*ifdef CONFIG_PER_VMA_LOCK$/;
/** Headers and code the lock is defined in. */
const FILES = [
  'include/linux/mm.h',
  'include/linux/mm_types.h',
  'include/linux/mmap_lock.h',
  'mm/memory.c',
  'kernel/fork.c',
];

/** The text without questions after the option: what is there with it stays. */
function everywhere(text: string): string {
  const open: string[] = [];
  return text
    .split('\n')
    .filter((line) => {
      const word = /^\s*#\s*(if|else|elif|endif)/.exec(line)?.[1];
      const own = open.at(-1) !== 'other' && open.length > 0;
      if (word === 'if') open.push(OPEN.test(line) ? 'kept' : 'other');
      else if (word === 'else' && own) open[open.length - 1] = 'dropped';
      else if (word === 'endif') open.pop();
      const mark = OPEN.test(line) || (own && (word === 'else' || word === 'endif'));
      return !mark && !open.includes('dropped');
    })
    .join('\n');
}

/** Edits of a file of the tree: what becomes of its text. */
export type Edits = Readonly<Record<string, (text: string) => string>>;

/** A series in the spirit of the one that gave every build the lock, made from Linux 6.12 itself. */
export const LOCK_EVERYWHERE: Edits = {
  ...Object.fromEntries(FILES.map((path) => [path, everywhere])),
  'mm/Kconfig': (text) => text.replace(/^config PER_VMA_LOCK\n(?:[\t ].*\n|\n)*/m, ''),
};

/** The path of a patch that makes these edits of a tree; it is gone when the test is done. */
export function patchOf(root: string, edits: Edits): string {
  const folder = mkdtempSync(join(tmpdir(), 'kmatrix-series-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const change = (path: string, edit: (text: string) => string): void => {
    for (const side of ['a', 'b']) {
      mkdirSync(dirname(join(folder, side, path)), { recursive: true });
      cpSync(join(root, path), join(folder, side, path));
    }
    const text = readFileSync(join(root, path), 'latin1');
    const edited = edit(text);
    expect(edited).not.toBe(text);
    writeFileSync(join(folder, 'b', path), edited, 'latin1');
  };
  for (const [path, edit] of Object.entries(edits)) change(path, edit);
  let diff = '';
  try {
    execFileSync('git', ['diff', '--no-index', '--no-prefix', 'a', 'b'], {
      cwd: folder,
      stdio: 'pipe',
    });
  } catch (error) {
    diff = (error as { stdout: Buffer }).stdout.toString('latin1');
  }
  const path = join(folder, 'series.patch');
  writeFileSync(path, diff, 'latin1');
  return path;
}
