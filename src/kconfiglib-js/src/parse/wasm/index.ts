import { TRISTATE } from '../../batch/wasm/numbers';
import { clearExpressions, exprCount } from './expressions';
import { open, statementColumn, statementLine } from './lexer';
import {
  addKeyword,
  addLetter,
  clearNames,
  constantLength,
  LETTERS,
  nameCount,
  nameLength,
  symbolCount,
} from './names';
import { clearModules, modules } from './options';
import { bindWords, symbolType } from './state';
import { parseInput } from './statements';
import { clearTree, entryCount, helpLength, memberCount, propCount, textCount } from './tree';

export { enter, resume, setValue } from './lexer';
export { addKeyword };

/** Take the columns, which are all zero; `letters` is where n, m and y stand. See parse/compiled.ts. */
export function bind(words: usize, letters: usize): void {
  bindWords(words);
  clearNames();
  clearExpressions();
  clearModules();
  clearTree();
  for (let id: i32 = 0; id < LETTERS; id++) {
    addLetter(letters + id);
    store<u8>(symbolType + id, TRISTATE);
  }
}

/** Read the top file and what it includes. Where there is anything to say about the tree, this traps. */
export function parse(start: usize, length: usize): void {
  open(start, length);
  parseInput();
}

/** What was read: how much of each column is filled, in the order in which parse/compiled-tree.ts asks. */
export function count(which: i32): i32 {
  switch (which) {
    case 0:
      return symbolCount;
    case 1:
      return entryCount;
    case 2:
      return propCount;
    case 3:
      return exprCount;
    case 4:
      return nameCount;
    case 5:
      return nameLength;
    case 6:
      return constantLength;
    case 7:
      return textCount;
    case 8:
      return helpLength;
    case 9:
      return memberCount;
    case 10:
      return modules;
    case 11:
      return statementLine;
    default:
      return statementColumn;
  }
}
