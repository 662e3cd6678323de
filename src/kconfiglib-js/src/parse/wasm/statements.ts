import { int } from '../../batch/wasm/load';
import * as E from '../../batch/wasm/numbers';
import { assign, source } from './calls';
import { parseExpr, parseName } from './expressions';
import {
  beforePrevious,
  expect,
  file,
  isInFile,
  line,
  lineOffset,
  peek,
  shift,
  skipStatement,
  tokenOffset,
  valueEnd,
  valueStart,
} from './lexer';
import { addChoice } from './names';
import {
  CHOICE,
  COMMENT,
  CONFIG,
  ENDCHOICE,
  ENDIF,
  ENDMENU,
  ENTRY_MENUCONFIG,
  EOF,
  EOL,
  IF,
  MAINMENU,
  MARK_IN_CHOICE,
  MENU,
  MENUCONFIG,
  P_COMMENT,
  P_MENU,
  SOURCE,
  WORD,
  WORD_QUOTE,
} from './numbers';
import { parseChoiceOptions, parseConfigOptions, parseDepends, parseMenuOptions } from './options';
import {
  entryFile,
  entryMarks,
  entryPrompt,
  giveUp,
  propKind,
  symbolMarks,
  symbolType,
} from './state';
import {
  addDep,
  addEntry,
  addMember,
  addPrompt,
  choice,
  closeMenu,
  entry,
  entrySymbol,
  mark,
  menu,
  openMenu,
  setChoice,
  setEntry,
} from './tree';

/** The whole input; what `parseInput` of parse/statements.ts does. */
export function parseInput(): void {
  if (peek() === MAINMENU) {
    shift();
    expect(WORD_QUOTE);
    const start = valueStart;
    const end = valueEnd;
    expect(EOL);
    const before = entry;
    setEntry(0);
    addPrompt(P_MENU, start, end, 0);
    setEntry(before);
  }
  parseStatements(false);
  // An `end` without a beginning.
  if (peek() !== EOF) giveUp();
}

/** Statements up to an `end` token or the end of the input. */
function parseStatements(inChoice: bool): void {
  for (;;) {
    const token = peek();
    if ((token >= ENDCHOICE && token <= ENDMENU) || token === EOF) return;
    parseStatement(token, inChoice);
  }
}

function parseStatement(token: i32, inChoice: bool): void {
  switch (token) {
    case CONFIG:
      parseConfig(false);
      return;
    case MENUCONFIG:
      if (inChoice) giveUp();
      parseConfig(true);
      return;
    case COMMENT:
      parseComment();
      return;
    case IF:
      parseIfBlock(inChoice);
      return;
  }
  if (inChoice) giveUp();
  switch (token) {
    case WORD:
      // Macros in the name were expanded by now.
      if (!isInFile(valueStart)) giveUp();
      assign(tokenOffset(), line, lineOffset(), beforePrevious);
      skipStatement();
      return;
    case CHOICE:
      parseChoice();
      return;
    case MENU:
      parseMenu();
      return;
    case SOURCE:
      parseSource();
      return;
  }
  giveUp();
}

function parseConfig(menuconfig: bool): void {
  shift();
  const sym = parseName();
  expect(EOL);
  addEntry(sym);
  parseConfigOptions();
  if (menuconfig) {
    const prompt = int(entryPrompt + (entry << 2));
    store<u8>(entryMarks + entry, ENTRY_MENUCONFIG);
    if (prompt === 0) giveUp();
    store<u8>(propKind + prompt, P_MENU);
  } else if (choice !== 0) {
    if (int(entryPrompt + (entry << 2)) === 0 || load<u8>(symbolType + sym) !== E.BOOL) giveUp();
    if ((load<u8>(symbolMarks + sym) & MARK_IN_CHOICE) === 0) {
      mark(MARK_IN_CHOICE);
      addMember(choice, sym);
    }
  }
}

function parseComment(): void {
  parseTitle(P_COMMENT);
  while (parseDepends()) {
    // One line after the other.
  }
}

/** The first line of a comment or menu. */
function parseTitle(kind: i32): void {
  shift();
  expect(WORD_QUOTE);
  const start = valueStart;
  const end = valueEnd;
  expect(EOL);
  addEntry(-1);
  addPrompt(kind, start, end, 0);
}

function parseIfBlock(inChoice: bool): void {
  shift();
  const condition = parseExpr();
  expect(EOL);
  addEntry(-1);
  addDep(condition);
  openMenu();
  parseBlock(ENDIF, inChoice);
}

function parseMenu(): void {
  parseTitle(P_MENU);
  parseMenuOptions();
  openMenu();
  const around = choice;
  setChoice(0);
  parseBlock(ENDMENU, false);
  setChoice(around);
}

function parseChoice(): void {
  shift();
  expect(EOL);
  const row = addEntry(addChoice());
  store<u8>(symbolType + entrySymbol(), E.BOOL);
  addMember(row, -1);
  parseChoiceOptions();
  if (int(entryPrompt + (row << 2)) === 0) giveUp();
  openMenu();
  setChoice(row);
  parseBlock(ENDCHOICE, true);
  setChoice(0);
}

/** The statements of a block and its end, which must stand in the same file. */
function parseBlock(last: i32, inChoice: bool): void {
  parseStatements(inChoice);
  if (shift() !== last) giveUp();
  expect(EOL);
  if (file < 0 || file !== int(entryFile + (menu << 2))) giveUp();
  closeMenu();
}

function parseSource(): void {
  shift();
  expect(WORD_QUOTE);
  const start = valueStart;
  const end = valueEnd;
  expect(EOL);
  source(start, end);
}
