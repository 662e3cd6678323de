/** For how many there is room; a larger tree is left to others. What is not used costs nothing. */
export const SYMBOLS = 1 << 16;
const ENTRIES = 1 << 16;
const PROPS = 1 << 17;
const EXPRESSIONS = 1 << 16;
const TEXTS = 1 << 16;
const MEMBERS = 1 << 15;
const FRAMES = 128;
const KEYWORDS = 256;
/** Bytes of names, of constants, of texts and of help texts. */
const NAME_BYTES = 1 << 20;
const CONSTANT_BYTES = 1 << 18;
const TEXT_BYTES = 1 << 21;
const HELP_BYTES = 1 << 24;
/** Slots of the tables of constants, of names and of expressions. */
export const NAME_SLOTS = SYMBOLS * 2;
const CONSTANT_SLOTS = 1 << 15;
const EXPRESSION_SLOTS = EXPRESSIONS * 2;

/** Bytes of a word, of a row of names, of a pair of members, of a keyword and of a file that is entered. */
const WORD = 4;
const NAME_ROW = 12;
const PAIR = 8;
const KEYWORD = 12;
const FRAME = 24;

/** Columns and how many bytes they take, in the order in which `bindWords` of parse/wasm/state.ts takes them. */
const SIZES = {
  type: SYMBOLS,
  marks: SYMBOLS,
  firstEntry: SYMBOLS * WORD,
  lastEntry: SYMBOLS * WORD,
  firstProp: SYMBOLS * WORD,
  lastProp: SYMBOLS * WORD,
  symbolExpr: SYMBOLS * WORD,
  nameStart: SYMBOLS * WORD,
  nameEnd: SYMBOLS * WORD,
  entrySym: ENTRIES * WORD,
  entryParent: ENTRIES * WORD,
  entryNext: ENTRIES * WORD,
  entryList: ENTRIES * WORD,
  entryNextOfSym: ENTRIES * WORD,
  entryPrompt: ENTRIES * WORD,
  entryVisibility: ENTRIES * WORD,
  entryDep: ENTRIES * WORD,
  entryHelpStart: ENTRIES * WORD,
  entryHelpEnd: ENTRIES * WORD,
  entryMarks: ENTRIES,
  entryFile: ENTRIES * WORD,
  entryLine: ENTRIES * WORD,
  entryColumn: ENTRIES * WORD,
  propEntry: PROPS * WORD,
  propKind: PROPS,
  propValue: PROPS * WORD,
  propLow: PROPS * WORD,
  propHigh: PROPS * WORD,
  propWritten: PROPS * WORD,
  propCond: PROPS * WORD,
  propNextOfSym: PROPS * WORD,
  propFile: PROPS * WORD,
  propLine: PROPS * WORD,
  propColumn: PROPS * WORD,
  exprKind: EXPRESSIONS,
  exprLeft: EXPRESSIONS * WORD,
  exprRight: EXPRESSIONS * WORD,
  exprTable: EXPRESSION_SLOTS * WORD,
  nameBytes: NAME_BYTES,
  nameRows: SYMBOLS * NAME_ROW,
  nameTable: NAME_SLOTS * WORD,
  constantBytes: CONSTANT_BYTES,
  constantTable: CONSTANT_SLOTS * WORD,
  keywordTable: KEYWORDS * KEYWORD,
  textBytes: TEXT_BYTES,
  textStart: TEXTS * WORD,
  memberRows: MEMBERS * PAIR,
  frames: FRAMES * FRAME,
  wordBytes: 256,
  // Last, for not all want them.
  helpBytes: HELP_BYTES,
} as const;

export type Column = keyof typeof SIZES;

/** What follows in that order: rows and bytes there is room for, and slots of tables less one. */
const LIMITS = [
  SYMBOLS,
  ENTRIES,
  PROPS,
  EXPRESSIONS,
  TEXTS,
  MEMBERS,
  FRAMES,
  NAME_BYTES,
  CONSTANT_BYTES,
  TEXT_BYTES,
  HELP_BYTES,
  EXPRESSION_SLOTS - 1,
  NAME_SLOTS - 1,
  CONSTANT_SLOTS - 1,
  KEYWORDS - 1,
];

/** Where each column begins, from 8 on. */
export const PLACES: Readonly<Record<Column, number>> = placed();

/** Where the columns end, with or without room for help texts. */
export function columnsEnd(keepsHelps: boolean): number {
  return PLACES.helpBytes + (keepsHelps ? HELP_BYTES : 0);
}

function placed(): Record<Column, number> {
  let end = 8;
  const places: Partial<Record<Column, number>> = {};
  for (const [column, size] of Object.entries(SIZES)) {
    places[column as Column] = end;
    end += (size + 7) & ~7;
  }
  return places as Record<Column, number>;
}

/** The words that `bindWords` takes, but for those about the dialect. */
export function layoutWords(): number[] {
  return [...Object.values(PLACES), ...LIMITS];
}
