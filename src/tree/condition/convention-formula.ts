import { type Affix, type Conventions, variants } from '../scan/conventions.ts';
import { and, type Formula, free, not, option, or } from './formula.ts';
import type { Defines } from './parse-condition.ts';

/**
 * What a name of the preprocessor, or a call with its arguments in parentheses, says of options by the conventions of a
 * project; `asked` if it stands in `defined()`. Undefined where it says nothing of an option there is.
 */
export function conventionFormula(
  name: string,
  args: string | undefined,
  defines: Defines,
  asked = false,
): Formula | undefined {
  const { conventions } = defines;
  if (!conventions) return undefined;
  if (args !== undefined && conventions.macros.includes(name)) {
    const symbol = /^\(\s*(\w+)/.exec(args)?.[1];
    return symbol === undefined ? undefined : phasedOption(symbol, defines);
  }
  const found = spelled(name, conventions);
  if (!found || found.affix.called !== (args !== undefined) || !defines(found.symbol)) {
    return undefined;
  }
  if (asked && found.affix.always) return true;
  return affixFormula(found.affix, found.symbol);
}

/** What it takes for a name made of an option's to give what it is handed, or be other than 0. */
export function affixFormula(affix: Affix, symbol: string): Formula {
  return isNegated(affix) ? not(option(symbol, 'on')) : option(symbol, 'on');
}

/** Does it give what it is handed where the option is off. */
export function isNegated({ before, called }: Affix): boolean {
  return called && /(?:^|_)NOT_$/.test(before);
}

/** The option a name is made of. */
function spelled(
  name: string,
  { affixes }: Conventions,
): { affix: Affix; symbol: string } | undefined {
  for (const affix of affixes) {
    const { before, after } = affix;
    if (name.length <= before.length + after.length) continue;
    if (!name.startsWith(before) || !name.endsWith(after)) continue;
    return { affix, symbol: name.slice(before.length, name.length - after.length) };
  }
  return undefined;
}

/**
 * What it takes for an option to be on, or the one of the build at hand, where each build has another (X, SPL_X); undefined
 * if there is none of them, or the project has no conventions.
 */
export function phasedOption(symbol: string, defines: Defines): Formula | undefined {
  const { conventions } = defines;
  if (!conventions) return undefined;
  const { phases } = conventions;
  const [plain, ...others] = variants(conventions, symbol).map((one) => defines(one));
  if (!plain && !others.includes(true)) return undefined;
  if (phases.length === 0) return option(symbol, 'on');
  const inBuild = phases.map((phase) => free(`building ${phase.replace(/_$/, '')}`));
  return or(
    ...(plain ? [and(option(symbol, 'on'), ...inBuild.map(not))] : []),
    ...phases.flatMap((phase, at) =>
      others[at] ? [and(inBuild[at] as Formula, option(phase + symbol, 'on'))] : [],
    ),
  );
}
