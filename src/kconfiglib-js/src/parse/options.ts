import { diagnostic } from '../diagnostics/sink.ts';
import { E, NO } from '../expr/store.ts';
import { compareWith } from '../expr/transform.ts';
import { T } from '../lex/tokens.ts';
import { P, type Sym, TYPE } from '../menu/model.ts';
import type { Context } from './context.ts';
import { parseExpr, parseIf, parseName, parseSymbol } from './expression.ts';

const TYPES = new Map<number, number>([
  [T.BOOL, TYPE.BOOL],
  [T.TRISTATE, TYPE.TRISTATE],
  [T.INT, TYPE.INT],
  [T.HEX, TYPE.HEX],
  [T.STRING, TYPE.STRING],
]);

const DEF_TYPES = new Map<number, number>([
  [T.DEF_BOOL, TYPE.BOOL],
  [T.DEF_TRISTATE, TYPE.TRISTATE],
  [T.DEF_INT, TYPE.INT],
  [T.DEF_HEX, TYPE.HEX],
  [T.DEF_STRING, TYPE.STRING],
]);

/** The lines below `config NAME`. Returns at the first token that is none of them. */
export function parseConfigOptions(c: Context): void {
  while (parseConfigOption(c)) {
    // One line after the other.
  }
}

function parseConfigOption(c: Context): boolean {
  const token = c.peek();
  const type = TYPES.get(token);
  c.begin();
  if (type !== undefined) {
    c.shift();
    // The prompt counts even if the rest of the line is wrong.
    if (c.peek() === T.WORD_QUOTE) c.addPrompt(P.PROMPT, c.word(T.WORD_QUOTE), parseIf(c));
    c.expect(T.EOL);
    c.setType(type);
    return true;
  }
  switch (token) {
    case T.PROMPT:
      parsePrompt(c);
      return true;
    case T.DEFAULT:
    case T.DEF_BOOL:
    case T.DEF_TRISTATE:
    case T.DEF_INT:
    case T.DEF_HEX:
    case T.DEF_STRING:
      parseDefault(c, token);
      return true;
    case T.OPTION:
      parseOption(c);
      return true;
    case T.SELECT:
    case T.IMPLY:
      c.shift();
      parseTarget(c, token === T.SELECT ? P.SELECT : P.IMPLY);
      return true;
    case T.RANGE:
      parseRange(c);
      return true;
    case T.MODULES:
      c.shift();
      c.expect(T.EOL);
      setModules(c);
      return true;
    case T.TRANSITIONAL:
      c.shift();
      c.expect(T.EOL);
      (c.entry.sym as Sym).transitional = true;
      return true;
    default:
      return parseDepends(c) || parseHelp(c);
  }
}

/** The lines below `choice`. */
export function parseChoiceOptions(c: Context): void {
  for (;;) {
    const token = c.peek();
    c.begin();
    if (c.features.superset && parseOldChoiceOption(c, token)) continue;
    if (token === T.PROMPT || (token === T.BOOL && c.features.choiceBool)) {
      parsePrompt(c);
    } else if (token === T.DEFAULT) {
      c.shift();
      parseTarget(c, P.DEFAULT);
    } else if (!parseDepends(c) && !parseHelp(c)) return;
  }
}

/** The lines below `menu`. */
export function parseMenuOptions(c: Context): void {
  for (;;) {
    c.begin();
    if (c.peek() === T.VISIBLE) {
      c.shift();
      const condition = parseIf(c);
      c.expect(T.EOL);
      c.entry.visibility = c.tree.store.and(c.entry.visibility, condition);
    } else if (!parseDepends(c)) return;
  }
}

/** `depends on EXPR`, and in 7.0 `depends on EXPR if CONDITION`: with the condition n there is no dependency. */
export function parseDepends(c: Context): boolean {
  if (c.peek() !== T.DEPENDS) return false;
  c.shift();
  c.expect(T.ON);
  let e = parseExpr(c);
  if (c.features.dependsIf) {
    const condition = parseIf(c);
    if (condition !== 0) e = c.tree.store.or(e, compareWith(c.tree.store, condition, E.EQUAL, NO));
  }
  c.expect(T.EOL);
  c.addDep(e);
  return true;
}

function parseHelp(c: Context): boolean {
  if (c.peek() !== T.HELP) return false;
  c.shift();
  c.expect(T.EOL);
  c.lexer.startHelp();
  c.expect(T.HELPTEXT);
  const name = c.entry.sym?.isChoice ? (c.entry.sym.choiceName ?? '<choice>') : c.entry.sym?.name;
  if (c.entry.help) {
    const message = `'${name}' defined with more than one help text`;
    c.complain('help-twice', `${message} -- only the last one will be used`, message);
  }
  if (c.lexer.helpBlank) c.complain('help-blank', `'${name}' defined with blank help text`);
  c.entry.help = c.lexer.help;
  return true;
}

function parsePrompt(c: Context): void {
  c.shift();
  const text = c.word(T.WORD_QUOTE);
  const condition = parseIf(c);
  c.expect(T.EOL);
  c.addPrompt(P.PROMPT, text, condition);
}

function parseDefault(c: Context, token: number): void {
  c.shift();
  const value = parseExpr(c);
  const condition = parseIf(c);
  c.expect(T.EOL);
  c.addProp(P.DEFAULT, condition).expr = value;
  const type = DEF_TYPES.get(token);
  if (type !== undefined) c.setType(type);
}

/** The lines below `configdefault`. */
export function parseDefaults(c: Context): void {
  for (;;) {
    c.begin();
    if (c.peek() !== T.DEFAULT) return;
    parseDefault(c, T.DEFAULT);
  }
}

/** What a choice could have up to Linux 6.10: a type, which may be tristate, and `optional`. */
function parseOldChoiceOption(c: Context, token: number): boolean {
  const type = token === T.BOOL || token === T.TRISTATE ? TYPES.get(token) : undefined;
  if (type !== undefined) {
    c.shift();
    if (c.peek() === T.WORD_QUOTE) c.addPrompt(P.PROMPT, c.word(T.WORD_QUOTE), parseIf(c));
    c.expect(T.EOL);
    c.setType(type);
    return true;
  }
  if (token !== T.OPTIONAL) return false;
  c.shift();
  c.expect(T.EOL);
  (c.entry.sym as Sym).optional = true;
  return true;
}

/** `option modules`, `option defconfig_list`, `option allnoconfig_y` and `option env="NAME"`. */
function parseOption(c: Context): void {
  c.shift();
  const sym = c.entry.sym as Sym;
  if (c.peek() === T.MODULES) {
    c.shift();
    c.expect(T.EOL);
    setModules(c);
    return;
  }
  const name = c.word(T.WORD);
  if (name === 'env') {
    c.expect(T.EQUAL);
    const variable = c.word(T.WORD_QUOTE);
    c.expect(T.EOL);
    setFromEnvironment(c, sym, variable);
    return;
  }
  if (name !== 'defconfig_list' && name !== 'allnoconfig_y') c.reject(name);
  c.expect(T.EOL);
  if (name === 'allnoconfig_y') sym.allnoconfigY = true;
  else c.tree.defconfigList ??= sym;
}

/** The variable's value becomes the default of the symbol, which is not written to a `.config`. */
function setFromEnvironment(c: Context, sym: Sym, variable: string): void {
  sym.bounce = true;
  const value = c.lexer.preprocessor.variable(variable);
  if (value === undefined) {
    const message = `environment variable ${variable} is not set`;
    c.sink.add(diagnostic('warning', 'env', c.statementSpan(), message, `warning: ${message}`));
    return;
  }
  c.tree.bounced.set(sym.name, value);
  c.addProp(P.DEFAULT, 0).expr = c.tree.store.symbol(c.symbol(value, true).id);
}

function parseTarget(c: Context, kind: number): void {
  const target = parseName(c);
  const condition = parseIf(c);
  c.expect(T.EOL);
  c.addProp(kind, condition).expr = c.tree.store.symbol(target.id);
}

function parseRange(c: Context): void {
  c.shift();
  const low = parseSymbol(c);
  const high = parseSymbol(c);
  const condition = parseIf(c);
  c.expect(T.EOL);
  const prop = c.addProp(P.RANGE, condition);
  prop.low = low.id;
  prop.high = high.id;
}

function setModules(c: Context): void {
  const sym = c.entry.sym as Sym;
  const old = c.tree.modules;
  if (old) {
    c.error(
      'modules-twice',
      `symbol '${sym.name}' redefines option 'modules' already defined by symbol '${old.name}'`,
    );
  }
  c.tree.modules = sym;
}
