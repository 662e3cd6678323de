import { at, list } from '../explain/blame.ts';
import { operands, symbolsOf } from '../expr/query.ts';
import { E, type Expr, NO } from '../expr/store.ts';
import { type Node, P, type Prop, type Sym, TYPE } from '../menu/model.ts';
import { spanOf } from '../menu/views.ts';
import type { Encoder, Rule } from './encoder.ts';
import type { Obstacle } from './plan.ts';

/** Alternatives named in a sentence. */
const NAMED = 4;

/** A definition in words: what a symbol cannot be without, or what holds it up. */
export function obstacleOf(enc: Encoder, rule: Rule): Obstacle {
  const { views, tree } = enc.config.kconfig;
  const sym = tree.symbols[rule.id] as Sym;
  const prompts = sym.props.filter((prop) => prop.kind === P.PROMPT || prop.kind === P.MENU);
  const defaults = sym.props.filter((prop) => prop.kind === P.DEFAULT);
  const choice = enc.config.choiceProgram(rule.id);
  const missing = new Set<string>();
  const needs = (prop: Prop): string => {
    for (const id of symbolsOf(tree.store, prop.cond)) note(tree.symbols[id], missing);
    return tree.store.isYes(prop.cond) ? '' : `, which needs ${views.text(prop.cond)}`;
  };
  let text: string;
  let span = prompts[0] ?? defaults[0] ?? sym.nodes[0];
  if (choice) {
    const members = choice.entries.map((id) => enc.program.names.nameOf(id));
    const node = tree.symbols[choice.id]?.nodes[0] as Node;
    const has = enc.program.classic ? 'is what is set of' : 'has one of';
    text = `the choice "${node.prompt?.text}" ${has} ${short([...new Set(members)])}${at(spanOf(node))}`;
    span = node;
  } else {
    const shown = prompts.map((prop) => `its prompt${at(spanOf(prop))}${needs(prop)}`);
    const given = defaults
      .filter((prop) => !tree.store.isSymbol(prop.expr, NO))
      .map((prop) => `its default ${views.text(prop.expr)}${at(spanOf(prop))}${needs(prop)}`);
    const forced = selectors(enc, sym, sym.revDep, P.SELECT, 'selects');
    const implied = selectors(enc, sym, sym.implied, P.IMPLY, 'implies');
    const all = [...shown, ...given, ...forced, ...implied];
    if (rule.way === 'up')
      text =
        all.length === 0
          ? `${sym.name} has no prompt and no default, and nothing selects it`
          : `${sym.name} can only come from ${short(all, '; or ')}`;
    else if (rule.way === 'down') {
      const free = shown.length > 0 ? `; to turn it off, ${short(shown, '; or ')}` : '';
      text = `${sym.name} is kept on by ${short([...given, ...forced, ...implied], '; ')}${free}`;
    } else {
      const ranges = sym.props
        .filter((prop) => prop.kind === P.RANGE)
        .map((prop) => `its range ${views.property(prop).value}${at(spanOf(prop))}${needs(prop)}`);
      text = `${sym.name} has no other values than from ${short([...ranges, ...all], '; ')}`;
    }
  }
  if (missing.size > 0)
    text += ` (${list([...missing])} ${missing.size === 1 ? 'is' : 'are'} defined nowhere)`;
  return { symbol: sym.name, text, ...(span && { span: spanOf(span) }) };
}

function selectors(enc: Encoder, target: Sym, e: Expr, kind: number, verb: string): string[] {
  if (e === 0) return [];
  const { tree } = enc.config.kconfig;
  const { store } = tree;
  const names = new Map<string, string>();
  for (const term of operands(store, e, E.OR)) {
    // The left end of the conjunction is the selecting symbol.
    const first = operands(store, term, E.AND)[0] as Expr;
    const by = tree.symbols[store.left[first] as number] as Sym;
    const prop = by.props.find((p) => p.kind === kind && store.left[p.expr] === target.id);
    if (prop) names.set(by.name, `${by.name}, which ${verb} it${at(spanOf(prop))}`);
  }
  return [...names.values()];
}

function note(sym: Sym | undefined, missing: Set<string>): void {
  if (sym && !sym.constant && !sym.isChoice && sym.type === TYPE.UNKNOWN) missing.add(sym.name);
}

function short(parts: readonly string[], glue = ', '): string {
  const more = parts.length > NAMED ? `${glue}${parts.length - NAMED} more` : '';
  return parts.slice(0, NAMED).join(glue) + more;
}
