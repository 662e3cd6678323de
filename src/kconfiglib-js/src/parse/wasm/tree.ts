import { byte, int } from '../../batch/wasm/load';
import { UNKNOWN } from '../../batch/wasm/numbers';
import { fileNumber } from './calls';
import { and } from './expressions';
import { file, helpEnd, helpStart, setFile, statementColumn, statementLine } from './lexer';
import { P_PROMPT } from './numbers';
import {
  entryColumn,
  entryDep,
  entryFile,
  entryHelpEnd,
  entryHelpStart,
  entryLine,
  entryList,
  entryNext,
  entryNextOfSym,
  entryParent,
  entryPrompt,
  entryRoom,
  entrySym,
  entryVisibility,
  firstEntry,
  firstProp,
  giveUp,
  helpBytes,
  helpLimit,
  keepsHelps,
  lastEntry,
  lastProp,
  memberRoom,
  memberRows,
  propColumn,
  propCond,
  propEntry,
  propFile,
  propKind,
  propLine,
  propNextOfSym,
  propRoom,
  propValue,
  propWritten,
  symbolMarks,
  symbolType,
  textBytes,
  textLimit,
  textRoom,
  textStart,
} from './state';

export let entryCount: i32 = 0;
export let propCount: i32 = 1;
export let textCount: i32 = 1;
export let helpLength: i32 = 1;
export let memberCount: i32 = 0;
let textLength: i32 = 0;

/** Entry whose block is being read, the one read last, and that of the choice being read; see parse/context.ts. */
export let menu: i32 = 0;
export let entry: i32 = 0;
export let choice: i32 = 0;
let last: i32 = 0;
let attachToEntry: bool = true;

export function clearTree(): void {
  entryCount = 1;
  propCount = 1;
  textCount = 1;
  helpLength = 1;
  memberCount = 0;
  textLength = 0;
  menu = 0;
  entry = 0;
  choice = 0;
  last = 0;
  attachToEntry = true;
  store<i32>(entrySym, -1);
  store<i32>(entryParent, -1);
  store<i32>(entryColumn, 1);
  store<i32>(textStart, 0);
  store<i32>(textStart, 0, 4);
}

export function setChoice(row: i32): void {
  choice = row;
}

export function setEntry(row: i32): void {
  entry = row;
}

function fileHere(): i32 {
  if (file < 0) setFile(fileNumber());
  return file;
}

/** Id of the symbol of the entry read last. */
export function entrySymbol(): i32 {
  return int(entrySym + (entry << 2));
}

/** Append an entry to the current menu. */
export function addEntry(sym: i32): i32 {
  const row = entryCount++;
  if (row >= entryRoom) giveUp();
  const at = row << 2;
  store<i32>(entrySym + at, sym);
  store<i32>(entryParent + at, menu);
  store<i32>(entryFile + at, fileHere());
  store<i32>(entryLine + at, statementLine);
  store<i32>(entryColumn + at, statementColumn);
  if (sym >= 0) {
    const lastOfSym = int(lastEntry + (sym << 2));
    store<i32>(lastOfSym === 0 ? firstEntry + (sym << 2) : entryNextOfSym + (lastOfSym << 2), row);
    store<i32>(lastEntry + (sym << 2), row);
  }
  store<i32>((attachToEntry ? entryList : entryNext) + (last << 2), row);
  last = row;
  attachToEntry = false;
  entry = row;
  return row;
}

/** What follows are children of the current entry. */
export function openMenu(): void {
  last = entry;
  attachToEntry = true;
  menu = entry;
}

export function closeMenu(): void {
  last = menu;
  attachToEntry = false;
  menu = int(entryParent + (menu << 2));
}

export function addDep(e: i32): void {
  const at = entryDep + (entry << 2);
  store<i32>(at, and(int(at), e));
}

export function addVisibility(e: i32): void {
  const at = entryVisibility + (entry << 2);
  store<i32>(at, and(int(at), e));
}

/** Append a property to the current entry; returns its row. */
export function addProp(kind: i32, cond: i32): i32 {
  const row = propCount++;
  if (row >= propRoom) giveUp();
  const at = row << 2;
  store<i32>(propEntry + at, entry);
  store<u8>(propKind + row, kind);
  store<i32>(propWritten + at, cond);
  store<i32>(propCond + at, cond);
  store<i32>(propFile + at, fileHere());
  store<i32>(propLine + at, statementLine);
  store<i32>(propColumn + at, statementColumn);
  const sym = entrySymbol();
  if (sym >= 0) {
    const lastOfSym = int(lastProp + (sym << 2));
    store<i32>(lastOfSym === 0 ? firstProp + (sym << 2) : propNextOfSym + (lastOfSym << 2), row);
    store<i32>(lastProp + (sym << 2), row);
  }
  return row;
}

export function addValue(kind: i32, value: i32, cond: i32): void {
  const row = addProp(kind, cond);
  store<i32>(propValue + (row << 2), value);
}

/** A prompt is also subject to `visible if` of all menus around it. */
export function addPrompt(kind: i32, start: usize, end: usize, cond: i32): void {
  const row = addProp(kind, cond);
  const first = start < end ? byte(start) : 0;
  if (first === 32 || (first >= 9 && first <= 13)) giveUp();
  if (int(entryPrompt + (entry << 2)) !== 0) giveUp();
  if (kind === P_PROMPT) {
    let all = cond;
    let up = int(entryParent + (entry << 2));
    for (; up >= 0; up = int(entryParent + (up << 2)))
      all = and(all, int(entryVisibility + (up << 2)));
    store<i32>(propCond + (row << 2), all);
  }
  store<i32>(entryPrompt + (entry << 2), row);
  store<i32>(propValue + (row << 2), addText(start, end));
}

function addText(start: usize, end: usize): i32 {
  const length = (end - start) as i32;
  const row = textCount++;
  if (row + 1 >= textRoom || textLength + length > textLimit) giveUp();
  memory.copy(textBytes + textLength, start, length);
  textLength += length;
  store<i32>(textStart + (row << 2), textLength, 4);
  return row;
}

/** Keep the help text read last for the current entry. */
export function addHelp(): void {
  store<i32>(entryHelpStart + (entry << 2), helpLength);
  if (keepsHelps) {
    const length = (helpEnd - helpStart) as i32;
    if (helpLength + length > helpLimit) giveUp();
    memory.copy(helpBytes + helpLength, helpStart, length);
    helpLength += length;
  }
  store<i32>(entryHelpEnd + (entry << 2), helpLength);
}

/** A second type is only right if it is the same. */
export function setType(type: i32): void {
  const at = symbolType + entrySymbol();
  const old: i32 = load<u8>(at);
  if (old === type) return;
  if (old !== UNKNOWN) giveUp();
  store<u8>(at, type);
}

/** Give the symbol of the current entry a mark. */
export function mark(bit: i32): void {
  const at = symbolMarks + entrySymbol();
  store<u8>(at, load<u8>(at) | bit);
}

/** Append a member to a choice; -1 says that there is the choice. */
export function addMember(row: i32, sym: i32): void {
  const at = memberRows + (memberCount << 3);
  if (memberCount++ >= memberRoom) giveUp();
  store<i32>(at, row);
  store<i32>(at, sym, 4);
}
