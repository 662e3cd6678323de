import { ExprStore } from '../expr/store.ts';
import type { SliceableBuffer } from '../lex/source.ts';
import { HelpBytes, MARK, type TreeColumns } from '../menu/columns.ts';
import { type Column, NAME_SLOTS, PLACES } from './compiled-layout.ts';

const SYMBOL_NUMBERS = ['firstEntry', 'lastEntry', 'firstProp', 'lastProp'] as const;
const ENTRY_NUMBERS = {
  sym: 'entrySym',
  parent: 'entryParent',
  next: 'entryNext',
  list: 'entryList',
  nextOfSym: 'entryNextOfSym',
  prompt: 'entryPrompt',
  visibility: 'entryVisibility',
  dep: 'entryDep',
  helpStart: 'entryHelpStart',
  helpEnd: 'entryHelpEnd',
  file: 'entryFile',
  line: 'entryLine',
  column: 'entryColumn',
} as const;
const PROP_NUMBERS = {
  entry: 'propEntry',
  value: 'propValue',
  low: 'propLow',
  high: 'propHigh',
  written: 'propWritten',
  cond: 'propCond',
  nextOfSym: 'propNextOfSym',
  file: 'propFile',
  line: 'propLine',
  column: 'propColumn',
} as const;

/** Rows beyond those that are used: for what is added when the tree is complete. */
const SPARE = 16;

/**
 * Put what a compiled parser left in its memory into the columns of a tree, which are empty. They stay in that memory.
 * `count` is that of parse/wasm/index.ts.
 */
export function takeTree(
  tree: TreeColumns,
  bytes: SliceableBuffer,
  count: (which: number) => number,
): void {
  let which = 0;
  const symbolCount = count(which++);
  const entryCount = count(which++);
  const propCount = count(which++);
  const exprCount = count(which++);
  const nameCount = count(which++);
  const nameLength = count(which++);
  const constantLength = count(which++);
  const textCount = count(which++);
  const helpLength = count(which++);
  const memberCount = count(which++);
  const modules = count(which++);
  const ints = (column: Column, rows: number): Int32Array =>
    new Int32Array(bytes.buffer, PLACES[column], rows);
  const small = (column: Column, rows: number): Uint8Array =>
    new Uint8Array(bytes.buffer, PLACES[column], rows);
  const { symbols, entries, props } = tree;

  const size = symbolCount + SPARE;
  symbols.type = small('type', size);
  symbols.marks = small('marks', size);
  for (const field of SYMBOL_NUMBERS) symbols[field] = ints(field, size);
  entries.count = entryCount;
  entries.marks = small('entryMarks', entryCount + SPARE);
  for (const [field, column] of Object.entries(ENTRY_NUMBERS))
    entries[field as keyof typeof ENTRY_NUMBERS] = ints(column, entryCount + SPARE);
  props.count = propCount;
  props.kind = small('propKind', propCount + SPARE);
  for (const [field, column] of Object.entries(PROP_NUMBERS))
    props[field as keyof typeof PROP_NUMBERS] = ints(column, propCount + SPARE);
  tree.store = new ExprStore({
    kind: small('exprKind', exprCount + SPARE),
    left: ints('exprLeft', exprCount + SPARE),
    right: ints('exprRight', exprCount + SPARE),
  });
  tree.store.count = exprCount;
  tree.modules = modules;

  const names = bytes.latin1Slice(PLACES.nameBytes, PLACES.nameBytes + nameLength);
  const constants = bytes.latin1Slice(PLACES.constantBytes, PLACES.constantBytes + constantLength);
  const start = ints('nameStart', symbolCount);
  const end = ints('nameEnd', symbolCount);
  symbols.names.defer(symbolCount, (id) => {
    const isConstant = ((symbols.marks[id] as number) & MARK.CONSTANT) !== 0;
    return (isConstant ? constants : names).slice(start[id], end[id]);
  });
  for (let id = 3; id < symbolCount; id++)
    if (((symbols.marks[id] as number) & MARK.CONSTANT) !== 0)
      tree.constants.set(symbols.names.at(id), id);
  tree.names.adopt(
    {
      bytes: small('nameBytes', nameLength),
      rows: ints('nameRows', symbolCount * 3),
      table: ints('nameTable', NAME_SLOTS),
    },
    nameCount,
  );
  const textStart = ints('textStart', textCount + 1);
  tree.texts.defer(textCount, (row) => {
    const from = PLACES.textBytes + (textStart[row] as number);
    return bytes.utf8Slice(from, PLACES.textBytes + (textStart[row + 1] as number));
  });
  if (helpLength > 1) {
    const at = PLACES.helpBytes;
    tree.helps = new HelpBytes(bytes.subarray(at, at + helpLength), helpLength);
  }
  const members = ints('memberRows', memberCount * 2);
  for (let i = 0; i < members.length; i += 2) {
    const row = members[i] as number;
    const sym = members[i + 1] as number;
    if (sym < 0) tree.members.set(row, []);
    else tree.members.get(row)?.push(sym);
  }
}
