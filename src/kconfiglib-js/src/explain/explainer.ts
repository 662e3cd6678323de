import { defaultMember } from '../eval/choice.ts';
import type { Config } from '../eval/config.ts';
import type { Evaluator } from '../eval/evaluator.ts';
import type { ChoiceProgram } from '../eval/program.ts';
import { withValues } from '../eval/unmet.ts';
import { operands } from '../expr/query.ts';
import { E, type Expr, MOD, NO, YES } from '../expr/store.ts';
import { type Node, P, type Prop, type Sym, TYPE } from '../menu/model.ts';
import { isTristateType, spanOf, tristateOf } from '../menu/views.ts';
import { at, blame, homeOf, list, needsAll, type WhyStep } from './blame.ts';
import type { Unmet, Why } from './why.ts';

/** The part of an explanation beyond name, value and type. */
type Reason = Pick<Why, 'cause' | 'text' | 'because'> & Partial<Pick<Why, 'span' | 'wanted'>>;

/** Chains of reasons are followed this far; the usual first cause is nearer. */
const DEPTH = 8;
/** Reasons named in a sentence; all are in `because`. */
const NAMED = 4;

/** Finds reasons in one configuration. Each symbol is explained in full once, so cycles end and answers stay small. */
export class Explainer {
  readonly #config: Config;
  readonly #evaluator: Evaluator;
  readonly #seen = new Set<number>();
  #depth = 0;

  constructor(config: Config) {
    this.#config = config;
    this.#evaluator = config.evaluator;
  }

  /** The reasons for a symbol's value, and for a user value without effect. */
  explain(sym: Sym): Reason {
    const reason = this.#reason(sym);
    const again = new Explainer(this.#config);
    again.#seen.add(sym.id);
    const wanted = again.#wanted(sym, this.#config.choiceProgram(sym.id));
    return { ...reason, ...(wanted && { wanted }) };
  }

  #reason(sym: Sym): Reason {
    this.#config.valueOf(sym.id);
    this.#seen.add(sym.id);
    this.#depth++;
    const choice = this.#config.choiceProgram(sym.id);
    const reason = choice
      ? this.#member(sym, choice)
      : isTristateType(sym.type)
        ? this.#tristate(sym)
        : this.#text(sym);
    this.#depth--;
    const home = homeOf(sym);
    return { ...(home && { span: home }), ...reason };
  }

  #tristate(sym: Sym): Reason {
    const ev = this.#evaluator;
    const id = sym.id;
    const value = ev.tri[id] as number;
    const is = `${sym.name} is ${tristateOf(value)}`;
    const rev = ev.rev[id] as number;
    const user = this.#user(sym);
    const own = user >= 0 ? user : this.#ownDefault(sym);
    if (rev > own) return this.#selected(sym, is, rev);
    if (user >= 0)
      return { cause: 'user', text: `${is}: set by the user`, because: [this.#userStep(sym)] };
    const row = ev.defaultRow(id);
    const given = row < 0 ? NO : this.#defaultValue(row);
    const imply = ev.imply[id] as number;
    if (imply > given) return this.#implied(sym, is, imply);
    if (row >= 0) return this.#defaulted(sym, is, row);
    return this.#nothing(sym, is);
  }

  /** The user value as it counts, or -1. */
  #user(sym: Sym): number {
    const ev = this.#evaluator;
    const user = ev.user[sym.id] as number;
    if (user === 0 || (ev.visible[sym.id] === NO && !sym.transitional)) return -1;
    return sym.transitional ? user - 1 : Math.min(user - 1, ev.visible[sym.id] as number);
  }

  #ownDefault(sym: Sym): number {
    const ev = this.#evaluator;
    const row = ev.defaultRow(sym.id);
    const given = row < 0 ? NO : this.#defaultValue(row);
    const imply = ev.imply[sym.id] as number;
    return imply === NO ? given : Math.min(Math.max(given, imply), ev.dir[sym.id] as number);
  }

  #defaultValue(row: number): number {
    const ev = this.#evaluator;
    const { a, cond } = ev.program.defaults;
    return Math.min(ev.expr(a[row] as number), ev.expr(cond[row] as number));
  }

  #selected(sym: Sym, is: string, rev: number): Reason {
    const steps = this.#terms(sym.revDep, rev, P.SELECT, sym);
    const unmet = (this.#evaluator.dir[sym.id] as number) < rev;
    const against = unmet
      ? `, although its dependencies (${this.#cond(sym.dirDep)}) do not allow it`
      : '';
    const names = list(steps.slice(0, NAMED).map((step) => `${step.symbol}${at(step.span)}`));
    const more = steps.length > NAMED ? ` and ${steps.length - NAMED} more` : '';
    const text = `${is}: selected by ${names}${more}${against}`;
    return {
      cause: 'select',
      text,
      because: steps,
      ...(steps[0]?.span && { span: steps[0].span }),
    };
  }

  #implied(sym: Sym, is: string, imply: number): Reason {
    const steps = this.#terms(sym.implied, imply, P.IMPLY, sym);
    const names = list(steps.slice(0, NAMED).map((step) => `${step.symbol}${at(step.span)}`));
    const capped = (this.#evaluator.dir[sym.id] as number) < imply;
    const because = capped ? [...steps, ...this.#lacking(sym.dirDep)] : steps;
    const text = `${is}: implied by ${names}${capped ? `, but limited by its dependencies (${this.#cond(sym.dirDep)})` : ''}`;
    return { cause: 'imply', text, because, ...(steps[0]?.span && { span: steps[0].span }) };
  }

  /** The selects or implies of a symbol that have this value. */
  #terms(e: Expr, value: number, kind: number, target: Sym): WhyStep[] {
    const ev = this.#evaluator;
    const { store } = ev.program;
    const { tree } = this.#config.kconfig;
    const steps: WhyStep[] = [];
    for (const term of operands(store, e, E.OR)) {
      if (ev.expr(term) !== value) continue;
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
        because: [this.#deeper(by)],
      });
    }
    return steps;
  }

  #defaulted(sym: Sym, is: string, row: number): Reason {
    const ev = this.#evaluator;
    const prop = this.#propOf(sym, P.DEFAULT, row);
    const value = this.#config.kconfig.views.text(prop.expr);
    const span = spanOf(prop);
    const plain =
      ev.program.store.kind[prop.expr] === E.SYMBOL &&
      (ev.program.store.left[prop.expr] as number) <= YES;
    const cond = this.#conditionText(prop);
    let text = `${is}: its default ${value}${at(span)} applies${cond === '' ? '' : ` because ${cond}`}`;
    let because: WhyStep[] = [];
    if (!plain) {
      text = `${is}: its default ${value}${at(span)} is ${ev.textOf(sym.id)}, with ${withValues(ev, prop.expr)}`;
      because = this.#lacking(prop.expr);
    }
    if (ev.expr(prop.cond) === MOD && ev.expr(prop.expr) === YES)
      because.push(...this.#lacking(prop.cond));
    return { cause: 'default', text, span, because };
  }

  /** Neither user, select, default nor imply: say what stands in the way. */
  #nothing(sym: Sym, is: string): Reason {
    const blocked = sym.props.filter((prop) => prop.kind === P.DEFAULT);
    const prompts = this.#prompts(sym);
    const first = blocked[0];
    if (first) {
      const value = this.#config.kconfig.views.text(first.expr);
      const lacking = this.#lacking(first.cond);
      const text = `${is}: its default ${value}${at(spanOf(first))} needs ${this.#needs(first)}, and ${this.#facts(first.cond, lacking)}`;
      const others = blocked.slice(1).map((prop): WhyStep => {
        const what = `its default ${this.#config.kconfig.views.text(prop.expr)} does not apply either`;
        return {
          kind: 'default',
          text: what,
          span: spanOf(prop),
          because: this.#lacking(prop.cond),
        };
      });
      return { cause: 'dependency', text, span: spanOf(first), because: [...lacking, ...others] };
    }
    const shown = prompts.find((prop) => this.#evaluator.expr(prop.cond) !== NO);
    if (shown) {
      return {
        cause: 'none',
        text: `${is}: it has no default and was not set`,
        span: spanOf(shown),
        because: [],
      };
    }
    const prompt = prompts[0];
    if (prompt) {
      const lacking = this.#lacking(prompt.cond);
      const text = `${is}: it cannot be set${at(spanOf(prompt))} without ${this.#needs(prompt)}, and ${this.#facts(prompt.cond, lacking)}`;
      return { cause: 'dependency', text, span: spanOf(prompt), because: lacking };
    }
    const by = sym.revDep === 0 ? 'nothing selects it' : 'nothing that selects it is on';
    return {
      cause: 'none',
      text: `${is}: it has no prompt and no default, and ${by}`,
      because: [],
    };
  }

  #member(sym: Sym, choice: ChoiceProgram): Reason {
    const ev = this.#evaluator;
    const id = sym.id;
    const is = `${sym.name} is ${tristateOf(ev.tri[id] as number)}`;
    const node = this.#nodeOf(choice);
    const where = `the choice "${node.prompt?.text}"${at(spanOf(node))}`;
    const span = spanOf(node);
    if (ev.program.classic && ev.visible[choice.id] !== NO && ev.tri[choice.id] === NO) {
      const text = `${is}: ${where} is n, and none of its members was set`;
      return { cause: 'choice', text, span, because: [] };
    }
    if (ev.visible[id] === NO) {
      const prompt = this.#prompts(sym)[0] as Prop;
      const lacking = this.#lacking(prompt.cond);
      const text = `${is}: in ${where} it is not available without ${this.#needs(prompt)}, and ${this.#facts(prompt.cond, lacking)}`;
      return { cause: 'dependency', text, span: spanOf(prompt), because: lacking };
    }
    if (ev.tri[id] === YES) {
      if (ev.user[id] === YES + 1)
        return { cause: 'user', text: `${is}: chosen by the user in ${where}`, span, because: [] };
      const why = defaultMember(ev, choice) === id ? 'the default of' : 'the first that is left in';
      return { cause: 'choice', text: `${is}: ${why} ${where}`, span, because: [] };
    }
    const chosen = choice.entries.find(
      (member) => ev.tri[member] === YES && ev.visible[member] !== NO,
    );
    const other =
      chosen === undefined ? undefined : (this.#config.kconfig.tree.symbols[chosen] as Sym);
    const text = other
      ? `${is}: in ${where} ${other.name} is chosen`
      : `${is}: nothing is chosen in ${where}`;
    const step: WhyStep[] = other
      ? [
          {
            kind: 'choice',
            text: `${other.name} is chosen`,
            symbol: other.name,
            value: 'y',
            because: [this.#deeper(other)],
          },
        ]
      : [];
    return { cause: 'choice', text, span, because: step };
  }

  #nodeOf(choice: ChoiceProgram): Node {
    return (this.#config.kconfig.tree.symbols[choice.id] as Sym).nodes[0] as Node;
  }

  #text(sym: Sym): Reason {
    const ev = this.#evaluator;
    const id = sym.id;
    const slot = ev.program.slot[id] as number;
    const value = ev.textOf(id);
    const is = `${sym.name} is ${sym.type === TYPE.STRING ? JSON.stringify(value) : value}`;
    const fromUser = ev.user[id] !== 0 && (ev.visible[id] !== NO || sym.transitional);
    const row = ev.defaultRow(id);
    const source = row < 0 ? -1 : ev.defaultSource(row);
    const before = fromUser
      ? (ev.userText[slot] as string)
      : source >= 0
        ? ev.textOf(source)
        : undefined;
    if (before !== undefined && before !== value) {
      const prop = this.#propOf(sym, P.RANGE, ev.rangeRow(id));
      const span = spanOf(prop);
      const range = this.#config.kconfig.views.property(prop).value;
      const text = `${is}: ${fromUser ? 'the user value' : 'its default'} ${before} is outside its range ${range}${at(span)}`;
      return {
        cause: 'range',
        text,
        span,
        because: [{ kind: 'range', text: `range ${range}`, span, because: [] }],
      };
    }
    if (fromUser)
      return { cause: 'user', text: `${is}: set by the user`, because: [this.#userStep(sym)] };
    if (source < 0) return this.#nothing(sym, is);
    const prop = this.#propOf(sym, P.DEFAULT, row);
    const span = spanOf(prop);
    const from = this.#config.kconfig.tree.symbols[source] as Sym;
    const of = from.nodes.length > 0 ? `, the value of ${from.name}` : '';
    const cond = this.#conditionText(prop);
    const text = `${is}: its default${at(span)}${of}${cond === '' ? '' : ` applies because ${cond}`}`;
    return { cause: 'default', text, span, because: of === '' ? [] : [this.#deeper(from)] };
  }

  /** Why a stored user value is not the value. */
  #wanted(sym: Sym, choice: ChoiceProgram | undefined): Unmet | undefined {
    const ev = this.#evaluator;
    const id = sym.id;
    const stored = ev.user[id] as number;
    if (stored === 0) return undefined;
    const slot = ev.program.slot[id] as number;
    const value = slot >= 0 ? (ev.userText[slot] as string) : tristateOf(stored - 1);
    if (value === ev.textOf(id)) return undefined;
    const unmet = (reason: Unmet['reason'], text: string, because: WhyStep[] = []): Unmet => ({
      value,
      reason,
      text: `${sym.name} was set to ${value}, but ${text}`,
      because,
    });
    const prompts = this.#prompts(sym);
    if (prompts.length === 0) {
      return unmet(
        'no-prompt',
        'it has no prompt: its value follows from defaults, selects and implies',
      );
    }
    if (ev.visible[id] === NO) {
      const prompt = prompts[0] as Prop;
      const lacking = this.#lacking(prompt.cond);
      const text = `its prompt${at(spanOf(prompt))} is not visible: it needs ${this.#needs(prompt)}, and ${this.#facts(prompt.cond, lacking)}`;
      return unmet('not-visible', text, lacking);
    }
    if (choice) {
      const other = choice.entries.find((member) => ev.tri[member] === YES);
      if (value === 'n')
        return unmet('choice', 'one member of the choice must be y, and no other is available');
      const name =
        other === undefined ? 'another member' : this.#config.kconfig.tree.symbols[other]?.name;
      return unmet(
        'choice',
        `${name} has precedence in the choice${at(spanOf(this.#nodeOf(choice)))}`,
      );
    }
    if (slot >= 0) return unmet('range', 'that is outside its range');
    const rev = ev.rev[id] as number;
    if (rev > stored - 1) {
      const steps = this.#terms(sym.revDep, rev, P.SELECT, sym);
      const names = list(steps.slice(0, NAMED).map((step) => `${step.symbol}${at(step.span)}`));
      return unmet('forced', `it is selected by ${names}`, steps);
    }
    if (value === 'm') return unmet('no-modules', 'without modules m counts as y');
    const prompt = prompts[0] as Prop;
    const lacking = this.#lacking(prompt.cond);
    return unmet(
      'limited',
      `it can be at most m: it needs ${this.#needs(prompt)}, and ${this.#facts(prompt.cond, lacking)}`,
      lacking,
    );
  }

  #prompts(sym: Sym): Prop[] {
    return sym.props.filter((prop) => prop.kind === P.PROMPT || prop.kind === P.MENU);
  }

  #propOf(sym: Sym, kind: number, row: number): Prop {
    const rows =
      kind === P.DEFAULT ? this.#evaluator.program.defaults : this.#evaluator.program.ranges;
    return sym.props.filter((prop) => prop.kind === kind)[
      row - (rows.start[sym.id] as number)
    ] as Prop;
  }

  /** A step for each operand that keeps a condition from holding, or from being y. */
  #lacking(e: Expr): WhyStep[] {
    const ev = this.#evaluator;
    const { tree } = this.#config.kconfig;
    return blame(ev, e, ev.expr(e) === MOD ? YES : MOD).map(({ expr, symbols }): WhyStep => {
      const operand = this.#config.kconfig.views.text(expr);
      const syms = symbols.map((id) => tree.symbols[id] as Sym);
      const [only] = syms;
      if (only && syms.length === 1) return this.#deeper(only, operand);
      const because = syms.filter((sym) => sym.nodes.length > 0).map((sym) => this.#deeper(sym));
      return { kind: 'operand', text: `${withValues(ev, expr)} does not hold`, operand, because };
    });
  }

  /** The step for a symbol further down the chain, with its own reasons if they were not given before. */
  #deeper(sym: Sym, operand?: string): WhyStep {
    const ev = this.#evaluator;
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

  #userStep(sym: Sym): WhyStep {
    return { kind: 'user', text: `the user value of ${sym.name}`, symbol: sym.name, because: [] };
  }

  /** The operands to blame, in words: `SMP is n`, or what a disjunction lacks. */
  #facts(e: Expr, steps: readonly WhyStep[]): string {
    const shown = steps
      .slice(0, NAMED)
      .map(({ symbol, value, text }) => (symbol ? `${symbol} is ${value}` : text));
    const more = steps.length > NAMED ? [`${steps.length - NAMED} more are off`] : [];
    const all = list([...shown, ...more]);
    return steps.length > 1 && !needsAll(this.#evaluator, e) ? `nothing of it holds: ${all}` : all;
  }

  #cond(e: Expr): string {
    return this.#config.kconfig.views.text(e);
  }

  /** What a property needs: its condition with all that surrounds it. */
  #needs(prop: Prop): string {
    return this.#cond(prop.cond);
  }

  #conditionText(prop: Prop): string {
    return this.#evaluator.program.store.isYes(prop.cond)
      ? ''
      : withValues(this.#evaluator, prop.cond);
  }
}
