import type { Span } from '../diagnostics/diagnostic.ts';
import type { Config } from '../eval/config.ts';
import { TYPE } from '../menu/model.ts';
import type { WhyStep } from './blame.ts';
import { Explainer } from './explainer.ts';

/** What a value comes from. `dependency`: nothing applies because a condition does not hold. */
export type Cause =
  | 'user'
  | 'default'
  | 'select'
  | 'imply'
  | 'range'
  | 'choice'
  | 'dependency'
  | 'none'
  | 'undefined';

/** Why a user value did not take effect. */
export interface Unmet {
  /** The user value. */
  value: string;
  reason: 'no-prompt' | 'not-visible' | 'limited' | 'forced' | 'choice' | 'range' | 'no-modules';
  text: string;
  because: WhyStep[];
}

/** Where a value comes from. */
export interface Why {
  name: string;
  value: string;
  type: string;
  cause: Cause;
  /** One sentence. */
  text: string;
  /** The line that gave the value, or the definition. */
  span?: Span;
  /** The operands, selects and defaults behind it, each with its own reasons, down to the first cause. */
  because: WhyStep[];
  /** Set when there is a user value that did not take effect. */
  wanted?: Unmet;
}

/** The part of an explanation beyond name, value and type. */
export type Reason = Pick<Why, 'cause' | 'text' | 'because'> &
  Partial<Pick<Why, 'span' | 'wanted'>>;

/** Explain a symbol's value. */
export function explain(config: Config, name: string): Why {
  const sym = config.kconfig.tree.names.get(name);
  if (!sym || (sym.nodes.length === 0 && !sym.constant)) {
    const near = config.kconfig.symbols.suggest(name);
    const text = sym
      ? `${name} is used but not defined anywhere, so it counts as n`
      : `there is no symbol ${name}${near.length > 0 ? `; did you mean ${near.join(', ')}?` : ''}`;
    return { name, value: '', type: 'unknown', cause: 'undefined', text, because: [] };
  }
  config.complete();
  const value = config.valueOf(sym.id);
  const type = config.kconfig.symbols.get(name)?.type ?? 'tristate';
  if (sym.constant || sym.type === TYPE.UNKNOWN) {
    const text = sym.constant ? `${name} is a constant` : `${name} has no type, so it has no value`;
    return { name, value, type, cause: 'none', text, because: [] };
  }
  return { name, value, type, ...new Explainer(config).explain(sym) };
}
