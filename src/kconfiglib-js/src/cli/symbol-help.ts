import { printedText, printedValues, reverseText } from '../eval/unmet.ts';
import { Simplifier } from '../expr/simplify.ts';
import { type Expr, MOD, NO, YES } from '../expr/store.ts';
import { helpText } from '../lex/help-text.ts';
import { type Node, P, type Prop, type Sym, TYPE, TYPE_NAMES } from '../menu/model.ts';
import type { Session } from './session.ts';

/** The help of an entry with everything known about its symbol, as the dialogue and helpnewconfig show it. */
export function extendedHelp(session: Session, node: Node): string {
  const sym = node.sym as Sym;
  let out = '';
  if (node.help && !sym.isChoice) out += `${session.prefix}${sym.name}:\n\n`;
  out += `${node.help ? helpText(node.help) : 'There is no help available for this option.'}\n`;
  return out + symbolText(session, sym);
}

function symbolText(session: Session, sym: Sym): string {
  const { evaluator } = session.config;
  let out = '';
  if (!sym.isChoice) {
    out += `Symbol: ${sym.name} [=${printedText(evaluator, sym.id)}]\nType  : ${TYPE_NAMES[sym.type]}\n`;
    if (sym.type === TYPE.INT || sym.type === TYPE.HEX) out += rangeText(session, sym);
  }
  for (const node of sym.nodes) if (node.prompt) out += definedAt(node) + promptText(session, node);
  for (const node of sym.nodes) {
    if (!node.prompt) out += definedAt(node) + conditionText(session, node.dep, '  Depends on: ');
  }
  out += targets(session, sym, P.SELECT, 'Selects: ');
  out += reverse(session, sym.revDep, 'Selected by');
  out += targets(session, sym, P.IMPLY, 'Implies: ');
  out += reverse(session, sym.implied, 'Implied by');
  return `${out}\n\n`;
}

function definedAt(node: Node): string {
  return `Defined at ${node.file}:${node.line}\n`;
}

function rangeText(session: Session, sym: Sym): string {
  const { evaluator } = session.config;
  const row = evaluator.rangeRow(sym.id);
  if (row < 0) return '';
  const bound = (id: number): string =>
    printedValues(evaluator, evaluator.program.store.symbol(id));
  const { a, b } = evaluator.program.ranges;
  return `Range : [${bound(a[row] as number)} ${bound(b[row] as number)}]\n`;
}

function promptText(session: Session, node: Node): string {
  const { evaluator, kconfig } = session.config;
  const prompt = node.prompt as Prop;
  let out = `  Prompt: ${prompt.text}\n${conditionText(session, node.dep, '  Depends on: ')}`;
  if (!sameCondition(session, node.dep, prompt.cond)) {
    out += conditionText(session, prompt.cond, '  Visible if: ');
  }
  out += '  Location:\n';
  const path: Node[] = [];
  for (
    let at: Node | undefined = node;
    at && at !== kconfig.tree.root && path.length < 8;
    at = at.parent
  ) {
    path.push(at);
  }
  for (const [depth, at] of path.reverse().entries()) {
    const name = at.sym?.isChoice ? '<choice>' : at.sym?.name;
    const value = at.sym ? ` (${name} [=${printedText(evaluator, at.sym.id)}])` : '';
    out += `${' '.repeat(2 * depth + 4)}-> ${at.prompt?.text ?? at.sym?.name ?? ''}${value}\n`;
  }
  return out;
}

function conditionText(session: Session, e: Expr, title: string): string {
  const { evaluator } = session.config;
  return evaluator.program.store.isYes(e) ? '' : `${title}${printedValues(evaluator, e)}\n`;
}

function sameCondition(session: Session, a: Expr, b: Expr): boolean {
  const { tree } = session.kconfig;
  const typed = (type: number) => (id: number) => tree.symbols[id]?.type === type;
  const types = {
    isBool: typed(TYPE.BOOL),
    isTristate: typed(TYPE.TRISTATE),
    isConstant: (id: number) => tree.symbols[id]?.constant === true,
  };
  return new Simplifier(tree.store, types).equal(a, b);
}

function targets(session: Session, sym: Sym, kind: number, title: string): string {
  const { evaluator } = session.config;
  const texts = sym.props
    .filter((prop) => prop.kind === kind)
    .map((prop) => printedValues(evaluator, prop.expr));
  return texts.length === 0 ? '' : `${title}${texts.join(' && ')}\n`;
}

function reverse(session: Session, e: Expr, title: string): string {
  if (e === 0) return '';
  const { evaluator } = session.config;
  const part = (value: number, letter: string): string =>
    reverseText(evaluator, e, value, `${title} [${letter}]:\n`);
  return part(YES, 'y') + part(MOD, 'm') + part(NO, 'n');
}
