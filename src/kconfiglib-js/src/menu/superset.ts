import type { DiagnosticSink } from '../diagnostics/sink.ts';
import { E, MOD, YES } from '../expr/store.ts';
import { ERA, type Era } from './era.ts';
import { type Node, nextNode, P, type Sym, type Tree, TYPE } from './model.ts';

/**
 * The type of a choice is that of its first member with a type, unless it says another; members without one get that
 * of the choice. Where nothing says a type there is none.
 */
export function settleChoiceType(choice: Node, era: Era): void {
  const sym = choice.sym as Sym;
  const members = directSymbols(choice, era > ERA.V6_7);
  if (sym.type === TYPE.UNKNOWN)
    sym.type = members.find((member) => member.type !== TYPE.UNKNOWN)?.type ?? TYPE.UNKNOWN;
  if (sym.type === TYPE.UNKNOWN) return;
  if (sym.type !== TYPE.TRISTATE) sym.type = TYPE.BOOL;
  for (const member of members) if (member.type === TYPE.UNKNOWN) member.type = sym.type;
}

function directSymbols(choice: Node, throughIfs: boolean): Sym[] {
  const found: Sym[] = [];
  for (let node = choice.list; node; node = node.next) {
    if (node.sym) found.push(node.sym);
    else if (throughIfs && !node.prompt) found.push(...directSymbols(node, true));
  }
  return found;
}

/**
 * Take the entries directly below a finished choice as its members. A choice that is not optional is raised to m by its
 * own prompt, which for a bool counts as y. Bool members of a tristate choice can only be had where it is y.
 */
export function gatherMembers(tree: Tree, choice: Node): void {
  const sym = choice.sym as Sym;
  const { store } = tree;
  choice.members ??= [];
  for (let node = choice.list; node; node = node.next) {
    const member = node.sym;
    if (!member || member.isChoice || node.addition) continue;
    if (!member.inChoice) {
      member.inChoice = true;
      member.memberOf = sym;
      choice.members.push(member);
    }
    if (sym.type !== TYPE.TRISTATE || member.type === TYPE.TRISTATE) continue;
    const isYes = store.make(E.EQUAL, sym.id, YES);
    node.dep = store.and(isYes, node.dep);
    for (const prop of member.props)
      if (prop.node === node) prop.cond = store.and(isYes, prop.cond);
  }
  if (!sym.optional && choice.prompt)
    sym.revDep = store.or(sym.revDep, store.and(choice.prompt.cond, store.symbol(MOD)));
}

/** What is left to do when all dependencies are known. */
export function finishSuperset(tree: Tree, sink: DiagnosticSink): void {
  for (let node: Node | undefined = tree.root; node; node = nextNode(node, tree.root)) {
    dropAdditions(tree, node);
    if (node.sym?.isChoice && node.sym.nodes[0] === node) checkPrompt(sink, node.sym);
  }
}

/** Defaults added elsewhere need the dependencies of the symbol too. Their entries are no part of the menu. */
function dropAdditions(tree: Tree, parent: Node): void {
  let last: Node | undefined;
  for (let node = parent.list; node; node = node.next) {
    if (!node.addition) {
      last = node;
      continue;
    }
    const sym = node.sym as Sym;
    for (const prop of sym.props)
      if (prop.node === node) prop.cond = tree.store.and(sym.dirDep, prop.cond);
    if (last) last.next = node.next;
    else parent.list = node.next;
  }
}

function checkPrompt(sink: DiagnosticSink, choice: Sym): void {
  const [node] = choice.nodes;
  if (!node || choice.props.some((prop) => prop.kind === P.PROMPT)) return;
  const message = 'choice must have a prompt';
  sink.at(
    'warning',
    'choice-prompt',
    { file: node.file, line: node.line, column: node.column },
    message,
    `warning: ${message}`,
  );
}
