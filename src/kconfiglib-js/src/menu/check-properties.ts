import type { DiagnosticSink } from '../diagnostics/sink.ts';
import { validText } from '../eval/text-value.ts';
import { E } from '../expr/store.ts';
import { choiceOf, type Node, P, type Prop, type Sym, type Tree, TYPE } from './model.ts';

/** Warn about a symbol without a type and about properties that make no sense for it. */
export function checkProperties(tree: Tree, sink: DiagnosticSink, node: Node, sym: Sym): void {
  const warn = (at: Node | Prop, code: string, message: string): void => {
    sink.at(
      'warning',
      code,
      { file: at.file, line: at.line, column: at.column },
      message,
      `warning: ${message}`,
    );
  };
  if (sym.type === TYPE.UNKNOWN) warn(node, 'no-type', 'config symbol defined without type');
  for (const prop of sym.props) {
    if (prop.kind === P.DEFAULT) checkDefault(tree, sym, prop, warn);
    else if (prop.kind === P.SELECT || prop.kind === P.IMPLY) checkTarget(tree, sym, prop, warn);
    else if (prop.kind === P.RANGE) checkRange(tree, sym, prop, warn);
  }
}

type Warn = (at: Prop, code: string, message: string) => void;

function checkDefault(tree: Tree, sym: Sym, prop: Prop, warn: Warn): void {
  const isSymbol = tree.store.kind[prop.expr] === E.SYMBOL;
  const isText = sym.type === TYPE.STRING || isNumber(sym);
  if (isText && !isSymbol) {
    warn(
      prop,
      'default-expression',
      `default for config symbol '${sym.name}' must be a single symbol`,
    );
  }
  if (!isSymbol) return;
  const value = tree.symbols[tree.store.left[prop.expr] as number] as Sym;
  if (isNumber(sym) && !givesNumber(sym, value))
    warn(prop, 'bad-number', `'${sym.name}': number is invalid`);
  if (sym.isChoice && choiceOf(value)?.sym !== sym) {
    warn(
      prop,
      'choice-default',
      `choice default symbol '${value.name}' is not contained in the choice`,
    );
  }
}

function checkTarget(tree: Tree, sym: Sym, prop: Prop, warn: Warn): void {
  const word = prop.kind === P.SELECT ? 'select' : 'imply';
  const target = tree.symbols[tree.store.left[prop.expr] as number] as Sym;
  if (sym.type !== TYPE.BOOL && sym.type !== TYPE.TRISTATE) {
    warn(
      prop,
      'select-type',
      `config symbol '${sym.name}' uses ${word}, but is not bool or tristate`,
    );
  } else if (
    target.type !== TYPE.UNKNOWN &&
    target.type !== TYPE.BOOL &&
    target.type !== TYPE.TRISTATE
  ) {
    const what = `'${target.name}' has wrong type. '${word}' only accept arguments of bool and tristate type`;
    warn(prop, 'select-type', what);
  }
}

function checkRange(tree: Tree, sym: Sym, prop: Prop, warn: Warn): void {
  if (!isNumber(sym)) warn(prop, 'range-type', 'range is only allowed for int or hex symbols');
  const low = tree.symbols[prop.low] as Sym;
  const high = tree.symbols[prop.high] as Sym;
  if (!givesNumber(sym, low) || !givesNumber(sym, high))
    warn(prop, 'range-invalid', 'range is invalid');
}

function isNumber(sym: Sym): boolean {
  return sym.type === TYPE.INT || sym.type === TYPE.HEX;
}

/** A number symbol, or the text of a number of the right type. */
function givesNumber(sym: Sym, value: Sym): boolean {
  return isNumber(value) || (value.type === TYPE.UNKNOWN && validText(sym.type, value.name));
}
