import { int } from '../../batch/wasm/load';
import * as E from '../../batch/wasm/numbers';
import {
  comparedWithNo,
  or,
  parseExpr,
  parseIf,
  parseName,
  parseSymbol,
  symbolOf,
} from './expressions';
import { expect, helpBlank, peek, shift, startHelp, valueEnd, valueStart } from './lexer';
import {
  BOOL,
  DEF_BOOL,
  DEF_TRISTATE,
  DEFAULT,
  DEPENDS,
  EOL,
  HELP,
  HELPTEXT,
  HEX,
  IMPLY,
  INT,
  MARK_TRANSITIONAL,
  MODULES,
  ON,
  P_DEFAULT,
  P_IMPLY,
  P_PROMPT,
  P_RANGE,
  P_SELECT,
  PROMPT,
  RANGE,
  SELECT,
  STRING,
  TRANSITIONAL,
  TRISTATE,
  VISIBLE,
  WORD_QUOTE,
} from './numbers';
import { choiceBool, dependsIf, entryHelpEnd, giveUp, propHigh, propLow } from './state';
import {
  addDep,
  addHelp,
  addPrompt,
  addProp,
  addValue,
  addVisibility,
  entry,
  entrySymbol,
  mark,
  setType,
} from './tree';

/** The symbol with the `modules` attribute, or the constant n. */
export let modules: i32 = E.NO;

export function clearModules(): void {
  modules = E.NO;
}

/** The lines below `config NAME`. Returns at the first token that is none of them. */
export function parseConfigOptions(): void {
  for (;;) {
    const token = peek();
    switch (token) {
      case BOOL:
        parseType(E.BOOL);
        continue;
      case TRISTATE:
        parseType(E.TRISTATE);
        continue;
      case INT:
        parseType(E.INT);
        continue;
      case HEX:
        parseType(E.HEX);
        continue;
      case STRING:
        parseType(E.STRING);
        continue;
      case PROMPT:
        parsePrompt();
        continue;
      case DEFAULT:
        parseDefault(E.UNKNOWN);
        continue;
      case DEF_BOOL:
        parseDefault(E.BOOL);
        continue;
      case DEF_TRISTATE:
        parseDefault(E.TRISTATE);
        continue;
      case SELECT:
        parseTarget(P_SELECT);
        continue;
      case IMPLY:
        parseTarget(P_IMPLY);
        continue;
      case RANGE:
        parseRange();
        continue;
      case MODULES:
        shift();
        expect(EOL);
        if (modules !== E.NO) giveUp();
        modules = entrySymbol();
        continue;
      case TRANSITIONAL:
        shift();
        expect(EOL);
        mark(MARK_TRANSITIONAL);
        continue;
      default:
        if (!parseDepends() && !parseHelp()) return;
    }
  }
}

/** The lines below `choice`. */
export function parseChoiceOptions(): void {
  for (;;) {
    const token = peek();
    if (token === PROMPT || (token === BOOL && choiceBool)) parsePrompt();
    else if (token === DEFAULT) parseTarget(P_DEFAULT);
    else if (!parseDepends() && !parseHelp()) return;
  }
}

/** The lines below `menu`. */
export function parseMenuOptions(): void {
  for (;;) {
    if (peek() === VISIBLE) {
      shift();
      const condition = parseIf();
      expect(EOL);
      addVisibility(condition);
    } else if (!parseDepends()) return;
  }
}

/** `depends on EXPR`, and in 7.0 `depends on EXPR if CONDITION`. */
export function parseDepends(): bool {
  if (peek() !== DEPENDS) return false;
  shift();
  expect(ON);
  let e = parseExpr();
  if (dependsIf) {
    const condition = parseIf();
    if (condition !== 0) e = or(e, comparedWithNo(condition, E.EQUAL));
  }
  expect(EOL);
  addDep(e);
  return true;
}

function parseHelp(): bool {
  if (peek() !== HELP) return false;
  shift();
  expect(EOL);
  startHelp();
  expect(HELPTEXT);
  if (int(entryHelpEnd + (entry << 2)) !== 0 || helpBlank) giveUp();
  addHelp();
  return true;
}

function parseType(type: i32): void {
  shift();
  if (peek() === WORD_QUOTE) parseText();
  expect(EOL);
  setType(type);
}

function parsePrompt(): void {
  shift();
  parseText();
  expect(EOL);
}

/** A prompt and its condition. */
function parseText(): void {
  expect(WORD_QUOTE);
  const start = valueStart;
  const end = valueEnd;
  addPrompt(P_PROMPT, start, end, parseIf());
}

function parseDefault(type: i32): void {
  shift();
  const value = parseExpr();
  const condition = parseIf();
  expect(EOL);
  addValue(P_DEFAULT, value, condition);
  if (type !== E.UNKNOWN) setType(type);
}

function parseTarget(kind: i32): void {
  shift();
  const target = parseName();
  const condition = parseIf();
  expect(EOL);
  addValue(kind, symbolOf(target), condition);
}

function parseRange(): void {
  shift();
  const low = parseSymbol();
  const high = parseSymbol();
  const condition = parseIf();
  expect(EOL);
  const row = addProp(P_RANGE, condition);
  store<i32>(propLow + (row << 2), low);
  store<i32>(propHigh + (row << 2), high);
}
