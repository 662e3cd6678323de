import { inert } from '../input/index.ts';
import type { Surface } from '../tree/index.ts';
import { functionText, section } from './surface-rows.ts';

/** So many folders, and names of each kind, are shown. */
const FOLDERS = 40;
const NAMES = 30;

/** Folders that say little by themselves. */
const WIDE = new Set(['arch', 'drivers', 'include', 'sound', 'net', 'fs']);

/** Columns of the sum. */
const COLUMNS = ['gone', 'new', 'signature', 'body', 'types', 'fields', 'macros'] as const;
type Column = (typeof COLUMNS)[number];
type Counts = Record<Column, number>;

/**
 * What is different, summed up by folders; then what breaks callers elsewhere: functions others can call that are gone
 * or take something else, and members that are gone from types of headers for all. The whole is in the JSON.
 */
export function surfaceDigest(surface: Surface): string {
  const { functions, fields, moved } = surface;
  const open = functions.filter((one) => one.private !== true);
  const gone = open.filter(({ left, right }) => left !== 'absent' && right === 'absent');
  const other = open.filter(({ differs }) => differs === 'signature');
  const lost = fields.filter(({ file, right }) => right === null && isForAll(file));
  return [
    folders(surface),
    moved.length === 0 ? '' : `\nFiles that moved: ${moved.length}\n`,
    some('Functions others could call that are gone', gone, (one) => [
      one.name,
      functionText(one),
      one.file,
    ]),
    some('Functions others can call that take something else', other, (one) => [
      one.name,
      functionText(one),
      one.file,
    ]),
    some('Members gone from types in headers for all', lost, (one) => [
      `${one.struct}.${one.field}`,
      '',
      one.file,
    ]),
    '\nEvery difference: --format json\n',
  ].join('');
}

function isForAll(file: string): boolean {
  return /^(?:arch\/[^/]+\/)?include\//.test(file);
}

function some<T>(
  title: string,
  list: readonly T[],
  row: (one: T) => readonly [string, string, string],
): string {
  // Headers first: what they have is meant for more callers.
  const [common, arch] = [
    list.filter((one) => row(one)[2].startsWith('include/')),
    list.filter((one) => isForAll(row(one)[2])),
  ];
  const shown = [...new Set([...common, ...arch, ...list])].slice(0, NAMES);
  const more = list.length - shown.length;
  const text = section(title, shown, row).replace(/: \d+\n/, `: ${list.length}\n`);
  return more > 0 ? `${text}  and ${more} more\n` : text;
}

/** A line for each folder with the most differences. */
function folders({ functions, structs, fields, macros }: Surface): string {
  const found = new Map<string, Counts>();
  const add = (file: string, column: Column): void => {
    const folder = folderOf(file);
    let counts = found.get(folder);
    if (!counts) {
      counts = { gone: 0, new: 0, signature: 0, body: 0, types: 0, fields: 0, macros: 0 };
      found.set(folder, counts);
    }
    counts[column]++;
  };
  for (const { file, left, right, differs } of functions) {
    if (differs === 'presence') add(file, left === 'absent' ? 'new' : 'gone');
    else if (left === 'absent' || right === 'absent' || differs !== 'signature') add(file, 'body');
    else add(file, 'signature');
  }
  for (const { file } of structs) add(file, 'types');
  for (const { file } of fields) add(file, 'fields');
  for (const { file } of macros) add(file, 'macros');
  const sum = (counts: Counts): number => COLUMNS.reduce((all, one) => all + counts[one], 0);
  const sorted = [...found].sort(([a, x], [b, y]) => sum(y) - sum(x) || (a < b ? -1 : 1));
  const rest = sorted.slice(FOLDERS);
  const rows = sorted
    .slice(0, FOLDERS)
    .map(([folder, counts]): [string, Counts] => [inert(folder), counts]);
  if (rest.length > 0) {
    const all = Object.fromEntries(
      COLUMNS.map((one) => [one, rest.reduce((n, [, counts]) => n + counts[one], 0)]),
    );
    rows.push([`${rest.length} other folders`, all as Counts]);
  }
  const line = (cells: readonly string[]): string => `  ${cells.join('')}`;
  const width = Math.max(...rows.map(([folder]) => folder.length));
  const head = line([''.padEnd(width), ...COLUMNS.map((one) => one.padStart(11))]);
  const body = rows.map(([folder, counts]) =>
    line([
      folder.padEnd(width),
      ...COLUMNS.map((one) => (counts[one] === 0 ? '' : String(counts[one])).padStart(11)),
    ]).trimEnd(),
  );
  return `\n${head}\n${body.join('\n')}\n`;
}

/** The first folder of a path, and the second where the first says little. */
function folderOf(file: string): string {
  const [first, second, third] = file.split('/');
  return first !== undefined && WIDE.has(first) && third !== undefined
    ? `${first}/${second}`
    : (first as string);
}
