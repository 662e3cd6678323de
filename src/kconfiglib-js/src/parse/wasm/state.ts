// The columns of a tree, as menu/columns.ts describes them, and what helps to make them: where each begins in the memory.
// `bind` takes them in the order in which parse/compiled-layout.ts lays them out.
export let symbolType: usize = 0;
export let symbolMarks: usize = 0;
export let firstEntry: usize = 0;
export let lastEntry: usize = 0;
export let firstProp: usize = 0;
export let lastProp: usize = 0;
/** The expression that is just the symbol. */
export let symbolExpr: usize = 0;
/** Where the name of a symbol begins and ends in the bytes of names; that of a constant, in those of constants. */
export let nameStart: usize = 0;
export let nameEnd: usize = 0;

export let entrySym: usize = 0;
export let entryParent: usize = 0;
export let entryNext: usize = 0;
export let entryList: usize = 0;
export let entryNextOfSym: usize = 0;
export let entryPrompt: usize = 0;
export let entryVisibility: usize = 0;
export let entryDep: usize = 0;
export let entryHelpStart: usize = 0;
export let entryHelpEnd: usize = 0;
export let entryMarks: usize = 0;
export let entryFile: usize = 0;
export let entryLine: usize = 0;
export let entryColumn: usize = 0;

export let propEntry: usize = 0;
export let propKind: usize = 0;
export let propValue: usize = 0;
export let propLow: usize = 0;
export let propHigh: usize = 0;
export let propWritten: usize = 0;
export let propCond: usize = 0;
export let propNextOfSym: usize = 0;
export let propFile: usize = 0;
export let propLine: usize = 0;
export let propColumn: usize = 0;

export let exprKind: usize = 0;
export let exprLeft: usize = 0;
export let exprRight: usize = 0;
export let exprTable: usize = 0;

export let nameBytes: usize = 0;
export let nameRows: usize = 0;
export let nameTable: usize = 0;
export let constantBytes: usize = 0;
export let constantTable: usize = 0;
export let keywordTable: usize = 0;
export let textBytes: usize = 0;
export let textStart: usize = 0;
/** Entry of a choice and a member of it, pair by pair. */
export let memberRows: usize = 0;
export let frames: usize = 0;
/** 1 for each byte that names and keywords are made of. */
export let wordBytes: usize = 0;
export let helpBytes: usize = 0;

/** How many rows there is room for. */
export let symbolRoom: i32 = 0;
export let entryRoom: i32 = 0;
export let propRoom: i32 = 0;
export let exprRoom: i32 = 0;
export let textRoom: i32 = 0;
export let memberRoom: i32 = 0;
export let frameRoom: i32 = 0;
/** Where the bytes of names, constants, texts and helps may not go beyond, counted from where they begin. */
export let nameLimit: i32 = 0;
export let constantLimit: i32 = 0;
export let textLimit: i32 = 0;
export let helpLimit: i32 = 0;
/** Slots of the tables, less one. */
export let exprMask: i32 = 0;
export let nameMask: i32 = 0;
export let constantMask: i32 = 0;
export let keywordMask: i32 = 0;
/** What the dialect has. */
export let dependsIf: bool = false;
export let choiceBool: bool = false;
export let keepsHelps: bool = false;

let next: usize = 0;

function word(): usize {
  next += 4;
  return load<usize>(next - 4);
}

/** Take the words at a place. */
export function bindWords(words: usize): void {
  next = words;
  symbolType = word();
  symbolMarks = word();
  firstEntry = word();
  lastEntry = word();
  firstProp = word();
  lastProp = word();
  symbolExpr = word();
  nameStart = word();
  nameEnd = word();
  entrySym = word();
  entryParent = word();
  entryNext = word();
  entryList = word();
  entryNextOfSym = word();
  entryPrompt = word();
  entryVisibility = word();
  entryDep = word();
  entryHelpStart = word();
  entryHelpEnd = word();
  entryMarks = word();
  entryFile = word();
  entryLine = word();
  entryColumn = word();
  propEntry = word();
  propKind = word();
  propValue = word();
  propLow = word();
  propHigh = word();
  propWritten = word();
  propCond = word();
  propNextOfSym = word();
  propFile = word();
  propLine = word();
  propColumn = word();
  exprKind = word();
  exprLeft = word();
  exprRight = word();
  exprTable = word();
  nameBytes = word();
  nameRows = word();
  nameTable = word();
  constantBytes = word();
  constantTable = word();
  keywordTable = word();
  textBytes = word();
  textStart = word();
  memberRows = word();
  frames = word();
  wordBytes = word();
  helpBytes = word();
  symbolRoom = word() as i32;
  entryRoom = word() as i32;
  propRoom = word() as i32;
  exprRoom = word() as i32;
  textRoom = word() as i32;
  memberRoom = word() as i32;
  frameRoom = word() as i32;
  nameLimit = word() as i32;
  constantLimit = word() as i32;
  textLimit = word() as i32;
  helpLimit = word() as i32;
  exprMask = word() as i32;
  nameMask = word() as i32;
  constantMask = word() as i32;
  keywordMask = word() as i32;
  dependsIf = word() !== 0;
  choiceBool = word() !== 0;
  keepsHelps = word() !== 0;
}

/** Leave the tree to the parser in JavaScript, which knows what to say about it, or has more room. */
export function giveUp(): void {
  unreachable();
}
