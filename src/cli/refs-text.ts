import { inert } from '../input/index.ts';
import type { FoundReference, SymbolReferences } from '../tree/index.ts';

/** References of one option as lines: place, kind, state, and what is known of the place. */
export function refsText({ symbol, references }: SymbolReferences): string {
  const count = (state: string): number => references.filter((one) => one.state === state).length;
  const states = ['live', 'dead', 'always', 'dangling']
    .map((state) => [count(state), state] as const)
    .filter(([n]) => n > 0)
    .map(([n, state]) => `${n} ${state}`);
  const noun = references.length === 1 ? 'reference' : 'references';
  const rows = references.map(rowOf);
  return `${symbol}: ${references.length} ${noun}${states.length > 0 ? `: ${states.join(', ')}` : ''}\n${table(rows)}`;
}

function rowOf(one: FoundReference): readonly string[] {
  const state = one.undecided ? `${one.state}?` : one.state;
  const place = one.in === null ? '' : `in ${one.in}`;
  const condition = one.condition === 'always' ? '' : `if ${one.condition}`;
  return [
    `${quoted(one.file)}:${one.line}`,
    one.kind,
    state,
    [place, condition].filter((text) => text !== '').join(', '),
  ].map(inert);
}

/** A name with a line break must not look like two. */
function quoted(path: string): string {
  return /[\n\r]/.test(path) ? JSON.stringify(path) : path;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1, 2].map((i) => Math.max(0, ...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) => `  ${row.map((text, i) => text.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}
