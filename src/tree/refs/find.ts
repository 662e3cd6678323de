import { formulaText } from '../condition/formula.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { type DanglingOptions, danglingReferences } from './dangling.ts';
import { Decider, type State } from './decide.ts';
import type { Reference } from './reference.ts';
import { referencesOf } from './references.ts';

/** A reference as it is reported. */
export interface FoundReference {
  readonly file: string;
  readonly line: number;
  readonly kind: string;
  /** The function, type, variable, macro or Kconfig entry around it; null at file scope. */
  readonly in: string | null;
  /** What it takes to reach it: `always`, `MMU!=n && PER_VMA_LOCK`. */
  readonly condition: string;
  readonly state: State;
  /** Present where the state could not be decided. */
  readonly undecided?: true;
}

/** References of one option. */
export interface SymbolReferences {
  readonly symbol: string;
  readonly references: readonly FoundReference[];
}

/** Every reference of an option with its state, by file and line. */
export function findReferences(tree: SourceTree, symbol: string): SymbolReferences {
  const decider = new Decider(tree);
  const references = referencesOf(tree, symbol).map((one) =>
    found(one, decider.decide(symbol, one)),
  );
  return { symbol, references };
}

/** Every option that is mentioned and that no Kconfig file defines, with its references, by name. */
export async function findDangling(
  tree: SourceTree,
  options: DanglingOptions = {},
): Promise<SymbolReferences[]> {
  const list = await danglingReferences(tree, options);
  return list.map(({ symbol, references }) => ({
    symbol,
    references: references.map((one) => found(one, { state: 'dangling', undecided: false })),
  }));
}

function found(
  { file, line, kind, in: inside, reached }: Reference,
  { state, undecided }: { state: State; undecided: boolean },
): FoundReference {
  return {
    file,
    line,
    kind,
    in: inside ?? null,
    condition: formulaText(reached),
    state,
    ...(undecided && { undecided: true }),
  };
}
