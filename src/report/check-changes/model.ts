import type { Api, ApiCell, CheckedFile } from '../../tree/index.ts';
import { type CheckReport, type Finding, findingsOf } from '../check/model.ts';

/** A configuration before and after; why Kconfig rejects it there, null where it does not. */
export interface ChangedCheckCell {
  readonly id: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** An API in one configuration on one side; null where Kconfig rejects it, or the file does not take the API. */
export interface ApiPair {
  readonly before: ApiCell | null;
  readonly after: ApiCell | null;
}

/** An API of a file before and after. */
export interface ApiChange extends Pick<Api, 'name' | 'kind' | 'file' | 'line'> {
  /** For each configuration, in order. */
  readonly cells: readonly ApiPair[];
}

/** A file that was checked on both sides; null on the one where there is no such file. */
export interface FileChange {
  readonly file: string;
  readonly before: CheckedFile | null;
  readonly after: CheckedFile | null;
}

/** What source files take from two trees: with patches and without, or of two versions. */
export interface CheckChanges {
  /** What the sides are called. */
  readonly trees: { readonly before: string; readonly after: string };
  readonly cells: readonly ChangedCheckCell[];
  readonly files: readonly FileChange[];
}

export type Side = 'before' | 'after';

/** One side as a check of its own. */
export function sideReport({ trees, cells, files }: CheckChanges, side: Side): CheckReport {
  return {
    tree: trees[side],
    cells: cells.map((cell) => ({ id: cell.id, rejected: cell[side] })),
    files: files.flatMap((file) => file[side] ?? []),
  };
}

/** The APIs of a file, those of both sides once, in the order of a check: that of the right side, what is gone in between. */
export function apiChanges(
  { before, after }: FileChange,
  cells: readonly ChangedCheckCell[],
): ApiChange[] {
  const [was, is] = [before?.apis ?? [], after?.apis ?? []].map(
    (apis) => new Map(apis.map((api) => [keyOf(api), api])),
  ) as [Map<string, Api>, Map<string, Api>];
  return inOneOrder(before?.apis ?? [], after?.apis ?? []).map((key) => {
    const pair = { before: was.get(key), after: is.get(key) };
    const { name, kind, file, line } = (pair.after ?? pair.before) as Api;
    // The cells of an API stand for those configurations that its side does not reject.
    const at = { before: 0, after: 0 };
    const next = (cell: ChangedCheckCell, side: Side): ApiCell | null =>
      cell[side] === null ? (pair[side]?.cells[at[side]++] ?? null) : null;
    return {
      name,
      kind,
      file,
      line,
      cells: cells.map((cell) => ({ before: next(cell, 'before'), after: next(cell, 'after') })),
    };
  });
}

function keyOf({ kind, name }: Pick<Api, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

/** Both lists are sorted alike: what is only on the left comes before what follows it there. */
function inOneOrder(before: readonly Api[], after: readonly Api[]): string[] {
  const there = new Set(after.map(keyOf));
  const gone = new Map<string | undefined, string[]>();
  let pending: string[] = [];
  for (const key of before.map(keyOf)) {
    if (!there.has(key)) pending.push(key);
    else {
      gone.set(key, [...(gone.get(key) ?? []), ...pending]);
      pending = [];
    }
  }
  return [...after.map(keyOf).flatMap((key) => [...(gone.get(key) ?? []), key]), ...pending];
}

/** Is an API another in a configuration that both sides have. Where the file uses it, and where it is declared, does not count. */
export function isOther({ before, after }: ApiPair): boolean {
  if (!before || !after) return before !== after;
  return (['state', 'breaks', 'stub', 'signature'] as const).some(
    (key) => before[key] !== after[key],
  );
}

/** Is an API worth a row: another in a configuration that neither side rejects. */
export function isChanged({ cells }: ApiChange, all: readonly ChangedCheckCell[]): boolean {
  return cells.some((pair, i) => isOnBoth(all[i] as ChangedCheckCell) && isOther(pair));
}

export function isOnBoth({ before, after }: ChangedCheckCell): boolean {
  return before === null && after === null;
}

/** Does an API break a file in a configuration in which it did not break it before. */
export function breaksNow({ before, after }: ApiPair): boolean {
  return after?.breaks === true && before?.breaks !== true;
}

/** Is there an API that breaks a file where it did not before. */
export function anyBreaks({ cells, files }: CheckChanges): boolean {
  return files.some((file) =>
    apiChanges(file, cells).some((api) => api.cells.some((pair) => breaksNow(pair))),
  );
}

/** A finding, and how it stands to those of the other side. */
export interface ComparedFinding extends Finding {
  readonly baseline: 'new' | 'unchanged' | 'updated' | 'absent';
}

/**
 * The findings of the right side, and those of the left one that are gone (`absent`). They are the same if they say the
 * same of the same API, wherever the lines have moved to, and `updated` if they do so in other configurations.
 */
export function comparedFindings(changes: CheckChanges): ComparedFinding[] {
  const [was, is] = (['before', 'after'] as const).map((side) =>
    findingsOf(sideReport(changes, side)),
  ) as [Finding[], Finding[]];
  const cellsOf = new Map<string, Set<string>>();
  for (const one of was) {
    const key = sayingOf(one);
    cellsOf.set(key, new Set([...(cellsOf.get(key) ?? []), ...one.cells]));
  }
  const left = new Set(was.map(sayingOf));
  const now = is.map((one): ComparedFinding => {
    const known = cellsOf.get(sayingOf(one));
    left.delete(sayingOf(one));
    const same = known?.size === one.cells.length && one.cells.every((id) => known.has(id));
    return { ...one, baseline: !known ? 'new' : same ? 'unchanged' : 'updated' };
  });
  const gone = was.filter((one) => left.has(sayingOf(one)));
  return [...now, ...gone.map((one): ComparedFinding => ({ ...one, baseline: 'absent' }))];
}

function sayingOf({ file, api, cell }: Finding): string {
  return JSON.stringify([file, api.kind, api.name, cell.state, cell.stub, cell.reason]);
}

/** Everything, as it is exported. */
export function checkChangesDocument(changes: CheckChanges): object {
  const { trees, cells, files } = changes;
  const side = (file: CheckedFile | null): object | null =>
    file && { unread: file.unread, notes: file.notes };
  return {
    trees,
    cells,
    files: files.map((file) => {
      const apis = apiChanges(file, cells);
      return {
        file: file.file,
        breaksNow: apis.some((api) => api.cells.some(breaksNow)),
        before: side(file.before),
        after: side(file.after),
        apis: apis.map((api) => ({ ...api, changed: isChanged(api, cells) })),
      };
    }),
  };
}
