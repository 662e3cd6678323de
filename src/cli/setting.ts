import { inputError } from '../input/index.ts';

/** An option and the value asked for. */
export interface Setting {
  readonly name: string;
  readonly value: string;
}

/** `NAME=value` as typed after `--set` or in a cell's id; a leading CONFIG_ is taken off. */
export function parseSetting(text: string, where: string): Setting {
  const match = /^(?:CONFIG_)?([A-Za-z0-9_]+)=(.*)$/s.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw inputError(
      'usage',
      `${where}: "${text}" is not of the form NAME=value`,
      undefined,
      'e.g. SMP=n; text values need no quotes',
    );
  }
  return { name: match[1], value: unquoted(match[2]) };
}

/** Text pasted from a `.config` comes in double quotes. */
function unquoted(value: string): string {
  return /^".*"$/s.test(value) ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value;
}
