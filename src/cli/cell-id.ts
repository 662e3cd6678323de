import { inputError } from '../input/index.ts';
import { parseSetting, type Setting } from './setting.ts';

/** A configuration as the command line names it. */
export interface CellName {
  readonly edition: string;
  readonly settings: readonly Setting[];
}

/** `v7.0:64BIT=y,SMP=n`, or an edition alone. */
export function parseCellId(id: string): CellName {
  const colon = id.indexOf(':');
  if (colon < 0) return { edition: id, settings: [] };
  const rest = id.slice(colon + 1);
  const settings = rest === '' ? [] : splitSettings(rest).map((part) => parseSetting(part, id));
  const names = new Set<string>();
  for (const { name } of settings) {
    if (names.has(name)) throw inputError('usage', `${id}: ${name} is given twice`);
    names.add(name);
  }
  return { edition: id.slice(0, colon), settings };
}

/** Split at commas outside double quotes, for a cell's id quotes values that hold one. */
function splitSettings(text: string): string[] {
  return text.match(/(?:"(?:\\.|[^"\\])*"|[^,"])+|"[^,]*/g) ?? [''];
}
