import type { DiagnosticSink } from '../diagnostics/sink.ts';
import { containsNegated, containsSymbol, dependsOnSymbol } from '../expr/query.ts';
import type { Simplifier } from '../expr/simplify.ts';
import { E, NO } from '../expr/store.ts';
import { compareWith, type Transformer } from '../expr/transform.ts';
import { checkProperties } from './check-properties.ts';
import { type Node, P, type Sym, type Tree } from './model.ts';
import { gatherMembers, settleChoiceType } from './superset.ts';

/** What finalizing works with. */
export interface Finalizer {
  readonly tree: Tree;
  readonly sink: DiagnosticSink;
  readonly transformer: Transformer;
  readonly simplifier: Simplifier;
}

/** Steps between two pauses: some tens of milliseconds. */
const SLICE = 6000;

/**
 * Give every entry and property the dependencies of the blocks around it, collect selects and implies at their targets,
 * make the automatic submenus, and dissolve `if` blocks into their surroundings.
 *
 * The order of the steps is that of `conf`, level by level: it decides in which order the conditions of several
 * selects are joined, and so how they are printed. It yields now and then, for whoever has other things to do.
 */
export function* finalizingTree(f: Finalizer, root: Node): Generator<void, void> {
  let left = SLICE;
  // Submenus of submenus go as deep as a tree has symbols: too deep for functions that call each other.
  const open = [finalizing(f, root, false)];
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const { value, done } = top.next();
    if (done) open.pop();
    else open.push(value);
    if (--left > 0) continue;
    left = SLICE;
    yield;
  }
}

/** The steps of finalizing one entry. What is yielded is to be done before going on. */
type Finalizing = Generator<Finalizing, void>;

function* finalizing(f: Finalizer, parent: Node, insideChoice: boolean): Finalizing {
  const sym = parent.sym;
  if (parent.addition) return;
  const classic = sym?.isChoice === true && f.tree.classicChoices;
  if (classic) settleChoiceType(parent, f.tree.era);
  if (parent.list) {
    for (let node: Node | undefined = parent.list; node; node = node.next) inherit(f, parent, node);
    for (let node: Node | undefined = parent.list; node; node = node.next)
      yield finalizing(f, node, sym?.isChoice === true && !classic);
  } else if (sym && !insideChoice && !classic) {
    if (parent.next) yield* gatherSubmenu(f, parent, sym);
    sym.dirDep = f.tree.store.or(sym.dirDep, parent.dep);
  }
  dissolvePromptless(parent);
  if (classic) gatherMembers(f.tree, parent);
  if (sym && !sym.warned) {
    checkProperties(f.tree, f.sink, parent, sym);
    sym.warned = true;
  }
}

function inherit(f: Finalizer, parent: Node, node: Node): void {
  const { transformer, simplifier, tree } = f;
  const store = tree.store;
  const modules = tree.modulesId;
  const own = transformer.transform(transformer.rewriteM(node.dep, modules));
  // The value of a classic choice bounds what is in it.
  const around =
    tree.classicChoices && parent.sym?.isChoice ? store.symbol(parent.sym.id) : parent.dep;
  const base = simplifier.eliminateDuplicates(store.and(around, own));
  node.dep = base;
  const props = node.sym ? node.sym.props : node.prompt ? [node.prompt] : [];
  for (const prop of props) {
    if (prop.node !== node) continue;
    const cond = transformer.transform(transformer.rewriteM(prop.cond, modules));
    prop.cond = simplifier.eliminateDuplicates(store.and(base, cond));
    if (prop.kind !== P.SELECT && prop.kind !== P.IMPLY) continue;
    const target = tree.symbols[store.left[prop.expr] as number] as Sym;
    const term = store.and(store.symbol((node.sym as Sym).id), prop.cond);
    if (prop.kind === P.SELECT) target.revDep = store.or(target.revDep, term);
    else target.implied = store.or(target.implied, term);
  }
}

/** Entries that directly follow a symbol and depend on it become its submenu. */
function* gatherSubmenu(f: Finalizer, parent: Node, sym: Sym): Finalizing {
  const { transformer, simplifier, tree } = f;
  const store = tree.store;
  const normal = (e: number): number =>
    simplifier.eliminateDuplicates(transformer.transform(compareWith(store, e, E.UNEQUAL, NO)));
  let base = -1;
  let last: Node | undefined;
  for (let node = parent.next; node; node = node.next) {
    const dep = node.prompt ? node.prompt.cond : node.dep;
    if (!containsSymbol(store, dep, sym.id)) break;
    if (!dependsOnSymbol(store, dep, sym.id)) {
      if (tree.negationEndsSubmenu && containsNegated(store, dep, sym.id)) break;
      // Not a plain dependency; it still counts if it leaves nothing of the symbol's own condition.
      if (base < 0) base = normal(parent.prompt ? parent.prompt.cond : 0);
      const [, rest] = simplifier.eliminateCommon(normal(dep), base);
      if (!store.isYes(rest)) break;
    }
    yield finalizing(f, node, false);
    node.parent = parent;
    last = node;
  }
  if (!last) return;
  parent.list = parent.next;
  parent.next = last.next;
  last.next = undefined;
}

/** Children of `if` blocks and of symbols without a prompt move up behind them. */
function dissolvePromptless(parent: Node): void {
  for (let node = parent.list; node; node = node.next) {
    if (!node.list || node.prompt) continue;
    let last = node.list;
    for (;;) {
      last.parent = parent;
      if (!last.next) break;
      last = last.next;
    }
    last.next = node.next;
    node.next = node.list;
    node.list = undefined;
  }
}
