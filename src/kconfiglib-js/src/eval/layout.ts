import { YES } from '../expr/store.ts';
import {
  choiceOf,
  type Node,
  nextNode,
  P,
  type Prop,
  type Sym,
  type Tree,
  TYPE,
} from '../menu/model.ts';
import { listTree } from './listing.ts';
import { type ChoiceProgram, Program, type Rows, type SymbolNames, TRAIT } from './program.ts';

/** Lay a finished tree out for evaluation. */
export function layOut(tree: Tree): Program {
  const { symbols } = tree;
  const n = symbols.length;
  const type = new Uint8Array(n);
  const traits = new Uint8Array(n);
  const dirDep = new Int32Array(n);
  const revDep = new Int32Array(n);
  const implied = new Int32Array(n);
  const choice = new Int32Array(n).fill(-1);
  const slot = new Int32Array(n).fill(-1);
  const choices: ChoiceProgram[] = [];
  const byNode = new Map<Node, number>();
  let slots = 0;
  for (let id = 0; id < n; id++) {
    const sym = symbols[id] as Sym;
    type[id] = sym.type;
    traits[id] = traitsOf(sym, tree.classicChoices);
    dirDep[id] = sym.dirDep;
    revDep[id] = sym.revDep;
    implied[id] = sym.implied;
    if (sym.type >= TYPE.INT) slot[id] = slots++;
    if (sym.isChoice) {
      const index = choices.push(choiceProgram(sym, tree.classicChoices)) - 1;
      for (const node of sym.nodes) byNode.set(node, index);
    }
  }
  for (let id = 0; id < n; id++) {
    const sym = symbols[id] as Sym;
    const node = sym.nodes.length > 0 && !sym.isChoice ? choiceOf(sym) : undefined;
    if (node) choice[id] = byNode.get(node) ?? -1;
  }
  // The constant y stands for the whole tree here.
  if (tree.classicChoices) traits[YES] = (traits[YES] as number) | TRAIT.CLASSIC;
  const [prompts, defaults, ranges] = tables(symbols);
  const { store, modulesId: modules } = tree;
  const names = new TreeNames(tree);
  const listing = listTree(tree);
  return new Program({
    store,
    type,
    dirDep,
    revDep,
    implied,
    prompts,
    defaults,
    ranges,
    choice,
    choices,
    traits,
    slot,
    slots,
    modules,
    names,
    listing,
    era: tree.era,
  });
}

function traitsOf(sym: Sym, classicChoices: boolean): number {
  let traits = 0;
  if (sym.inChoice) traits |= TRAIT.IN_CHOICE;
  if (sym.isChoice) traits |= TRAIT.CHOICE;
  if (sym.transitional) traits |= TRAIT.TRANSITIONAL;
  if (sym.constant) traits |= TRAIT.CONSTANT;
  if (sym.nodes.length > 0) traits |= TRAIT.DEFINED;
  if (classicChoices && (sym.isChoice || sym.inChoice)) traits |= TRAIT.CLASSIC;
  if (sym.bounce) traits |= TRAIT.BOUNCE;
  if (sym.allnoconfigY) traits |= TRAIT.ALLNOCONFIG_Y;
  return traits;
}

/** Names as the tree keeps them. */
class TreeNames implements SymbolNames {
  readonly #tree: Tree;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  nameOf(id: number): string {
    return this.#tree.symbols[id]?.name ?? '';
  }

  idOf(name: string): number {
    return this.#tree.names.get(name)?.id ?? -1;
  }

  idAt(text: string, start: number, end: number): number {
    return this.idOf(text.slice(start, end));
  }
}

function choiceProgram(sym: Sym, classic: boolean): ChoiceProgram {
  const members = sym.nodes.flatMap((node) => (node.members ?? []).map((member) => member.id));
  if (classic) return { id: sym.id, members, entries: members };
  const node = sym.nodes[0] as Node;
  const entries: number[] = [];
  for (let n = nextNode(node, node); n; n = nextNode(n, node)) if (n.sym) entries.push(n.sym.id);
  return { id: sym.id, members, entries };
}

/** Which table a kind of property belongs to: 1 prompts, 2 defaults, 3 ranges, 0 none. */
const TABLE = new Uint8Array(8);
TABLE[P.PROMPT] = TABLE[P.MENU] = 1;
TABLE[P.DEFAULT] = 2;
TABLE[P.RANGE] = 3;

/** Lay out the prompts, defaults and ranges of all symbols. */
function tables(symbols: readonly Sym[]): [Rows, Rows, Rows] {
  const counts = [0, 0, 0, 0];
  const starts = [1, 2, 3].map(() => new Int32Array(symbols.length + 1)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  for (let id = 0; id <= symbols.length; id++) {
    for (let table = 0; table < 3; table++)
      (starts[table] as Int32Array)[id] = counts[table + 1] as number;
    const props = symbols[id]?.props;
    if (!props) continue;
    for (let i = 0; i < props.length; i++) {
      const table = TABLE[(props[i] as Prop).kind] as number;
      counts[table] = (counts[table] as number) + 1;
    }
  }
  const made = starts.map((start, i): Rows => {
    const count = counts[i + 1] as number;
    return {
      start,
      cond: new Int32Array(count),
      a: new Int32Array(count),
      b: new Int32Array(count),
    };
  }) as [Rows, Rows, Rows];
  const at = [0, 0, 0, 0];
  for (let id = 0; id < symbols.length; id++) {
    const props = (symbols[id] as Sym).props;
    for (let i = 0; i < props.length; i++) {
      const prop = props[i] as Prop;
      const table = TABLE[prop.kind] as number;
      if (table === 0) continue;
      const { cond, a, b } = made[table - 1] as Rows;
      const row = at[table] as number;
      at[table] = row + 1;
      cond[row] = prop.cond;
      a[row] = prop.kind === P.RANGE ? prop.low : prop.expr;
      b[row] = prop.high;
    }
  }
  return made;
}
