import { inert } from '../input/index.ts';
import type {
  ComparedReference,
  ComparedReferences,
  FoundReference,
  SymbolReferences,
} from '../tree/index.ts';
import { quotedPath } from './quoted-path.ts';

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

/** What became of the references of one option: `-` gone, `+` new, `~` changed. */
export function comparedText({ symbol, defined, references, removed }: ComparedReferences): string {
  const before = references.filter((one) => one.change !== 'added').length + removed.length;
  const fate =
    defined.before === defined.after
      ? defined.after
        ? ''
        : ', defined nowhere'
      : defined.after
        ? ', newly defined'
        : ', no longer defined';
  const rows = [
    ...removed.map((one) => ['-', ...rowOf(one)]),
    ...references.map((one) => [signOf(one), ...rowOf(one), wasText(one)]),
  ];
  return `${symbol}: ${before} → ${references.length} references${fate}\n${table(rows)}`;
}

function signOf({ change }: ComparedReference): string {
  return change === 'added' ? '+' : change === 'changed' ? '~' : ' ';
}

function wasText({ before, state, condition }: ComparedReference): string {
  if (!before) return '';
  const parts = [
    before.state === state ? '' : `was ${before.state}`,
    before.condition === condition ? '' : `was if ${before.condition}`,
  ];
  return inert(`(${parts.filter((part) => part !== '').join(', ')})`);
}

function rowOf(one: FoundReference): readonly string[] {
  const state = one.undecided ? `${one.state}?` : one.state;
  const place = one.in === null ? '' : `in ${one.in}`;
  const condition = one.condition === 'always' ? '' : `if ${one.condition}`;
  return [
    `${quotedPath(one.file)}:${one.line}`,
    one.kind,
    state,
    [place, condition].filter((text) => text !== '').join(', '),
  ].map(inert);
}

function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length)) - 1;
  const widths = Array.from({ length: columns }, (_, i) =>
    rows.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), 0),
  );
  return rows
    .map((row) => `  ${row.map((text, i) => text.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}
