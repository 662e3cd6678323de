import { validText } from '../eval/text-value.ts';
import { E, MOD } from '../expr/store.ts';
import { MARK, type TreeColumns } from './columns.ts';
import { P, TYPE } from './model.ts';

/**
 * Would finishing the tree find nothing to report, dependency loops and transitional symbols aside, and leave the members
 * of choices where they are written. These are the conditions of `checkProperties`, `checkChoice` and the transformer,
 * some of them wider: where this says no, the finished tree knows better.
 */
export function isQuiet(columns: TreeColumns): boolean {
  return symbolsAreQuiet(columns) && choicesAreQuiet(columns) && !comparesBoolWithM(columns);
}

function symbolsAreQuiet(columns: TreeColumns): boolean {
  const { symbols, props } = columns;
  for (let id = 0; id < symbols.count; id++) {
    const type = symbols.type[id] as number;
    if (symbols.firstEntry[id] !== 0 && type === TYPE.UNKNOWN) return false;
    let prop = symbols.firstProp[id] as number;
    for (; prop !== 0; prop = props.nextOfSym[prop] as number) {
      const kind = props.kind[prop] as number;
      if (kind === P.SELECT || kind === P.IMPLY) {
        if (type !== TYPE.BOOL && type !== TYPE.TRISTATE) return false;
        const target = columns.store.left[props.value[prop] as number] as number;
        if ((symbols.type[target] as number) > TYPE.TRISTATE) return false;
      } else if (kind === P.DEFAULT) {
        if (!defaultIsQuiet(columns, id, props.value[prop] as number)) return false;
      } else if (kind === P.RANGE) {
        if (type !== TYPE.INT && type !== TYPE.HEX) return false;
        if (!givesNumber(columns, type, props.low[prop] as number)) return false;
        if (!givesNumber(columns, type, props.high[prop] as number)) return false;
      }
    }
  }
  return true;
}

function defaultIsQuiet(columns: TreeColumns, id: number, value: number): boolean {
  const { symbols, store, entries } = columns;
  const type = symbols.type[id] as number;
  if (((symbols.marks[id] as number) & MARK.CHOICE) !== 0) {
    const member = symbols.firstEntry[store.left[value] as number] as number;
    return member !== 0 && entries.sym[entries.parent[member] as number] === id;
  }
  if (type < TYPE.INT) return true;
  if (store.kind[value] !== E.SYMBOL) return false;
  return type === TYPE.STRING || givesNumber(columns, type, store.left[value] as number);
}

/** A number symbol, or the text of a number of the right type. */
function givesNumber({ symbols }: TreeColumns, type: number, value: number): boolean {
  const other = symbols.type[value] as number;
  if (other === TYPE.INT || other === TYPE.HEX) return true;
  return other === TYPE.UNKNOWN && validText(type, symbols.names.at(value));
}

/** Choices hold symbols and comments directly, and members have one entry and no defaults. */
function choicesAreQuiet({ symbols, entries, props, members }: TreeColumns): boolean {
  for (const row of members.keys()) {
    const choice = entries.sym[row] as number;
    if (entries.list[row] === 0 || symbols.firstEntry[choice] !== symbols.lastEntry[choice])
      return false;
    for (let at = entries.list[row] as number; at !== 0; at = entries.next[at] as number) {
      if (entries.list[at] !== 0) return false;
      const id = entries.sym[at] as number;
      if (id < 0) continue;
      let prop = symbols.firstProp[id] as number;
      for (; prop !== 0; prop = props.nextOfSym[prop] as number) {
        const kind = props.kind[prop];
        if (kind === P.DEFAULT) return false;
        const elsewhere = props.entry[prop] as number;
        if (kind === P.PROMPT && elsewhere !== at) return false;
      }
    }
  }
  return true;
}

/** `conf` has a message for each use of such a comparison. */
function comparesBoolWithM({ store, symbols }: TreeColumns): boolean {
  const { kind, left, right, count } = store;
  for (let e = 1; e < count; e++) {
    if (right[e] !== MOD || (kind[e] !== E.EQUAL && kind[e] !== E.UNEQUAL)) continue;
    if (symbols.type[left[e] as number] === TYPE.BOOL) return true;
  }
  return false;
}
