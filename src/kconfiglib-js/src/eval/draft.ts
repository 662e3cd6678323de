import { isAscii } from 'node:buffer';
import { E, type ExprStore, MOD } from '../expr/store.ts';
import { hashName } from '../lex/name-hash.ts';
import { MARK, type TreeColumns } from '../menu/columns.ts';
import { P, TYPE } from '../menu/model.ts';
import { isQuiet } from '../menu/quiet.ts';
import { type Listing, STEP } from './listing.ts';
import { hasLoop } from './loops.ts';
import {
  type ChoiceProgram,
  type NameColumns,
  Program,
  type Rows,
  type SymbolNames,
  TRAIT,
} from './program.ts';
import { textColumns } from './text-columns.ts';

/**
 * A program straight from what the parser read: dependencies are inherited, but nothing is simplified and no menu is
 * nested, for neither changes a value. Undefined where finishing the tree may have something to say, or where its menus
 * decide about values; then only the finished tree will do.
 *
 * Values are those of the finished tree. What differs is the order in which they are found, which shows in the order of
 * warnings about unmet dependencies, and the texts of these; see `Config.complete`. `findLoop` is a faster `hasLoop`.
 */
export function draftProgram(
  columns: TreeColumns,
  findLoop: (program: Program) => boolean = hasLoop,
): Program | undefined {
  if (columns.classicChoices || !isQuiet(columns)) return undefined;
  // About what inheriting conditions and joining selects takes.
  const store = columns.store.copy(columns.entries.count + columns.props.count);
  const conditions = inheritConditions(columns, store);
  const { entryDep } = conditions;
  if (!transitionalAreBare(columns, entryDep)) return undefined;
  const { symbols } = columns;
  const size = symbols.count;
  const columnsOfSymbols = linkSymbols(columns, store, conditions);
  const { choices, choice } = listChoices(columns);
  const traits = new Uint8Array(size);
  const slot = new Int32Array(size).fill(-1);
  let slots = 0;
  for (let id = 0; id < size; id++) {
    traits[id] = traitsOf(symbols.marks[id] as number, symbols.firstEntry[id] !== 0);
    if ((symbols.type[id] as number) >= TYPE.INT) slot[id] = slots++;
  }
  const program = new Program({
    store,
    type: symbols.type.slice(0, size),
    ...columnsOfSymbols,
    choice,
    choices,
    traits,
    slot,
    slots,
    modules: columns.modules,
    names: new ColumnNames(columns),
    listing: listEntries(columns, conditions),
  });
  return findLoop(program) ? undefined : program;
}

/** Conditions by row of entries and properties, with those of all blocks around. */
interface Conditions {
  readonly entryDep: Int32Array;
  readonly propCond: Int32Array;
}

function inheritConditions(columns: TreeColumns, store: ExprStore): Conditions {
  const { entries, props, modules } = columns;
  const written = conditionsOn(store, modules);
  const entryDep = new Int32Array(entries.count);
  const { parent, dep } = entries;
  for (let row = 1; row < entryDep.length; row++) {
    const own = written(dep[row] as number);
    const around = entryDep[parent[row] as number] as number;
    entryDep[row] = own === 0 ? around : around === 0 ? own : store.append(E.AND, around, own);
  }
  const propCond = new Int32Array(props.count);
  const { entry, cond } = props;
  for (let row = 1; row < propCond.length; row++) {
    const own = written(cond[row] as number);
    const around = entryDep[entry[row] as number] as number;
    propCond[row] = own === 0 ? around : around === 0 ? own : store.append(E.AND, around, own);
  }
  return { entryDep, propCond };
}

/** `m` written in a condition means `m && MODULES`. Few conditions have one, and most trees have only few of these. */
function conditionsOn(store: ExprStore, modules: number): (e: number) => number {
  const { kind, left, right, count } = store;
  const withM = new Uint8Array(count);
  let any = false;
  for (let e = 1; e < count; e++) {
    const k = kind[e] as number;
    const l = left[e] as number;
    const has =
      k === E.SYMBOL
        ? l === MOD
        : k <= E.NOT && (withM[l] === 1 || (k !== E.NOT && withM[right[e] as number] === 1));
    if (!has) continue;
    withM[e] = 1;
    any = true;
  }
  if (!any) return (e) => e;
  const rewrite = (e: number): number => {
    if (withM[e] !== 1) return e;
    const k = store.kind[e] as number;
    const l = store.left[e] as number;
    if (k === E.SYMBOL) return store.append(E.AND, e, store.append(E.SYMBOL, modules, 0));
    if (k === E.NOT) return store.append(E.NOT, rewrite(l), 0);
    return store.append(k as typeof E.AND, rewrite(l), rewrite(store.right[e] as number));
  };
  return rewrite;
}

/** Is there nothing at a transitional symbol but help: `conf` would complain. */
function transitionalAreBare({ symbols, entries }: TreeColumns, entryDep: Int32Array): boolean {
  for (let id = 0; id < symbols.count; id++) {
    if (((symbols.marks[id] as number) & MARK.TRANSITIONAL) === 0) continue;
    if (symbols.firstProp[id] !== 0) return false;
    for (
      let row = symbols.firstEntry[id] as number;
      row !== 0;
      row = entries.nextOfSym[row] as number
    )
      if (entryDep[row] !== 0) return false;
  }
  return true;
}

/** Dependencies, selects and implies of all symbols, and the tables of their prompts, defaults and ranges. */
function linkSymbols(
  { symbols, entries, props }: TreeColumns,
  store: ExprStore,
  { entryDep, propCond }: Conditions,
): {
  dirDep: Int32Array;
  revDep: Int32Array;
  implied: Int32Array;
  prompts: Rows;
  defaults: Rows;
  ranges: Rows;
} {
  const size = symbols.count;
  const dirDep = new Int32Array(size);
  const revDep = new Int32Array(size);
  const implied = new Int32Array(size);
  const prompts = new Table(size, props.count);
  const defaults = new Table(size, props.count);
  const ranges = new Table(size, props.count);
  const { sym, parent, nextOfSym } = entries;
  const { kind, value, low, high } = props;
  const or = (a: number, b: number): number =>
    a === 0 ? b : b === 0 ? a : store.append(E.OR, a, b);
  for (let id = 0; id < size; id++) {
    prompts.start[id] = prompts.count;
    defaults.start[id] = defaults.count;
    ranges.start[id] = ranges.count;
    const isChoice = ((symbols.marks[id] as number) & MARK.CHOICE) !== 0;
    let row = symbols.firstEntry[id] as number;
    for (; row !== 0 && !isChoice; row = nextOfSym[row] as number) {
      const inChoice = sym[parent[row] as number] !== -1;
      if (!inChoice) dirDep[id] = or(dirDep[id] as number, entryDep[row] as number);
    }
    let own = 0;
    let prop = symbols.firstProp[id] as number;
    for (; prop !== 0; prop = props.nextOfSym[prop] as number) {
      const cond = propCond[prop] as number;
      switch (kind[prop]) {
        case P.PROMPT:
        case P.MENU:
          prompts.add(cond, 0, 0);
          break;
        case P.DEFAULT:
          defaults.add(cond, value[prop] as number, 0);
          break;
        case P.RANGE:
          ranges.add(cond, low[prop] as number, high[prop] as number);
          break;
        default: {
          own ||= store.append(E.SYMBOL, id, 0);
          const term = cond === 0 ? own : store.append(E.AND, own, cond);
          const target = store.left[value[prop] as number] as number;
          const column = kind[prop] === P.SELECT ? revDep : implied;
          column[target] = or(column[target] as number, term);
        }
      }
    }
  }
  return {
    dirDep,
    revDep,
    implied,
    prompts: prompts.rows(),
    defaults: defaults.rows(),
    ranges: ranges.rows(),
  };
}

/** Rows of one kind of property, filled symbol by symbol. */
class Table {
  readonly start: Int32Array;
  count = 0;
  readonly #cond: Int32Array;
  readonly #a: Int32Array;
  readonly #b: Int32Array;

  constructor(symbols: number, most: number) {
    this.start = new Int32Array(symbols + 1);
    this.#cond = new Int32Array(most);
    this.#a = new Int32Array(most);
    this.#b = new Int32Array(most);
  }

  add(cond: number, a: number, b: number): void {
    const row = this.count++;
    this.#cond[row] = cond;
    this.#a[row] = a;
    this.#b[row] = b;
  }

  rows(): Rows {
    const { start, count } = this;
    start[start.length - 1] = count;
    return {
      start,
      cond: this.#cond.slice(0, count),
      a: this.#a.slice(0, count),
      b: this.#b.slice(0, count),
    };
  }
}

/** The choices, and for each symbol the one it is a member of, or -1. */
function listChoices({ symbols, entries, members }: TreeColumns): {
  choices: ChoiceProgram[];
  choice: Int32Array;
} {
  const size = symbols.count;
  const choices: ChoiceProgram[] = [];
  const choice = new Int32Array(size).fill(-1);
  const byEntry = new Map<number, number>();
  for (const [row, ids] of members) {
    const id = entries.sym[row] as number;
    const inside: number[] = [];
    for (let at = entries.list[row] as number; at !== 0; at = entries.next[at] as number)
      if (entries.sym[at] !== -1) inside.push(entries.sym[at] as number);
    byEntry.set(row, choices.push({ id, members: ids, entries: inside }) - 1);
  }
  for (const program of choices) {
    for (const id of program.entries) {
      // The first entry with a prompt decides.
      let row = symbols.firstEntry[id] as number;
      while (row !== 0 && entries.prompt[row] === 0) row = entries.nextOfSym[row] as number;
      if (row !== 0) choice[id] = byEntry.get(entries.parent[row] as number) ?? -1;
    }
  }
  return { choices, choice };
}

function traitsOf(marks: number, defined: boolean): number {
  let traits = 0;
  if (marks & MARK.IN_CHOICE) traits |= TRAIT.IN_CHOICE;
  if (marks & MARK.CHOICE) traits |= TRAIT.CHOICE;
  if (marks & MARK.TRANSITIONAL) traits |= TRAIT.TRANSITIONAL;
  if (marks & MARK.CONSTANT) traits |= TRAIT.CONSTANT;
  if (defined) traits |= TRAIT.DEFINED;
  return traits;
}

/** Names as the parser keeps them. */
class ColumnNames implements SymbolNames {
  readonly #columns: TreeColumns;
  #made: { columns: NameColumns | undefined } | undefined;

  constructor(columns: TreeColumns) {
    this.#columns = columns;
  }

  nameOf(id: number): string {
    const { names } = this.#columns.symbols;
    return id < names.length ? names.at(id) : '';
  }

  idOf(name: string): number {
    return this.idAt(name, 0, name.length);
  }

  idAt(text: string, start: number, end: number): number {
    return this.#columns.names.find(text, start, end, hashName(text, start, end));
  }

  columns(): NameColumns | undefined {
    this.#made ??= { columns: this.#make() };
    return this.#made.columns;
  }

  /** Those of the table, and behind them those of constants, which are looked up nowhere. */
  #make(): NameColumns | undefined {
    const { names, constants, symbols } = this.#columns;
    const kept = names.columns();
    if (!kept || !isAscii(kept.bytes)) return undefined;
    const texts = [...constants.keys()].join('');
    const more = Buffer.from(texts);
    if (more.length !== texts.length) return undefined;
    const bytes = new Uint8Array(kept.bytes.length + more.length);
    bytes.set(kept.bytes);
    bytes.set(more, kept.bytes.length);
    const rows = new Int32Array(symbols.count * 3);
    rows.set(kept.rows.subarray(0, rows.length));
    let at = kept.bytes.length;
    for (const [text, id] of constants) {
      rows[id * 3 + 1] = at;
      at += text.length;
      rows[id * 3 + 2] = at;
    }
    return { bytes, rows, stride: 3, begin: 1, table: kept.table };
  }
}

/** What a `.config` has to say, in the order of the menu; nesting and dissolving menus leave that order as it is. */
function listEntries(columns: TreeColumns, { propCond }: Conditions): Listing {
  const { entries, props, texts, symbols } = columns;
  const { sym, prompt, list, next, parent } = entries;
  const step = new Uint8Array(entries.count * 2);
  const arg = new Int32Array(entries.count * 2);
  const cond: number[] = [];
  const visibility: number[] = [];
  const text: number[] = [];
  const headingOf = new Int32Array(entries.count);
  let steps = 0;
  let row = list[0] as number;
  while (row !== 0) {
    const id = sym[row] as number;
    const at = prompt[row] as number;
    if (id >= 0) {
      if (((symbols.marks[id] as number) & MARK.CHOICE) === 0) {
        step[steps] = STEP.SYMBOL;
        arg[steps++] = id;
      }
    } else if (at !== 0) {
      const heading = text.push(props.value[at] as number) - 1;
      cond.push(propCond[at] as number);
      visibility.push(entries.visibility[row] as number);
      step[steps] = STEP.HEADING;
      arg[steps++] = heading;
      if (props.kind[at] === P.MENU) headingOf[row] = heading + 1;
    }
    if (list[row] !== 0) {
      row = list[row] as number;
      continue;
    }
    while (row > 0) {
      const heading = headingOf[row] as number;
      if (heading !== 0) {
        step[steps] = STEP.END;
        arg[steps++] = heading - 1;
      }
      if (next[row] !== 0) break;
      row = parent[row] as number;
    }
    row = row > 0 ? (next[row] as number) : 0;
  }
  return {
    step: step.slice(0, steps),
    arg: arg.slice(0, steps),
    cond: Int32Array.from(cond),
    visibility: Int32Array.from(visibility),
    text: (heading) => texts.at(text[heading] as number),
    columns: () => textColumns(text.map((row) => texts.at(row))),
  };
}
