import { NO } from '../expr/store.ts';
import { P, type Sym, TYPE } from '../menu/model.ts';
import { spanOf } from '../menu/views.ts';
import { at } from './blame.ts';
import type { Explainer } from './explainer.ts';
import { nothingReason } from './nothing-reason.ts';
import type { Reason } from './why.ts';

/** What gives an int, hex or string its value: the user, a default, or the range both must keep to. */
export function textReason(why: Explainer, sym: Sym): Reason {
  const ev = why.evaluator;
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
      ? ev.copiedText(source)
      : undefined;
  if (before !== undefined && before !== value) {
    const prop = why.propOf(sym, P.RANGE, ev.rangeRow(id));
    const span = spanOf(prop);
    const range = why.config.kconfig.views.property(prop).value;
    const text = `${is}: ${fromUser ? 'the user value' : 'its default'} ${before} is outside its range ${range}${at(span)}`;
    return {
      cause: 'range',
      text,
      span,
      because: [{ kind: 'range', text: `range ${range}`, span, because: [] }],
    };
  }
  if (fromUser)
    return { cause: 'user', text: `${is}: set by the user`, because: [why.userStep(sym)] };
  if (source < 0) return nothingReason(why, sym, is);
  const prop = why.propOf(sym, P.DEFAULT, row);
  const span = spanOf(prop);
  const from = why.config.kconfig.tree.symbols[source] as Sym;
  const of = from.nodes.length > 0 ? `, the value of ${from.name}` : '';
  const cond = why.conditionText(prop);
  const text = `${is}: its default${at(span)}${of}${cond === '' ? '' : ` applies because ${cond}`}`;
  return { cause: 'default', text, span, because: of === '' ? [] : [why.deeper(from)] };
}
