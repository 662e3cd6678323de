import { inputError, readText } from '../input/index.ts';
import type { OptionReason } from '../matrix/index.ts';
import { type Side, sideOfOptions } from '../report/index.ts';

const ASSIGNED = /^CONFIG_([A-Za-z0-9_]+)=(.*)$/;
const NOT_SET = /^# CONFIG_([A-Za-z0-9_]+) is not set$/;

/**
 * The side of a diff for a `.config` file, taken as a bare option set: which Kconfig it was made with
 * is not known, so nothing is resolved and no kernel stands behind it.
 */
export function optionSetSide(path: string, shown: string): Side {
  const options = readOptionSet(readText(path, '.config file'), shown);
  if (options.length === 0) {
    throw inputError(
      'not-a-config',
      `${shown} has no line of the form CONFIG_NAME=value`,
      undefined,
      'a .config file, a cell such as v7.0:SMP=n, or a cell of an exported report is wanted',
    );
  }
  return sideOfOptions(shown, shown, options);
}

/** The options of a `.config`; of several lines for one option the last holds, as for the kernel's conf. */
export function readOptionSet(text: string, file: string): OptionReason[] {
  const options = new Map<string, OptionReason>();
  for (const [i, raw] of text.split('\n').entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const assigned = ASSIGNED.exec(line);
    const symbol = assigned?.[1] ?? NOT_SET.exec(line)?.[1];
    if (symbol === undefined) continue;
    const value = assigned?.[2] ?? 'n';
    options.set(symbol, {
      symbol,
      value,
      why: `${line.startsWith('#') ? 'not set' : 'set'} at ${file}:${i + 1}`,
    });
  }
  return [...options.values()];
}
