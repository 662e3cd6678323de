import { isNegated } from '../condition/convention-formula.ts';
import type { Conventions } from '../scan/conventions.ts';

/**
 * The text of include/generated/autoconf.h for a `.config`. `forced` are values of options that hold instead, whatever
 * Kconfig would say to them.
 */
export function autoconfOf(
  config: string,
  forced: ReadonlyMap<string, string> = new Map(),
): string {
  const values = new Map(
    [...config.matchAll(/^CONFIG_(\w+)=(.*)$/gm)].map((found) => [
      found[1] as string,
      found[2] as string,
    ]),
  );
  for (const [name, value] of forced) values.set(name, value);
  const lines = [...values].map(([name, value]) => {
    if (value === 'n' || value === '') return '';
    if (value === 'm') return `#define CONFIG_${name}_MODULE 1\n`;
    return `#define CONFIG_${name} ${value === 'y' ? '1' : value}\n`;
  });
  return lines.join('');
}

/**
 * What a project's own writer of that header defines beside `CONFIG_X`, for all of its options: `ENABLE_X`, `IF_X(…)`,
 * `__UCLIBC_HAS_X__`. `values` has those that are off, too, as n.
 */
export function conventionMacros(
  conventions: Conventions,
  values: ReadonlyMap<string, string>,
): string {
  const lines: string[] = [];
  for (const affix of conventions.affixes) {
    const { before, after, called, always } = affix;
    for (const [option, value] of values) {
      const name = `${before}${option}${after}`;
      const on = !/^n?$/.test(value);
      if (called)
        lines.push(`#define ${name}(...)${on === isNegated(affix) ? '' : ' __VA_ARGS__'}\n`);
      else if (on || always)
        lines.push(`#define ${name} ${!on ? '0' : /^[ym]$/.test(value) ? '1' : value}\n`);
    }
  }
  return lines.join('');
}
