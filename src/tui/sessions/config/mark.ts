import type { Config, KSymbol, MenuNode } from 'kconfiglib-js';

/**
 * What stands in front of an entry, in the signs of menuconfig: `[*] [ ]` bool, `<*> <M> < >` tristate, `{*} {M}` one
 * that cannot be n, `-*- -M- - -` forced, `(20)` a number or text, `(X) ( )` a member of a choice. Empty for the rest.
 */
export function markOf(config: Config, node: MenuNode): string {
  const { symbol } = node;
  if (!symbol) return '';
  const { type, name } = symbol;
  if (type === 'unknown') return '';
  if (type !== 'bool' && type !== 'tristate') return `(${config.get(name)})`;
  const value = config.get(name);
  const sign = value === 'y' ? '*' : value === 'm' ? 'M' : ' ';
  const can = config.assignable(name);
  if (can.length < 2) return `-${sign}-`;
  if (symbol.choice && node.parent?.choice) return value === 'y' ? '(X)' : `(${sign})`;
  if (!can.includes('n')) return `{${sign}}`;
  return type === 'tristate' && (can.includes('m') || value === 'm') ? `<${sign}>` : `[${sign}]`;
}

/** How a choice is called: with the member that is chosen. */
export function chosenOf(config: Config, members: readonly KSymbol[]): string {
  const chosen = members.find(({ name }) => config.get(name) === 'y');
  if (!chosen) return '';
  return chosen.nodes.find(({ prompt }) => prompt !== undefined)?.prompt ?? chosen.name;
}

/** Has the entry's symbol no user value although it could: what menuconfig calls NEW. */
export function isNew(config: Config, node: MenuNode): boolean {
  const { symbol } = node;
  if (!symbol || node.prompt === undefined || config.userValue(symbol.name) !== undefined)
    return false;
  const logical = symbol.type === 'bool' || symbol.type === 'tristate';
  return logical
    ? config.assignable(symbol.name).length > 1
    : config.visibility(symbol.name) !== 'n';
}
