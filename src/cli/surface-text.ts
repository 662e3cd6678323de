import { inert } from '../input/index.ts';
import type { FallbackSite, FunctionChange, Surface } from '../tree/index.ts';

/** What is different, a section for each kind, the files as headings. */
export function surfaceChangesText(surface: Surface): string {
  const { options, functions, structs, fields, macros, enumerators, objects, unparsed } = surface;
  const counts = [
    [functions.length, 'functions'],
    [structs.length, 'types'],
    [fields.length, 'fields'],
    [macros.length, 'macros'],
    [enumerators.length, 'enumerators'],
    [objects.length, 'objects'],
  ] as const;
  const found = counts
    .filter(([n]) => n > 0)
    .map(([n, noun]) => (n === 1 ? `1 ${noun.slice(0, -1)}` : `${n} ${noun}`));
  const differ = options.length === 1 ? '1 option differs' : `${options.length} options differ`;
  const head = `${differ}; ${found.length === 0 ? 'nothing else' : found.join(', ')}\n`;
  const onlyOne = (left: unknown, right: unknown): string =>
    left === null || left === false
      ? 'right only'
      : right === null || right === false
        ? 'left only'
        : 'differs';
  const parts = [
    section('Functions', functions, (one) => [one.name, functionText(one), one.file]),
    section('Types', structs, (one) => [one.name, onlyOne(one.left, one.right), one.file]),
    section('Fields', fields, (one) => [
      `${one.struct}.${one.field}`,
      one.left !== null && one.right !== null
        ? `${one.left} → ${one.right}`
        : onlyOne(one.left, one.right),
      one.file,
    ]),
    section('Macros', macros, (one) => [one.name, onlyOne(one.left, one.right), one.file]),
    section('Enumerators', enumerators, (one) => [
      one.name,
      onlyOne(one.left, one.right),
      one.file,
    ]),
    section('Objects', objects, (one) => [one.name, onlyOne(one.left, one.right), '']),
    section('Not parsed in full', unparsed, (one) => [one.path, one.reason, '']),
  ];
  return head + parts.join('');
}

/** Fallback sites as a section of their own. */
export function fallbacksText(sites: readonly FallbackSite[]): string {
  return section('Fallbacks', sites, (one) => [
    one.function,
    `${one.call}, else ${one.fallback.join(', ')}${one.condition === 'always' ? '' : ` if ${one.condition}`}`,
    `${one.file}:${one.line}`,
  ]);
}

function functionText({ left, right, stub, differs, macros }: FunctionChange): string {
  if (differs === 'macro') return `by macro ${macros?.join(', ')}`;
  const states = left === right ? `${differs} differs` : `${left} → ${right}`;
  return stub === null ? states : `${states} { ${stub === '(nothing)' ? '' : `${stub} `}}`;
}

function section<T>(
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
