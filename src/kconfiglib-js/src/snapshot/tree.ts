import { ExprStore } from '../expr/store.ts';
import { hashName } from '../lex/name-hash.ts';
import { HelpBytes, MARK, TreeColumns } from '../menu/columns.ts';
import { P } from '../menu/model.ts';
import { type Column, type Columns, packText } from './container.ts';
import { TextPacker } from './texts.ts';

/** Columns of entries, in the order they are packed. */
const ENTRIES = [
  'sym',
  'parent',
  'next',
  'list',
  'nextOfSym',
  'prompt',
  'visibility',
  'dep',
  'file',
  'line',
  'column',
] as const;

/** Columns of properties, in the order they are packed. */
const PROPS = [
  'entry',
  'value',
  'low',
  'high',
  'written',
  'cond',
  'nextOfSym',
  'file',
  'line',
  'column',
] as const;

/** Columns of symbols, in the order they are packed. */
const SYMBOLS = ['firstEntry', 'lastEntry', 'firstProp', 'lastProp'] as const;

/** The columns of a tree as the parser left it. */
export function packTree(tree: TreeColumns): Column[] {
  const { symbols, entries, props, members } = tree;
  const names = new TextPacker();
  for (const name of symbols.names.all()) names.add(name);
  const files = new TextPacker();
  for (const name of tree.fileNames) files.add(name);
  const prompts = new TextPacker();
  for (let row = 0; row < props.count; row++) {
    const isPrompt = row > 0 && isPromptKind(props.kind[row] as number);
    prompts.add(isPrompt ? tree.texts.at(props.value[row] as number) : '');
  }
  const choices = [...members];
  const memberStart = new Int32Array(choices.length + 1);
  for (const [i, [, ids]] of choices.entries())
    memberStart[i + 1] = (memberStart[i] as number) + ids.length;
  return [
    Int32Array.of(tree.store.count, tree.modules, Number(tree.negationEndsSubmenu)),
    symbols.type.slice(0, symbols.count),
    symbols.marks.slice(0, symbols.count),
    ...SYMBOLS.map((field) => symbols[field].slice(0, symbols.count)),
    entries.marks.slice(0, entries.count),
    ...ENTRIES.map((field) => entries[field].slice(0, entries.count)),
    props.kind.slice(0, props.count),
    ...PROPS.map((field) => props[field].slice(0, props.count)),
    entries.helpStart.slice(0, entries.count),
    entries.helpEnd.slice(0, entries.count),
    tree.helps.bytes,
    Int32Array.from(choices, ([row]) => row),
    memberStart,
    Int32Array.from(choices.flatMap(([, ids]) => ids)),
    ...[names, files, prompts].flatMap((packer) => [...packText(packer.text), packer.starts]),
  ];
}

function isPromptKind(kind: number): boolean {
  return kind <= P.MENU;
}

/** The tree again, over the expressions of its program, of which those the parser made come first. */
export function unpackTree(
  columns: Columns,
  { kind, left, right }: ExprStore,
  files: readonly string[],
): TreeColumns {
  const [written = 0, modules = 0, negationEndsSubmenu] = columns.ints();
  const store = new ExprStore({
    kind: kind.slice(0, written),
    left: left.slice(0, written),
    right: right.slice(0, written),
  });
  const tree = new TreeColumns('', store);
  const { symbols, entries, props } = tree;
  symbols.type = columns.bytes();
  symbols.marks = columns.bytes();
  for (const field of SYMBOLS) symbols[field] = columns.ints();
  entries.marks = columns.bytes();
  for (const field of ENTRIES) entries[field] = columns.ints();
  props.kind = columns.bytes();
  for (const field of PROPS) props[field] = columns.ints();
  entries.helpStart = columns.ints();
  entries.helpEnd = columns.ints();
  const helps = columns.bytes();
  const choices = columns.ints();
  const memberStart = columns.ints();
  const members = columns.ints();
  const names = readTexts(columns);
  const fileNames = readTexts(columns);
  const prompts = readTexts(columns);
  const size = symbols.type.length;
  entries.count = entries.marks.length;
  props.count = props.kind.length;
  for (let row = 1; row < props.count; row++) {
    if (isPromptKind(props.kind[row] as number))
      props.value[row] = tree.texts.add(prompts[row] as string);
  }
  tree.helps = new HelpBytes(helps, helps.length);
  for (const [i, row] of choices.entries())
    tree.members.set(row, [...members.subarray(memberStart[i], memberStart[i + 1])]);
  for (let id = 3; id < size; id++) {
    const name = names[id] as string;
    const marks = symbols.marks[id] as number;
    symbols.names.add(name);
    if ((marks & MARK.CHOICE) !== 0) continue;
    if ((marks & MARK.CONSTANT) !== 0) tree.constants.set(name, id);
    else tree.names.set(id, hashName(name));
  }
  tree.modules = modules;
  tree.negationEndsSubmenu = negationEndsSubmenu === 1;
  tree.fileNames.splice(0, 1, ...fileNames);
  tree.files.push(...files);
  return tree;
}

function readTexts(columns: Columns): string[] {
  const text = columns.text();
  const start = columns.ints();
  return Array.from({ length: start.length - 1 }, (_, i) => text.slice(start[i], start[i + 1]));
}
