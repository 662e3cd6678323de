import { diagnostic } from '../diagnostics/sink.ts';
import { T, type Token } from '../lex/tokens.ts';
import { ENTRY, MARK } from '../menu/columns.ts';
import { P, TYPE } from '../menu/model.ts';
import { type Context, SyntaxProblem } from './context.ts';
import { parseExpr } from './expression.ts';
import {
  parseChoiceOptions,
  parseConfigOptions,
  parseDefaults,
  parseDepends,
  parseMenuOptions,
} from './options.ts';

/** What the tokens from `endchoice` to `endmenu`, which follow each other, close. */
const END_NAMES = new Map<Token, 'menu' | 'choice' | 'if'>([
  [T.ENDMENU, 'menu'],
  [T.ENDCHOICE, 'choice'],
  [T.ENDIF, 'if'],
]);

/** The whole input. Stops early only where there is no sense in reading on. */
export function parseInput(c: Context): void {
  try {
    parseAll(c);
  } catch (problem) {
    if (!(problem instanceof SyntaxProblem)) throw problem;
  }
  // The title may mention symbols that are defined below it.
  const { entries, props, texts } = c.tree;
  const title = props.value[entries.prompt[0] as number] as number;
  if (title !== 0) texts.set(title, expandOld(c, texts.at(title)));
}

function parseAll(c: Context): void {
  // A wrong title at the beginning ends it all: the grammar takes errors only behind it.
  if (c.peek() === T.MAINMENU) parseMainmenu(c);
  parseStatements(c, false);
  while (c.peek() !== T.EOF) {
    // An `end` without a beginning.
    rejectHere(c);
    parseStatements(c, false);
  }
}

/** Statements up to an `end` token or the end of the input. */
function parseStatements(c: Context, inChoice: boolean): void {
  for (;;) {
    const token = c.peek();
    if (token >= T.ENDCHOICE && token <= T.ENDMENU) return;
    if (token === T.EOF) {
      if (c.open.length === 0) return;
      rejectHere(c);
    }
    const word = token === T.WORD && !inChoice ? c.lexer.value : undefined;
    const depth = c.open.length;
    try {
      parseStatement(c, token, inChoice);
    } catch (problem) {
      recoverFrom(problem, c, word, depth);
    }
  }
}

/** Reject what is no statement, and skip the rest of the line. */
function rejectHere(c: Context): void {
  const depth = c.open.length;
  try {
    c.reject();
  } catch (problem) {
    recoverFrom(problem, c, undefined, depth);
  }
}

function recoverFrom(problem: unknown, c: Context, word: string | undefined, depth: number): void {
  if (!(problem instanceof SyntaxProblem) || c.open.length !== depth) throw problem;
  c.recover();
  if (word === undefined) c.error('invalid-statement', 'invalid statement');
  else c.error('unknown-statement', `unknown statement "${word}"`);
}

function parseStatement(c: Context, token: Token, inChoice: boolean): void {
  switch (token) {
    case T.CONFIG:
    case T.MENUCONFIG:
      if (token === T.MENUCONFIG && inChoice && !c.features.superset) c.reject();
      parseConfig(c, token === T.MENUCONFIG);
      return;
    case T.CONFIGDEFAULT:
      parseConfigDefault(c);
      return;
    case T.COMMENT:
      parseComment(c);
      return;
    case T.IF:
      parseIfBlock(c, inChoice);
      return;
    default:
      if (inChoice && !(c.features.superset && token !== T.CHOICE)) c.reject();
  }
  switch (token) {
    case T.WORD:
      parseAssignment(c);
      return;
    case T.CHOICE:
      parseChoice(c);
      return;
    case T.MENU:
      parseMenu(c);
      return;
    case T.MAINMENU:
      if (!c.features.superset) c.reject();
      parseMainmenu(c);
      return;
    case T.SOURCE:
    case T.RSOURCE:
    case T.OSOURCE:
    case T.ORSOURCE:
      parseSource(c, token);
      return;
    default:
      c.reject();
  }
}

function parseMainmenu(c: Context): void {
  c.shift();
  const text = c.text();
  c.expect(T.EOL);
  const { entry } = c;
  c.entry = 0;
  c.addPrompt(P.MENU, text, 0);
  c.entry = entry;
}

/** `configdefault NAME`: further defaults for a symbol that is defined elsewhere. */
function parseConfigDefault(c: Context): void {
  c.shift();
  const sym = c.name();
  c.expect(T.EOL);
  c.addEntry(sym, false);
  parseDefaults(c);
}

function parseConfig(c: Context, menuconfig: boolean): void {
  c.shift();
  const sym = c.name();
  c.expect(T.EOL);
  c.addEntry(sym);
  parseConfigOptions(c);
  if (c.features.unprompted) {
    if (c.tree.entries.prompt[c.entry] === 0) c.addPrompt(P.PROMPT, c.tree.nameOf(sym), 0);
    if (c.tree.symbols.type[sym] === TYPE.UNKNOWN) c.setType(TYPE.BOOL);
  }
  if (menuconfig) {
    const { entries, props } = c.tree;
    const prompt = entries.prompt[c.entry] as number;
    entries.marks[c.entry] = ENTRY.MENUCONFIG;
    if (prompt !== 0) props.kind[prompt] = P.MENU;
    else c.complain('menuconfig-prompt', 'menuconfig statement without prompt');
    // In the superset the members are found when the tree is finished.
  } else if (c.choice !== 0 && !c.features.superset) addMember(c, sym);
}

function addMember(c: Context, sym: number): void {
  const { entries, members, symbols } = c.tree;
  const complain = (code: string, message: string): void => {
    const span = c.entrySpan(c.entry);
    c.sink.add(diagnostic('error', code, span, message, ` error: ${message}`));
  };
  if (entries.prompt[c.entry] === 0) complain('member-prompt', 'choice member must have a prompt');
  if (symbols.type[sym] !== TYPE.BOOL) complain('member-type', 'choice member must be bool');
  if (((symbols.marks[sym] as number) & MARK.IN_CHOICE) === 0) {
    c.mark(MARK.IN_CHOICE);
    members.get(c.choice)?.push(sym);
  }
}

function parseComment(c: Context): void {
  c.shift();
  const text = c.text();
  c.expect(T.EOL);
  c.addEntry(-1);
  c.addPrompt(P.COMMENT, text, 0);
  while (parseDepends(c)) {
    // One line after the other.
  }
}

function parseIfBlock(c: Context, inChoice: boolean): void {
  c.shift();
  const condition = parseExpr(c);
  c.expect(T.EOL);
  const entry = c.addEntry(-1);
  c.addDep(condition);
  c.openMenu();
  parseBlock(c, entry, 'if', inChoice);
}

function parseMenu(c: Context): void {
  c.shift();
  const text = c.text();
  c.expect(T.EOL);
  const entry = c.addEntry(-1);
  c.addPrompt(P.MENU, text, 0);
  parseMenuOptions(c);
  c.openMenu();
  const { choice } = c;
  c.choice = 0;
  parseBlock(c, entry, 'menu', false);
  c.choice = choice;
}

function parseChoice(c: Context): void {
  c.shift();
  const { superset } = c.features;
  const name = superset && c.peek() === T.WORD ? c.word(T.WORD) : undefined;
  c.expect(T.EOL);
  const entry = c.addEntry(c.tree.choice(name));
  if (!superset) c.setType(TYPE.BOOL);
  c.tree.members.set(entry, []);
  parseChoiceOptions(c);
  if (c.tree.entries.prompt[entry] === 0 && !superset) {
    const message = 'choice must have a prompt';
    const span = c.entrySpan(entry);
    c.sink.add(diagnostic('error', 'choice-prompt', span, message, ` error: ${message}`));
  }
  c.openMenu();
  c.choice = entry;
  parseBlock(c, entry, 'choice', true);
}

/** The statements of a block and its end. The wrong end closes the block too, but not its menu. */
function parseBlock(
  c: Context,
  entry: number,
  name: 'menu' | 'choice' | 'if',
  inChoice: boolean,
): void {
  c.open.push(entry);
  parseStatements(c, inChoice);
  const end = END_NAMES.get(c.shift()) as string;
  if (c.peek() !== T.EOL) {
    // The line is skipped as part of the block's own statements, and the block goes on.
    rejectHere(c);
    c.open.pop();
    parseBlock(c, entry, name, inChoice);
    return;
  }
  c.shift();
  c.open.pop();
  if (name === 'choice') c.choice = 0;
  if (end !== name) {
    c.error('unexpected-end', `unexpected '${end}' within ${name} block`);
    return;
  }
  const span = c.entrySpan(c.menu);
  if (span.file !== c.lexer.file) {
    c.error('end-elsewhere', `'${end}' in different file than '${name}'`);
    const message = `location of the '${name}'`;
    c.sink.add(diagnostic('error', 'end-elsewhere', span, message, ` ${message}`));
    return;
  }
  c.closeMenu();
}

function parseSource(c: Context, kind: Token): void {
  c.shift();
  c.peek();
  const at = { ...c.lexer.span(), line: c.lexer.statementLine };
  const name = expandOld(c, c.text());
  c.expect(T.EOL);
  c.enter({
    name,
    at,
    relative: kind === T.RSOURCE || kind === T.ORSOURCE || c.features.unprompted,
    optional: kind === T.OSOURCE || kind === T.ORSOURCE,
  });
}

/** `$NAME` and `${NAME}` as older tools have them: a symbol with `option env`, or the environment; else as written. */
function expandOld(c: Context, text: string): string {
  if (!c.features.superset) return text;
  return text.replace(
    /\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})/g,
    (whole, bare?: string, braced?: string) => {
      const name = bare ?? braced ?? '';
      return c.tree.bounced.get(name) ?? c.lexer.preprocessor.variable(name) ?? whole;
    },
  );
}

/** `NAME = value` and its kin. */
export function parseAssignment(c: Context): void {
  const name = c.word(T.WORD);
  const token = c.peek();
  if (token !== T.EQUAL && token !== T.COLON_EQUAL && token !== T.PLUS_EQUAL) c.reject(name);
  c.shift();
  let value = '';
  if (c.peek() === T.ASSIGN_VAL) {
    value = c.lexer.value;
    c.shift();
  }
  c.expect(T.EOL);
  const op = token === T.EQUAL ? '=' : token === T.COLON_EQUAL ? ':=' : '+=';
  c.lexer.preprocessor.assign(name, op, value);
}
