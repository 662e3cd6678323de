import { withValues } from '../eval/unmet.ts';
import { E, MOD, NO, YES } from '../expr/store.ts';
import { P, type Sym } from '../menu/model.ts';
import { spanOf, tristateOf } from '../menu/views.ts';
import { at, NAMED, named, type WhyStep } from './blame.ts';
import type { Explainer } from './explainer.ts';
import { nothingReason } from './nothing-reason.ts';
import type { Reason } from './why.ts';

/** What gives a bool or tristate outside of choices its value: the user, a select, a default or an imply. */
export function tristateReason(why: Explainer, sym: Sym): Reason {
  const ev = why.evaluator;
  const id = sym.id;
  const value = ev.tri[id] as number;
  const is = `${sym.name} is ${tristateOf(value)}`;
  const rev = ev.rev[id] as number;
  const user = userOf(why, sym);
  const own = user >= 0 ? user : ownDefault(why, sym);
  if (rev > own) return selected(why, sym, is, rev);
  if (user >= 0)
    return { cause: 'user', text: `${is}: set by the user`, because: [why.userStep(sym)] };
  const row = ev.defaultRow(id);
  const given = row < 0 ? NO : defaultValue(why, row);
  const imply = ev.imply[id] as number;
  if (imply > given) return implied(why, sym, is, imply);
  if (row >= 0) return defaulted(why, sym, is, row);
  return nothingReason(why, sym, is);
}

/** The user value as it counts, or -1. */
function userOf(why: Explainer, sym: Sym): number {
  const ev = why.evaluator;
  const user = ev.user[sym.id] as number;
  if (user === 0 || (ev.visible[sym.id] === NO && !sym.transitional)) return -1;
  return sym.transitional ? user - 1 : Math.min(user - 1, ev.visible[sym.id] as number);
}

function ownDefault(why: Explainer, sym: Sym): number {
  const ev = why.evaluator;
  const row = ev.defaultRow(sym.id);
  const given = row < 0 ? NO : defaultValue(why, row);
  const imply = ev.imply[sym.id] as number;
  return imply === NO ? given : Math.min(Math.max(given, imply), ev.dir[sym.id] as number);
}

function defaultValue(why: Explainer, row: number): number {
  const ev = why.evaluator;
  const { a, cond } = ev.program.defaults;
  return Math.min(ev.expr(a[row] as number), ev.expr(cond[row] as number));
}

function selected(why: Explainer, sym: Sym, is: string, rev: number): Reason {
  const steps = why.terms(sym.revDep, rev, P.SELECT, sym);
  const unmet = (why.evaluator.dir[sym.id] as number) < rev;
  const against = unmet
    ? `, although its dependencies (${why.cond(sym.dirDep)}) do not allow it`
    : '';
  const names = named(steps);
  const more = steps.length > NAMED ? ` and ${steps.length - NAMED} more` : '';
  const text = `${is}: selected by ${names}${more}${against}`;
  return {
    cause: 'select',
    text,
    because: steps,
    ...(steps[0]?.span && { span: steps[0].span }),
  };
}

function implied(why: Explainer, sym: Sym, is: string, imply: number): Reason {
  const steps = why.terms(sym.implied, imply, P.IMPLY, sym);
  const names = named(steps);
  const capped = (why.evaluator.dir[sym.id] as number) < imply;
  const because = capped ? [...steps, ...why.lacking(sym.dirDep)] : steps;
  const text = `${is}: implied by ${names}${capped ? `, but limited by its dependencies (${why.cond(sym.dirDep)})` : ''}`;
  return { cause: 'imply', text, because, ...(steps[0]?.span && { span: steps[0].span }) };
}

function defaulted(why: Explainer, sym: Sym, is: string, row: number): Reason {
  const ev = why.evaluator;
  const prop = why.propOf(sym, P.DEFAULT, row);
  const value = why.config.kconfig.views.text(prop.expr);
  const span = spanOf(prop);
  const plain =
    ev.program.store.kind[prop.expr] === E.SYMBOL &&
    (ev.program.store.left[prop.expr] as number) <= YES;
  const cond = why.conditionText(prop);
  let text = `${is}: its default ${value}${at(span)} applies${cond === '' ? '' : ` because ${cond}`}`;
  let because: WhyStep[] = [];
  if (!plain) {
    text = `${is}: its default ${value}${at(span)} is ${ev.textOf(sym.id)}, with ${withValues(ev, prop.expr)}`;
    because = why.lacking(prop.expr);
  }
  if (ev.expr(prop.cond) === MOD && ev.expr(prop.expr) === YES)
    because.push(...why.lacking(prop.cond));
  return { cause: 'default', text, span, because };
}
