import { inert } from '../input/index.ts';
import type { FunctionChange } from '../tree/index.ts';

/** What a function is on each side. */
export function functionText({ left, right, stub, differs, macros }: FunctionChange): string {
  if (differs === 'macro') return `by macro ${macros?.join(', ')}`;
  const states = left === right ? `${differs} differs` : `${left} → ${right}`;
  return stub === null ? states : `${states} { ${stub === '(nothing)' ? '' : `${stub} `}}`;
}

/** Rows in columns below a title with their number. */
export function section<T>(
  title: string,
  list: readonly T[],
  row: (one: T) => readonly [string, string, string],
): string {
  if (list.length === 0) return '';
  const rows = list.map((one) => row(one).map(inert) as [string, string, string]);
  const width = rows.reduce((most, [name]) => Math.max(most, name.length), 0);
  const lines = rows.map(([name, text, file]) =>
    `  ${name.padEnd(width)}  ${text}${file === '' ? '' : `  ${file}`}`.trimEnd(),
  );
  return `\n${title}: ${list.length}\n${lines.join('\n')}\n`;
}
