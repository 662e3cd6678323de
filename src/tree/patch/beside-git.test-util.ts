import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { folderOf } from '../testing/folder.test-util.ts';
import { blobId } from './git-objects.ts';
import { parsePatches } from './parse-patch.ts';
import { Preimages, threeWay } from './three-way.ts';

/** Run git in a folder, without anybody's settings. */
export function git(cwd: string, ...args: string[]): string {
  const env = { PATH: process.env.PATH, HOME: cwd, GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
    cwd,
    env,
    stdio: 'pipe',
    maxBuffer: 1 << 28,
  }).toString('latin1');
}

const names = Array.from({ length: 24 }, (_, i) => `line ${i}`);
const line = fc.oneof(
  { weight: 6, arbitrary: fc.nat(1e6).map((n) => `new ${n}`) },
  { weight: 1, arbitrary: fc.constantFrom('}', '', '\treturn 0;\r', 'line 3') },
);
const text = fc
  .record({
    lines: fc.array(
      fc.record({ keep: fc.nat(7), remove: fc.nat(2), add: fc.array(line, { maxLength: 2 }) }),
      { maxLength: 4 },
    ),
    end: fc.boolean(),
  })
  .map(({ lines, end }) => {
    const out: string[] = [];
    let at = 0;
    for (const { keep, remove, add } of lines) {
      out.push(...names.slice(at, at + keep), ...add);
      at += keep + remove;
    }
    return [...out, ...names.slice(at)].join('\n') + (end ? '\n' : '');
  });

/** What `git apply -3` and `threeWay` make of random edits of one text is the same; gives how many were clean and how many not. */
export function compareWithGit(
  numRuns: number,
  seed: number,
): { clean: number; conflicts: number } {
  const root = folderOf({});
  git(root, 'init', '-q');
  const base = `${names.join('\n')}\n`;
  writeFileSync(join(root, 'base'), base);
  git(root, 'hash-object', '-w', 'base');
  const counts = { clean: 0, conflicts: 0 };
  fc.assert(
    fc.property(text, text, (ours, theirs) => {
      fc.pre(theirs !== base);
      writeFileSync(join(root, 'theirs'), theirs);
      const diff = diffOf(root);
      writeFileSync(join(root, 'f'), ours);
      writeFileSync(join(root, 'p'), diff);
      git(root, 'add', 'f');
      let clean = true;
      try {
        git(root, 'apply', '-3', 'p');
      } catch {
        clean = false;
      }
      const made = readFileSync(join(root, 'f'), 'latin1');
      git(root, 'rm', '-q', '--cached', '-f', 'f');
      const [patch] = parsePatches(diff, 'p');
      const merged = threeWay(patch!.files[0]!, ours, new Preimages(root));
      // git ends the last line where it has to write a marker below it.
      if (clean) expect(merged?.text).toBe(made);
      else expect(merged?.text.trimEnd()).toBe(withOurs(made).trimEnd());
      expect(merged?.conflicts.length === 0).toBe(clean);
      counts[clean ? 'clean' : 'conflicts']++;
    }),
    { numRuns, seed },
  );
  rmSync(root, { recursive: true });
  return counts;
}

function diffOf(root: string): string {
  try {
    git(root, 'diff', '--no-index', 'base', 'theirs');
  } catch (error) {
    const diff = (error as { stdout: Buffer }).stdout.toString('latin1');
    expect(diff).toContain(blobId(readFileSync(join(root, 'base'))).slice(0, 7));
    return diff
      .replace(/^diff .*$/m, 'diff --git a/f b/f')
      .replace(/^--- .*$/m, '--- a/f')
      .replace(/^\+\+\+ .*$/m, '+++ b/f');
  }
  throw new Error('no difference');
}

/** The text with what the second side says in conflicts left out. */
function withOurs(made: string): string {
  let theirs = false;
  const kept = made.split('\n').filter((one) => {
    const marker = /^(?:<<<<<<< ours|=======|>>>>>>> theirs)\r?$/.test(one);
    if (marker) theirs = one.startsWith('=');
    return !marker && !theirs;
  });
  return kept.join('\n');
}
