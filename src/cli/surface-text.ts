import type { FallbackSite, SizedSide, SizedStruct, Surface } from '../tree/index.ts';
import { surfaceDigest } from './surface-digest.ts';
import { functionText, section } from './surface-rows.ts';

/** Where more than this is different nobody reads it all: it is summed up. */
const READABLE = 2000;

/** More files than this that were left out for one reason are a number. */
const NAMED = 20;

function summedUp(unparsed: Surface['unparsed']): Surface['unparsed'] {
  const reasons = Map.groupBy(unparsed, ({ reason }) => reason);
  return [...reasons].flatMap(([reason, files]) =>
    files.length > NAMED ? [{ path: `${files.length} files`, reason }] : files,
  );
}

/** What is different, a section for each kind; the sum of it by folders where it is very much. */
export function surfaceChangesText(surface: Surface): string {
  const { options, functions, structs, fields, macros, enumerators, variables } = surface;
  const { objects, moved, unparsed, unanswered } = surface;
  const counts = [
    [functions.length, 'functions'],
    [structs.length, 'types'],
    [fields.length, 'fields'],
    [macros.length, 'macros'],
    [enumerators.length, 'enumerators'],
    [variables.length, 'variables'],
    [objects.length, 'objects'],
  ] as const;
  const found = counts
    .filter(([n]) => n > 0)
    .map(([n, noun]) => (n === 1 ? `1 ${noun.slice(0, -1)}` : `${n} ${noun}`));
  const differ = options.length === 1 ? '1 option differs' : `${options.length} options differ`;
  const head = `${differ}; ${found.length === 0 ? 'nothing else' : found.join(', ')}\n`;
  const all = counts.reduce((sum, [n]) => sum + n, 0);
  const rest = [
    section('Objects', objects, (one) => [one.name, onlyOne(one.left, one.right), '']),
    section('Moved', all > READABLE ? [] : moved, ({ from, to }) => [from, to, '']),
    section('Not parsed in full', summedUp(unparsed), (one) => [one.path, one.reason, '']),
    unansweredText(unanswered),
  ];
  if (all > READABLE) return head + surfaceDigest(surface) + rest.join('');
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
    section('Variables', variables, (one) => [
      one.name,
      one.left !== null && one.right !== null
        ? `${one.left} → ${one.right}`
        : onlyOne(one.left, one.right),
      one.file,
    ]),
  ];
  return head + parts.join('') + rest.join('');
}

/** Conditions with their places; of very many how many there are. */
function unansweredText(unanswered: Surface['unanswered']): string {
  const title = 'Not answered, taken for not so';
  if (unanswered.length <= NAMED) {
    return section(title, unanswered, (one) => [`${one.file}:${one.line}`, one.condition, '']);
  }
  const files = new Set(unanswered.map(({ file }) => file)).size;
  return `\n${title}: ${unanswered.length} conditions in ${files} files\n`;
}

function onlyOne(left: unknown, right: unknown): string {
  if (left === null || left === false) return 'right only';
  return right === null || right === false ? 'left only' : 'differs';
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
    `${one.call}, else ${one.fallback.join(', ') || 'nothing'}${one.by === undefined ? '' : ` in ${one.by}`}${one.condition === 'always' ? '' : ` if ${one.condition}`}`,
    `${one.file}:${one.line}`,
  ]);
}
