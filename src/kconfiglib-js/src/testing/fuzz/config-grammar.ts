import type { FuzzSymbol } from './expression-grammar.ts';
import type { Random } from './random.ts';

/** Write a `.config` for these symbols as somebody might have left it; in a few of a hundred lines, oddly. */
export function fuzzConfig(
  random: Random,
  symbols: readonly FuzzSymbol[],
  prefix = 'CONFIG_',
): string {
  const lines: string[] = [];
  const odd = random.chance(30);
  const density = random.pick([20, 60, 90]);
  for (const symbol of shuffled(random, symbols)) {
    if (random.chance(density)) lines.push(line(random, symbol, prefix));
    if (random.chance(3)) lines.push(line(random, symbol, prefix));
    if (odd && random.chance(8)) lines.push(oddLine(random, symbol, prefix));
  }
  const newline = random.chance(3) ? '\r\n' : '\n';
  return lines.join(newline) + (random.chance(5) ? '' : newline);
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const out = [...items];
  if (random.chance(50)) return out;
  for (let i = out.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}

function line(random: Random, { name, type }: FuzzSymbol, prefix: string): string {
  const value = fuzzValue(random, type);
  return value === 'n' && !random.chance(5)
    ? `# ${prefix}${name} is not set`
    : `${prefix}${name}=${value}`;
}

/** A value as a `.config` has it, mostly one of the type. */
export function fuzzValue(random: Random, type: FuzzSymbol['type']): string {
  switch (type) {
    case 'bool':
      return random.pick(random.chance(4) ? ['m', 'yes', 'Y', '', '1'] : ['y', 'y', 'n']);
    case 'tristate':
      return random.pick(random.chance(3) ? ['mod', 'N', '', '"y"'] : ['y', 'm', 'm', 'n']);
    case 'int':
      return random.chance(6)
        ? random.pick(['010', '+3', '-0', '-7', '0x10', '1 ', '', '99999999999999999999', '"5"'])
        : String(random.below(50));
    case 'hex':
      return random.chance(8)
        ? random.pick(['ff', '0XFF', 'FF00', '0x', 'xyz', '', '10', '0xfffffffffffffffff'])
        : `0x${random.below(80).toString(16)}`;
    default:
      return random.chance(8)
        ? random.pick(['abc', '"abc', '"a"b', '"\\"', '""', '"a\\\\b"', '"ü"', '"#"'])
        : random.pick(['"abc"', '"b"', '"x y"', '"q\\"x"', '"16"']);
  }
}

function oddLine(random: Random, { name }: FuzzSymbol, prefix: string): string {
  return random.pick([
    '',
    '# a remark',
    `#${prefix}${name} is not set`,
    `# ${prefix}${name} is not set `,
    `# ${prefix}${name} is  not set`,
    `# ${prefix}${name} was not set`,
    ` ${prefix}${name}=y`,
    `${prefix}${name}`,
    `${prefix}${name} =y`,
    `${prefix}NOWHERE=y`,
    `${prefix}UNHEARD_OF=y`,
    `# ${prefix}UNHEARD_OF is not set`,
    `${prefix}=y`,
    `${name}=y`,
    '=',
    'garbage',
    '#',
    '# ',
    `${prefix}y=n`,
    `# ${prefix}m is not set`,
    `${prefix}${name}=`,
  ]);
}
