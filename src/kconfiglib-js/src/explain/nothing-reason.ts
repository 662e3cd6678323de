import { NO } from '../expr/store.ts';
import { P, type Sym } from '../menu/model.ts';
import { spanOf } from '../menu/views.ts';
import { at, type WhyStep } from './blame.ts';
import type { Explainer } from './explainer.ts';
import type { Reason } from './why.ts';

/** Neither user, select, default nor imply: say what stands in the way. */
export function nothingReason(why: Explainer, sym: Sym, is: string): Reason {
  const blocked = sym.props.filter((prop) => prop.kind === P.DEFAULT);
  const prompts = why.prompts(sym);
  const first = blocked[0];
  if (first) {
    const value = why.config.kconfig.views.text(first.expr);
    const lacking = why.lacking(first.cond);
    const text = `${is}: its default ${value}${at(spanOf(first))} needs ${why.needs(first)}, and ${why.facts(first.cond, lacking)}`;
    const others = blocked.slice(1).map((prop): WhyStep => {
      const what = `its default ${why.config.kconfig.views.text(prop.expr)} does not apply either`;
      return {
        kind: 'default',
        text: what,
        span: spanOf(prop),
        because: why.lacking(prop.cond),
      };
    });
    return { cause: 'dependency', text, span: spanOf(first), because: [...lacking, ...others] };
  }
  const shown = prompts.find((prop) => why.evaluator.expr(prop.cond) !== NO);
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
    const lacking = why.lacking(prompt.cond);
    const text = `${is}: it cannot be set${at(spanOf(prompt))} without ${why.needs(prompt)}, and ${why.facts(prompt.cond, lacking)}`;
    return { cause: 'dependency', text, span: spanOf(prompt), because: lacking };
  }
  const by = sym.revDep === 0 ? 'nothing selects it' : 'nothing that selects it is on';
  return {
    cause: 'none',
    text: `${is}: it has no prompt and no default, and ${by}`,
    because: [],
  };
}
