import { defaultMember } from '../eval/choice.ts';
import type { ChoiceProgram } from '../eval/program.ts';
import { NO, YES } from '../expr/store.ts';
import type { Prop, Sym } from '../menu/model.ts';
import { spanOf, tristateOf } from '../menu/views.ts';
import { at, choiceTitle, type WhyStep } from './blame.ts';
import type { Explainer } from './explainer.ts';
import type { Reason } from './why.ts';

/** Why a member of a choice is chosen, or is not. */
export function memberReason(why: Explainer, sym: Sym, choice: ChoiceProgram): Reason {
  const ev = why.evaluator;
  const id = sym.id;
  const is = `${sym.name} is ${tristateOf(ev.tri[id] as number)}`;
  const node = why.nodeOf(choice);
  const where = `${choiceTitle(node.sym as Sym)}${at(spanOf(node))}`;
  const span = spanOf(node);
  if (ev.program.classic && ev.visible[choice.id] !== NO && ev.tri[choice.id] === NO) {
    const text = `${is}: ${where} is n, and none of its members was set`;
    return { cause: 'choice', text, span, because: [] };
  }
  if (ev.visible[id] === NO) {
    const prompt = why.prompts(sym)[0] as Prop;
    const lacking = why.lacking(prompt.cond);
    const text = `${is}: in ${where} it is not available without ${why.needs(prompt)}, and ${why.facts(prompt.cond, lacking)}`;
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
  const other = chosen === undefined ? undefined : (why.config.kconfig.tree.symbols[chosen] as Sym);
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
          because: [why.deeper(other)],
        },
      ]
    : [];
  return { cause: 'choice', text, span, because: step };
}
