import type { Declaration } from '../source/declaration.ts';

/** What looks like a call of a name. */
export const CALL = /([A-Za-z_]\w*)\s*\(/g;

/** `guard(mmap_read_lock)(mm)` and `scoped_guard(mmap_read_lock, mm)` call what they name (include/linux/cleanup.h). */
const GUARD = /\b(?:guard\s*\(\s*(\w+)\s*\)\s*\(|scoped_(?:cond_)?guard\s*\(\s*(\w+)\s*,)/g;

/** A call with the last name of its first argument, and all that lead there. */
export interface Called {
  readonly name: string;
  readonly object: string;
  readonly path: readonly string[];
  readonly offset: number;
}

/** Calls within a function, with the last name of their first argument: `alloc->mm` and `mm` may be one object. */
export function callsOf(
  code: string,
  { bodyStart, bodyEnd }: Pick<Declaration, 'bodyStart' | 'bodyEnd'>,
): Called[] {
  const body = code.slice(bodyStart, bodyEnd);
  const called = [...body.matchAll(CALL), ...(body.includes('guard') ? body.matchAll(GUARD) : [])];
  return called.flatMap(({ 0: all, 1: name, 2: scoped, index }) => {
    const first = /^\s*&?\s*([\w.>-]*\w)\s*[,)]/.exec(body.slice(index + all.length))?.[1];
    const path = first?.split(/\W+/) ?? [];
    const object = path.at(-1);
    return object === undefined
      ? []
      : [{ name: (name ?? scoped) as string, object, path, offset: bodyStart + index }];
  });
}
