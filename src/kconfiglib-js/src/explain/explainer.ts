import type { Config } from '../eval/config.ts';
import type { Evaluator } from '../eval/evaluator.ts';
import type { ChoiceProgram } from '../eval/program.ts';
import { withValues } from '../eval/unmet.ts';
import { operands } from '../expr/query.ts';
import { E, type Expr, MOD, NO, YES } from '../expr/store.ts';
import { type Node, P, type Prop, type Sym } from '../menu/model.ts';
import { isTristateType, spanOf, tristateOf } from '../menu/views.ts';
import { at, blame, choiceTitle, homeOf, list, NAMED, needsAll, type WhyStep } from './blame.ts';
import { memberReason } from './choice-reason.ts';
import { textReason } from './text-reason.ts';
import { tristateReason } from './tristate-reason.ts';
import { unmetOf } from './unmet.ts';
import type { Reason } from './why.ts';

/** Chains of reasons are followed this far; the usual first cause is nearer. */
const DEPTH = 8;

/**
 * Finds reasons in one configuration. Each symbol is explained in full once, so cycles end and answers stay small.
 * What a value comes from is found by kind of symbol; what all kinds need is here.
 */
export class Explainer {
  readonly config: Config;
  readonly evaluator: Evaluator;
  readonly #seen = new Set<number>();
  #depth = 0;

  constructor(config: Config) {
    this.config = config;
    this.evaluator = config.evaluator;
  }

  /** The reasons for a symbol's value, and for a user value without effect. */
  explain(sym: Sym): Reason {
    const reason = this.#reason(sym);
    const again = new Explainer(this.config);
    again.#seen.add(sym.id);
    const wanted = unmetOf(again, sym, this.config.choiceProgram(sym.id));
    return { ...reason, ...(wanted && { wanted }) };
  }

  #reason(sym: Sym): Reason {
    this.config.valueOf(sym.id);
    this.#seen.add(sym.id);
    this.#depth++;
    const choice = this.config.choiceProgram(sym.id);
    const reason = choice
      ? memberReason(this, sym, choice)
      : isTristateType(sym.type)
        ? tristateReason(this, sym)
        : textReason(this, sym);
    this.#depth--;
    const home = homeOf(sym);
    return { ...(home && { span: home }), ...reason };
  }

  /** The selects or implies of a symbol that have this value. */
  terms(e: Expr, value: number, kind: number, target: Sym): WhyStep[] {
    const ev = this.evaluator;
    const { store } = ev.program;
    const { tree } = this.config.kconfig;
    const steps: WhyStep[] = [];
    // A bool is y for whatever selects it, a module too.
    const least = value === YES && ev.isBool(target.id) ? MOD : value;
    for (const term of operands(store, e, E.OR)) {
      if (ev.expr(term) < least || ev.expr(term) > value) continue;
      // The left end of the conjunction is the selecting symbol.
      const first = operands(store, term, E.AND)[0] as Expr;
      const by = tree.symbols[store.left[first] as number] as Sym;
      const prop = by.props.find(
        (p) => p.kind === kind && store.left[p.expr] === target.id && ev.expr(p.cond) !== NO,
      );
      steps.push({
        kind: kind === P.SELECT ? 'select' : 'imply',
        text: `${by.name} is ${ev.textOf(by.id)} and ${kind === P.SELECT ? 'selects' : 'implies'} ${target.name}`,
        symbol: by.name,
        value: ev.textOf(by.id),
        ...(prop && { span: spanOf(prop) }),
        ...(prop && !store.isYes(prop.cond) && { condition: this.cond(prop.cond) }),
        because: [this.deeper(by)],
      });
    }
    return steps;
  }

  /** Where a choice is defined. */
  nodeOf(choice: ChoiceProgram): Node {
    return (this.config.kconfig.tree.symbols[choice.id] as Sym).nodes[0] as Node;
  }

  /** The prompts of a symbol. */
  prompts(sym: Sym): Prop[] {
    return sym.props.filter((prop) => prop.kind === P.PROMPT || prop.kind === P.MENU);
  }

  /** The default or range of a symbol that a row of the program stands for. */
  propOf(sym: Sym, kind: number, row: number): Prop {
    const rows =
      kind === P.DEFAULT ? this.evaluator.program.defaults : this.evaluator.program.ranges;
    return sym.props.filter((prop) => prop.kind === kind)[
      row - (rows.start[sym.id] as number)
    ] as Prop;
  }

  /** A step for each operand that keeps a condition from holding, or from being y. */
  lacking(e: Expr): WhyStep[] {
    const ev = this.evaluator;
    const { tree } = this.config.kconfig;
    return blame(ev, e, ev.expr(e) === MOD ? YES : MOD).map(({ expr, symbols }): WhyStep => {
      const operand = this.config.kconfig.views.text(expr);
      const syms = symbols.map((id) => tree.symbols[id] as Sym);
      const [only] = syms;
      if (only?.isChoice && syms.length === 1) return this.#choiceStep(only);
      if (only && syms.length === 1 && !only.constant) return this.deeper(only, operand);
      const because = syms.filter((sym) => sym.nodes.length > 0).map((sym) => this.deeper(sym));
      const plain = syms.length > 0 && syms.every((sym) => sym.constant);
      const text = `${plain ? operand : withValues(ev, expr)} does not hold`;
      return { kind: 'operand', text, operand, because };
    });
  }

  /** Why a choice is off, or can be no more than m: by its prompt, for it is nothing else. */
  #choiceStep(choice: Sym): WhyStep {
    const ev = this.evaluator;
    const span = homeOf(choice);
    const value = tristateOf(ev.tri[choice.id] as number);
    const prompt = this.prompts(choice)[0];
    const known = this.#depth >= DEPTH || this.#seen.has(choice.id);
    this.#seen.add(choice.id);
    const because = prompt && !known ? this.lacking(prompt.cond) : [];
    const needs =
      prompt && because.length > 0
        ? `: it needs ${this.needs(prompt)}, and ${this.facts(prompt.cond, because)}`
        : '';
    const text = `${choiceTitle(choice)}${at(span)} is ${value}${needs}`;
    return { kind: 'operand', text, ...(span && { span }), because };
  }

  /** The step for a symbol further down the chain, with its own reasons if they were not given before. */
  deeper(sym: Sym, operand?: string): WhyStep {
    const ev = this.evaluator;
    const span = homeOf(sym);
    const value = ev.textOf(sym.id);
    const known = sym.nodes.length === 0 || this.#depth >= DEPTH || this.#seen.has(sym.id);
    const reason = known ? undefined : this.#reason(sym);
    const plain =
      sym.nodes.length === 0
        ? `${sym.name} is n, because it is not defined`
        : `${sym.name} is ${value}`;
    return {
      kind: 'operand',
      text: reason?.text ?? plain,
      ...(operand !== undefined && { operand }),
      symbol: sym.name,
      value: sym.nodes.length === 0 ? 'n' : value,
      ...(span && { span }),
      because: reason?.because ?? [],
    };
  }

  /** The end of every chain. */
  userStep(sym: Sym): WhyStep {
    return { kind: 'user', text: `the user value of ${sym.name}`, symbol: sym.name, because: [] };
  }

  /** The operands to blame, in words: `SMP is n`, or what a disjunction lacks. */
  facts(e: Expr, steps: readonly WhyStep[]): string {
    const shown = steps
      .slice(0, NAMED)
      .map(({ symbol, value, text }) => (symbol ? `${symbol} is ${value}` : text));
    const more = steps.length > NAMED ? [`${steps.length - NAMED} more are off`] : [];
    const all = list([...shown, ...more]);
    return steps.length > 1 && !needsAll(this.evaluator, e) ? `nothing of it holds: ${all}` : all;
  }

  /** A condition as written. */
  cond(e: Expr): string {
    return this.config.kconfig.views.text(e, choiceTitle);
  }

  /** What a property needs: its condition with all that surrounds it. */
  needs(prop: Prop): string {
    return this.cond(prop.cond);
  }

  /** The condition of a property with the values in it; empty if it always holds. */
  conditionText(prop: Prop): string {
    return this.evaluator.program.store.isYes(prop.cond)
      ? ''
      : withValues(this.evaluator, prop.cond);
  }
}
