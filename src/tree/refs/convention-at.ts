import { affixFormula } from '../condition/convention-formula.ts';
import { type Formula, option } from '../condition/formula.ts';
import type { Conventions } from '../scan/conventions.ts';
import type { Reference } from './reference.ts';

/** A mention by a convention of the project. */
interface Named {
  readonly told: Pick<Reference, 'kind' | 'spelled'>;
  /** What it takes for the answer to be yes. */
  readonly holds: Formula;
}

/** Macros take no more than this before their first argument. */
const NEAR = 80;

/** By which convention a place mentions an option, which may be the one of another build; undefined for `CONFIG_X`. */
export function conventionAt(
  text: string,
  offset: number,
  symbol: string,
  conventions: Conventions | undefined,
): Named | undefined {
  if (!conventions) return undefined;
  const { macros, affixes } = conventions;
  const before = text.slice(Math.max(0, offset - NEAR), offset);
  const macro = /\b(\w+)[ \t]*\(\s*$/.exec(before)?.[1];
  if (macro !== undefined && macros.includes(macro)) {
    return { told: { kind: macro }, holds: option(symbol, 'on') };
  }
  for (const affix of affixes) {
    const end = offset + symbol.length;
    if (!before.endsWith(affix.before) || !text.startsWith(affix.after, end)) continue;
    const set = /^[ \t]*#[ \t]*(define|undef)[ \t]+\w+$/m.exec(
      before.slice(before.lastIndexOf('\n') + 1),
    );
    return {
      told: {
        kind: set?.[1] ?? `${affix.before}X${affix.after}`,
        spelled: `${affix.before}${symbol}${affix.after}`,
      },
      holds: affixFormula(affix, symbol),
    };
  }
  return undefined;
}
