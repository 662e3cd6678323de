import { changes } from '../patch/diff-lines.ts';
import { Lines } from '../source/lines.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { type DanglingOptions, danglingNames } from './dangling.ts';
import {
  type FoundReference,
  findDangling,
  findReferences,
  type SymbolReferences,
} from './find.ts';

/** References of an option after a change, with what became of those before. */
export interface ComparedReferences extends SymbolReferences {
  /** Does a Kconfig file define the option, before and after. */
  readonly defined: { readonly before: boolean; readonly after: boolean };
  readonly references: readonly ComparedReference[];
  /** References that are gone, as they were. */
  readonly removed: readonly FoundReference[];
}

export interface ComparedReference extends FoundReference {
  /** `added`, or `changed` in state or condition; absent where only lines moved. */
  readonly change?: 'added' | 'changed';
  /** What a changed one was. */
  readonly before?: Pick<FoundReference, 'line' | 'condition' | 'state'>;
}

/** References of one option before and after. */
export function compareReferences(
  before: SourceTree,
  after: SourceTree,
  symbol: string,
): ComparedReferences {
  return compared(before, after, findReferences(before, symbol), findReferences(after, symbol));
}

/** Options that are dangling before or after, where any of their references, or their definition, is different. */
export async function compareDangling(
  before: SourceTree,
  after: SourceTree,
  options: DanglingOptions = {},
): Promise<ComparedReferences[]> {
  const names = new Set([...danglingNames(before), ...danglingNames(after)]);
  const [was, is] = (await Promise.all(
    [before, after].map(
      async (tree) => new Map((await findDangling(tree, options)).map((one) => [one.symbol, one])),
    ),
  )) as [Map<string, SymbolReferences>, Map<string, SymbolReferences>];
  return [...names]
    .sort()
    .map((symbol) => {
      const none = { symbol, references: [] };
      return compared(before, after, was.get(symbol) ?? none, is.get(symbol) ?? none);
    })
    .filter(
      ({ removed, references }) => removed.length > 0 || references.some((one) => one.change),
    );
}

/** Options that Kconfig files define before and not after. */
export function removedOptions(before: SourceTree, after: SourceTree): string[] {
  return [...before.index.defined].filter((name) => !after.defines(name)).sort();
}

function compared(
  before: SourceTree,
  after: SourceTree,
  was: SymbolReferences,
  is: SymbolReferences,
): ComparedReferences {
  const { symbol } = is;
  const references: ComparedReference[] = [];
  const removed: FoundReference[] = [];
  const oldFiles = Map.groupBy(was.references, ({ file }) => file);
  const newFiles = Map.groupBy(is.references, ({ file }) => file);
  for (const file of new Set([...newFiles.keys(), ...oldFiles.keys()])) {
    const left = oldFiles.get(file) ?? [];
    const right = newFiles.get(file) ?? [];
    const partners = pairs(keysOf(before, file, left), keysOf(after, file, right));
    const kept = new Set(partners.values());
    for (const [i, one] of right.entries()) {
      const partner = partners.get(i);
      references.push(
        partner === undefined ? { ...one, change: 'added' } : changed(left[partner]!, one),
      );
    }
    removed.push(...left.filter((_, i) => !kept.has(i)));
  }
  const defined = { before: before.defines(symbol), after: after.defines(symbol) };
  return { symbol, defined, references, removed };
}

function changed(was: FoundReference, is: FoundReference): ComparedReference {
  if (was.state === is.state && was.condition === is.condition) return is;
  const { line, condition, state } = was;
  return { ...is, change: 'changed', before: { line, condition, state } };
}

/** What makes two references the same: kind, place and the text of the line. */
function keysOf(tree: SourceTree, file: string, list: readonly FoundReference[]): string[] {
  if (list.length === 0) return [];
  const lines = new Lines(tree.text(file) ?? '');
  return list.map((one) => `${one.kind}\0${one.in}\0${lines.line(one.line).trim()}`);
}

/** The longest common subsequence of two lists: index on the right to index on the left. */
function pairs(left: readonly string[], right: readonly string[]): Map<number, number> {
  const found = new Map<number, number>();
  const take = (from: number, to: number, start: number): void => {
    for (let i = from; i < to; i++) found.set(start + i - from, i);
  };
  let [at, other] = [0, 0];
  for (const { from, to, end } of changes(left, right)) {
    take(at, from, other);
    [at, other] = [to, end];
  }
  take(at, left.length, other);
  return found;
}
