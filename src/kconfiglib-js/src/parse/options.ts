import { diagnostic } from '../diagnostics/sink.ts';
import { E, type Expr, NO } from '../expr/store.ts';
import { compareWith } from '../expr/transform.ts';
import { T } from '../lex/tokens.ts';
import { MARK } from '../menu/columns.ts';
import { P, TYPE } from '../menu/model.ts';
import type { Context } from './context.ts';
import { parseExpr, parseIf, parseSymbol } from './expression.ts';

/** The type a token states, UNKNOWN for one that states none. */
const TYPES = typesByToken([
  [T.BOOL, TYPE.BOOL],
  [T.TRISTATE, TYPE.TRISTATE],
  [T.INT, TYPE.INT],
  [T.HEX, TYPE.HEX],
  [T.STRING, TYPE.STRING],
]);

/** The same for tokens that state a default too. */
const DEF_TYPES = typesByToken([
  [T.DEF_BOOL, TYPE.BOOL],
  [T.DEF_TRISTATE, TYPE.TRISTATE],
  [T.DEF_INT, TYPE.INT],
  [T.DEF_HEX, TYPE.HEX],
  [T.DEF_STRING, TYPE.STRING],
]);

function typesByToken(pairs: readonly (readonly [token: number, type: number])[]): Uint8Array {
  const types = new Uint8Array(64).fill(TYPE.UNKNOWN);
  for (const [token, type] of pairs) types[token] = type;
  return types;
}

/** The lines below `config NAME`. Returns at the first token that is none of them. */
export function parseConfigOptions(c: Context): void {
  while (parseConfigOption(c)) {
    // One line after the other.
  }
}

function parseConfigOption(c: Context): boolean {
  const token = c.peek();
  const type = TYPES[token] as number;
  if (type !== TYPE.UNKNOWN) {
    c.shift();
    // The prompt counts even if the rest of the line is wrong.
    if (c.isText()) c.addPrompt(P.PROMPT, c.text(), parseIf(c));
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
      c.mark(MARK.TRANSITIONAL);
      return true;
    default:
      return parseDepends(c) || parseHelp(c);
  }
}

/** The lines below `choice`. */
export function parseChoiceOptions(c: Context): void {
  for (;;) {
    const token = c.peek();
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
    if (c.peek() === T.VISIBLE) {
      c.shift();
      const condition = parseIf(c);
      c.expect(T.EOL);
      const { visibility } = c.tree.entries;
      visibility[c.entry] = c.tree.store.and(visibility[c.entry] as number, condition);
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
  if (c.tree.entries.helpEnd[c.entry] !== 0) {
    const message = `'${c.tree.nameOf(c.entrySym())}' defined with more than one help text`;
    c.complain('help-twice', `${message} -- only the last one will be used`, message);
  }
  if (c.lexer.helpBlank)
    c.complain('help-blank', `'${c.tree.nameOf(c.entrySym())}' defined with blank help text`);
  c.addHelp();
  return true;
}

function parsePrompt(c: Context): void {
  c.shift();
  const text = c.text();
  const condition = parseIf(c);
  c.expect(T.EOL);
  c.addPrompt(P.PROMPT, text, condition);
}

function parseDefault(c: Context, token: number): void {
  c.shift();
  const value = parseExpr(c);
  const condition = parseIf(c);
  c.expect(T.EOL);
  addValue(c, P.DEFAULT, value, condition);
  const type = DEF_TYPES[token] as number;
  if (type !== TYPE.UNKNOWN) c.setType(type);
}

/** The lines below `configdefault`. */
export function parseDefaults(c: Context): void {
  for (;;) {
    if (c.peek() !== T.DEFAULT) return;
    parseDefault(c, T.DEFAULT);
  }
}

/** What a choice could have up to Linux 6.10: a type, which may be tristate, and `optional`. */
function parseOldChoiceOption(c: Context, token: number): boolean {
  const type = TYPES[token];
  if (type === TYPE.BOOL || type === TYPE.TRISTATE) {
    c.shift();
    if (c.isText()) c.addPrompt(P.PROMPT, c.text(), parseIf(c));
    c.expect(T.EOL);
    c.setType(type);
    return true;
  }
  if (token !== T.OPTIONAL) return false;
  c.shift();
  c.expect(T.EOL);
  c.mark(MARK.OPTIONAL);
  return true;
}

/** `option modules`, `option defconfig_list`, `option allnoconfig_y` and `option env="NAME"`. */
function parseOption(c: Context): void {
  c.shift();
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
    setFromEnvironment(c, variable);
    return;
  }
  if (name !== 'defconfig_list' && name !== 'allnoconfig_y') c.reject(name);
  c.expect(T.EOL);
  if (name === 'allnoconfig_y') c.mark(MARK.ALLNOCONFIG_Y);
  else {
    if (c.tree.defconfigList < 0) c.tree.defconfigList = c.entrySym();
    c.mark(MARK.BOUNCE);
  }
}

/** The variable's value becomes the default of the symbol, which is not written to a `.config`. */
function setFromEnvironment(c: Context, variable: string): void {
  const value = c.lexer.preprocessor.variable(variable);
  if (value === undefined && c.features.openEnvironment) {
    c.addPrompt(P.PROMPT, variable, 0);
    return;
  }
  c.mark(MARK.BOUNCE);
  if (value === undefined) {
    const message = `environment variable ${variable} undefined`;
    c.sink.add(diagnostic('warning', 'env', c.entrySpan(c.entry), message, `warning: ${message}`));
    return;
  }
  c.tree.bounced.set(c.tree.nameOf(c.entrySym()), value);
  addValue(c, P.DEFAULT, c.tree.store.symbol(c.constant(value)), 0);
}

function addValue(c: Context, kind: number, value: Expr, condition: Expr): void {
  const prop = c.addProp(kind, condition);
  c.tree.props.value[prop] = value;
}

function parseTarget(c: Context, kind: number): void {
  const target = c.name();
  const condition = parseIf(c);
  c.expect(T.EOL);
  addValue(c, kind, c.tree.store.symbol(target), condition);
}

function parseRange(c: Context): void {
  c.shift();
  const low = parseSymbol(c);
  const high = parseSymbol(c);
  const condition = parseIf(c);
  c.expect(T.EOL);
  const prop = c.addProp(P.RANGE, condition);
  c.tree.props.low[prop] = low;
  c.tree.props.high[prop] = high;
}

function setModules(c: Context): void {
  const { tree } = c;
  const sym = c.entrySym();
  if (tree.modules !== NO) {
    const [name, old] = [tree.nameOf(sym), tree.nameOf(tree.modules)];
    c.error(
      'modules-twice',
      `symbol '${name}' redefines option 'modules' already defined by symbol '${old}'`,
    );
  }
  tree.modules = sym;
}
