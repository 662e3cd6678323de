import type { SymbolType } from './plan.ts';

/** Words people write for y, m and n, in lower case: most are booleans of YAML or C. */
const MEANT: Readonly<Record<string, string>> = {
  y: 'y',
  m: 'm',
  n: 'n',
  yes: 'y',
  true: 'y',
  on: 'y',
  '1': 'y',
  module: 'm',
  no: 'n',
  false: 'n',
  off: 'n',
  '0': 'n',
};

const TAKES: Readonly<Record<SymbolType, { text: string; accepts: RegExp }>> = {
  bool: { text: 'y or n', accepts: /^[yn]$/ },
  tristate: { text: 'y, m or n', accepts: /^[ymn]$/ },
  int: { text: 'a whole number', accepts: /^-?(0|[1-9][0-9]*)$/ },
  hex: { text: 'a hexadecimal number', accepts: /^(0[xX])?[0-9a-fA-F]+$/ },
  string: { text: 'any text', accepts: /^/ },
};

/** Why no type in the list takes the value; `undefined` where one does. */
export function valueProblem(
  name: string,
  value: string,
  types: readonly SymbolType[],
): { message: string; hint?: string } | undefined {
  if (types.some((type) => TAKES[type].accepts.test(value))) return undefined;
  const kinds = types.map((type) => `${type}, which takes ${TAKES[type].text}`).join(', or ');
  const meant = MEANT[value.toLowerCase()];
  const fits = meant !== undefined && types.some((type) => TAKES[type].accepts.test(meant));
  return {
    message: `${name} is of type ${kinds}, not "${value}"`,
    ...(fits && { hint: `write ${meant}` }),
  };
}
