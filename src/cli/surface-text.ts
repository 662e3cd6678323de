import { inert } from '../input/index.ts';
import type {
  FallbackSite,
  FunctionChange,
  SizedSide,
  SizedStruct,
  Surface,
} from '../tree/index.ts';

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

/** Types whose layout differs: sizes, and the members that moved. */
export function sizesText({
  structs,
  leftOut,
}: {
  structs: readonly SizedStruct[];
  leftOut: readonly string[];
}): string {
  const rows = structs.map((one): [string, string, string] => [
    one.name,
    `${sizeText(one.left)} → ${sizeText(one.right)}${movedText(one)}`,
    one.file,
  ]);
  const rest = leftOut.map((path): [string, string, string] => [path, 'not looked at', '']);
  return section('Sizes', [...rows, ...rest], (row) => row);
}

function sizeText(side: SizedSide | null): string {
  if (!side) return 'none';
  return side.size === null
    ? `? (${side.why})`
    : `${side.size}${side.randomized ? ' shuffled' : ''}`;
}

/** How many members lie elsewhere, and which are on one side only. */
function movedText({ left, right }: SizedStruct): string {
  if (!left?.layout.length || !right?.layout.length) return '';
  const of = new Map(right.layout.map((member) => [member.name, member]));
  const moved = left.layout.filter(({ name, offset }) => {
    const other = of.get(name);
    return other !== undefined && other.offset !== offset;
  });
  const n = moved.length;
  return n === 0 ? '' : `; ${n} ${n === 1 ? 'member' : 'members'} moved, first ${moved[0]?.name}`;
}

/** Fallback sites as a section of their own. */
export function fallbacksText(sites: readonly FallbackSite[]): string {
  return section('Fallbacks', sites, (one) => [
    one.function,
    `${one.call}, else ${one.fallback.join(', ') || 'nothing'}${one.condition === 'always' ? '' : ` if ${one.condition}`}`,
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
