import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../input/index.ts';
import { makePrivateFolder, nameOf } from './place.ts';

/** How many things that were opened are remembered; the longest unopened go first. */
const KEPT = 50;

/** What is remembered of what was opened: plain data, one file each, whole or not at all. */
export interface Memory {
  /** What was remembered; `null` for nothing, or nothing that can be read. */
  recall(identity: string): unknown;
  /** Remember in place of what was. It does not throw: remembering is a comfort. */
  remember(identity: string, value: unknown): void;
}

/** A memory in a folder. With `fresh` nothing is recalled, but the next run will. */
export function createMemory(folder: string, fresh = false): Memory {
  const fileOf = (identity: string): string => join(folder, `${nameOf(identity)}.json`);
  return {
    recall: (identity) => {
      if (fresh) return null;
      try {
        const saved: unknown = JSON.parse(readFileSync(fileOf(identity), 'utf8'));
        const { identity: of, value } = saved as { identity?: unknown; value?: unknown };
        return of === identity ? value : null;
      } catch {
        return null;
      }
    },
    remember: (identity, value) => {
      try {
        if (!makePrivateFolder(folder)) return;
        writeFileAtomic(fileOf(identity), `${JSON.stringify({ identity, value })}\n`);
        prune(folder);
      } catch {
        // A full disk, a folder of somebody else: the next run begins at the beginning.
      }
    },
  };
}

function prune(folder: string): void {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  if (files.length <= KEPT) return;
  const ages = files.map((name) => {
    const path = join(folder, name);
    return { path, time: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
  });
  ages.sort((a, b) => b.time - a.time);
  for (const { path } of ages.slice(KEPT)) rmSync(path, { force: true });
}
