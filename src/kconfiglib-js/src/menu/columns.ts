import { ExprStore, NO } from '../expr/store.ts';
import { hashName } from '../lex/name-hash.ts';
import { NameTable } from '../lex/name-table.ts';
import { type SliceableBuffer, Source } from '../lex/source.ts';
import { ERA, type Era } from './era.ts';
import { TYPE } from './model.ts';
import { Strings } from './strings.ts';

/** Marks of a symbol in {@link SymbolColumns.marks}. */
export const MARK = {
  /** Quoted, or one of y, m and n. */
  CONSTANT: 1,
  /** The nameless symbol of a choice. */
  CHOICE: 2,
  /** Has an entry inside a choice. */
  IN_CHOICE: 4,
  /** Read from a configuration but never written (7.0). */
  TRANSITIONAL: 8,
  /** A choice that may have no member (superset). */
  OPTIONAL: 16,
  /** With allnoconfig it is y (superset). */
  ALLNOCONFIG_Y: 32,
  /** Takes its value from the environment, and is not written (superset). */
  BOUNCE: 64,
} as const;

/** Marks of an entry in {@link EntryColumns.marks}. */
export const ENTRY = {
  MENUCONFIG: 1,
  /** Adds defaults to a symbol without defining it (superset). */
  ADDITION: 2,
} as const;

/** For how many symbols a tree has room where nobody says how many it will have. */
const ROOM = 1 << 12;

/** How many rows a full table is given. New memory costs as much as what is written to it, so it is not given too many. */
function moreRows(rows: number): number {
  return Math.min(rows * 4, rows + (1 << 14));
}

/** Gives every column of a table room for so many rows. */
function growColumns(table: object, rows: number): void {
  for (const [field, column] of Object.entries(table)) {
    if (!(column instanceof Int32Array || column instanceof Uint8Array)) continue;
    const larger = column instanceof Int32Array ? new Int32Array(rows) : new Uint8Array(rows);
    larger.set(column);
    Object.assign(table, { [field]: larger });
  }
}

/** Symbols by id: name, type, marks, and the ends of the chains of their entries and properties. 0 ends a chain. */
export class SymbolColumns {
  readonly names = new Strings();
  type: Uint8Array;
  marks: Uint8Array;
  firstEntry: Int32Array;
  lastEntry: Int32Array;
  firstProp: Int32Array;
  lastProp: Int32Array;

  constructor(rows: number) {
    this.type = new Uint8Array(rows);
    this.marks = new Uint8Array(rows);
    this.firstEntry = new Int32Array(rows);
    this.lastEntry = new Int32Array(rows);
    this.firstProp = new Int32Array(rows);
    this.lastProp = new Int32Array(rows);
  }

  get count(): number {
    return this.names.length;
  }

  /** Append a symbol; returns its id. */
  add(name: string, marks: number): number {
    const id = this.names.add(name);
    if (id === this.type.length) growColumns(this, moreRows(id));
    this.marks[id] = marks;
    return id;
  }
}

/**
 * Entries of the menu as they are written: symbols, choices, menus, comments and `if` blocks, in the order of definition.
 * Row 0 is the root. Links to other entries are rows, 0 where there is none; `prompt` is a row of the properties.
 */
export class EntryColumns {
  count = 0;
  /** Id of the symbol, or -1. */
  sym: Int32Array;
  parent: Int32Array;
  /** Next entry of the same block. */
  next: Int32Array;
  /** First entry of the block this one opens. */
  list: Int32Array;
  /** Next entry of the same symbol. */
  nextOfSym: Int32Array;
  prompt: Int32Array;
  /** `visible if` of a menu. */
  visibility: Int32Array;
  /** `depends on`, as written here. */
  dep: Int32Array;
  /** Where the help text lies in `helps`; an end of 0 stands for none. */
  helpStart: Int32Array;
  helpEnd: Int32Array;
  marks: Uint8Array;
  file: Int32Array;
  line: Int32Array;
  column: Int32Array;

  constructor(rows: number) {
    this.sym = new Int32Array(rows);
    this.parent = new Int32Array(rows);
    this.next = new Int32Array(rows);
    this.list = new Int32Array(rows);
    this.nextOfSym = new Int32Array(rows);
    this.prompt = new Int32Array(rows);
    this.visibility = new Int32Array(rows);
    this.dep = new Int32Array(rows);
    this.helpStart = new Int32Array(rows);
    this.helpEnd = new Int32Array(rows);
    this.marks = new Uint8Array(rows);
    this.file = new Int32Array(rows);
    this.line = new Int32Array(rows);
    this.column = new Int32Array(rows);
  }

  /** Append an entry; returns its row. */
  add(sym: number, parent: number, file: number, line: number, column: number): number {
    const row = this.count++;
    if (row === this.sym.length) growColumns(this, moreRows(row));
    this.sym[row] = sym;
    this.parent[row] = parent;
    this.file[row] = file;
    this.line[row] = line;
    this.column[row] = column;
    return row;
  }
}

/** Properties in the order they were read. Row 0 is none. */
export class PropColumns {
  count = 1;
  /** The entry a property stands at. */
  entry: Int32Array;
  /** One of `P`. */
  kind: Uint8Array;
  /** Value of a default; target of a select or imply, as an expression; text of a prompt, as a row of `texts`. */
  value: Int32Array;
  /** Bounds of a range: symbol ids. */
  low: Int32Array;
  high: Int32Array;
  /** Condition as written; 0 if there is none. */
  written: Int32Array;
  /** Condition with the `visible if` of all menus around. */
  cond: Int32Array;
  /** Next property of the same symbol. */
  nextOfSym: Int32Array;
  file: Int32Array;
  line: Int32Array;
  column: Int32Array;

  constructor(rows: number) {
    this.entry = new Int32Array(rows);
    this.kind = new Uint8Array(rows);
    this.value = new Int32Array(rows);
    this.low = new Int32Array(rows);
    this.high = new Int32Array(rows);
    this.written = new Int32Array(rows);
    this.cond = new Int32Array(rows);
    this.nextOfSym = new Int32Array(rows);
    this.file = new Int32Array(rows);
    this.line = new Int32Array(rows);
    this.column = new Int32Array(rows);
  }

  /** Append a property; returns its row. */
  add(
    entry: number,
    kind: number,
    cond: number,
    file: number,
    line: number,
    column: number,
  ): number {
    const row = this.count++;
    if (row === this.entry.length) growColumns(this, moreRows(row));
    this.entry[row] = entry;
    this.kind[row] = kind;
    this.written[row] = cond;
    this.cond[row] = cond;
    this.file[row] = file;
    this.line[row] = line;
    this.column[row] = column;
    return row;
  }
}

/** Help texts as they were written, one behind the other, in UTF-8. The first byte belongs to none. */
export class HelpBytes {
  #bytes: Buffer;
  length: number;
  /** Without it all texts are empty: for whoever wants nothing but values. */
  keeps = true;

  constructor(bytes: Uint8Array = Buffer.alloc(1 << 12), length = 1) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.length = length;
  }

  /** Append what stands from `start` to `end` in a file. Returns where it lies now. */
  add(source: Source, start: number, end: number): number {
    const at = this.length;
    if (!this.keeps) return at;
    const wide = !source.utf8 && !source.ascii;
    const text = wide ? Source.of(source.text(start, end)) : source;
    const from = wide ? 0 : start;
    const to = wide ? text.end : end;
    this.#reserve(to - from);
    this.#bytes.set(text.bytes.subarray(from, to), at);
    this.length = at + to - from;
    return at;
  }

  text(start: number, end: number): string {
    return this.#bytes.toString('utf8', start, end);
  }

  /** All of them. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  #reserve(count: number): void {
    if (this.length + count <= this.#bytes.length) return;
    let size = this.#bytes.length * 4;
    while (size < this.length + count) size *= 2;
    const larger = Buffer.alloc(size);
    this.#bytes.copy(larger, 0, 0, this.length);
    this.#bytes = larger;
  }
}

/**
 * A tree as the parser leaves it: one row for each symbol, entry and property, and nothing but what is written. The
 * objects of the `Tree` are made of it when somebody wants to look at them.
 */
export class TreeColumns {
  store: ExprStore;
  readonly symbols: SymbolColumns;
  readonly entries: EntryColumns;
  readonly props: PropColumns;
  /** Prompts. Row 0 is empty, and stands for none. */
  readonly texts = new Strings(['']);
  helps = new HelpBytes();
  /** Names of files by number, as entries and properties mention them. */
  readonly fileNames: string[] = [];
  /** Ids by name; quoted constants are a space of their own. */
  readonly names: NameTable;
  readonly constants = new Map<string, number>();
  /** Members of each choice by its entry, in the order of their `config` entries. */
  readonly members = new Map<number, number[]>();
  /** Files in the order of their first inclusion. */
  readonly files: string[] = [];
  /** The symbol with the `modules` attribute, or the constant n. */
  modules: number = NO;
  /** The symbol whose defaults name configurations to begin with, or -1 (superset). */
  defconfigList = -1;
  /** Values of the symbols with `option env` (superset). */
  readonly bounced = new Map<string, string>();
  /** Choices are evaluated as up to Linux 6.10, and as all other implementations do it. */
  classicChoices = false;
  /** Whose values are found. */
  era: Era = ERA.NOW;
  /** An entry that asks for the one before to be off ends the automatic submenu of that. */
  negationEndsSubmenu = false;
  /** A member of a choice has a prompt in one entry only, not in any entry of its choice. */
  membersPromptOnce = false;
  /** Ids of choices by the name they were given (superset). */
  readonly namedChoices = new Map<string, number>();

  /** `room`, a power of two, is for how many symbols there is room at first. */
  constructor(file: string, store?: ExprStore, room = ROOM) {
    this.store = store ?? new ExprStore(undefined, room);
    this.symbols = new SymbolColumns(room);
    this.entries = new EntryColumns(room);
    this.props = new PropColumns(2 * room);
    this.names = new NameTable(this.symbols.names.all(), room);
    for (const [id, name] of ['n', 'm', 'y'].entries()) {
      this.symbols.add(name, MARK.CONSTANT);
      this.symbols.type[id] = TYPE.TRISTATE;
      this.names.set(id, hashName(name));
      this.constants.set(name, id);
    }
    this.fileNames.push(file);
    this.entries.add(-1, -1, 0, 0, 1);
  }

  /** Find or make the symbol with this name. */
  lookup(name: string): number {
    const hash = hashName(name);
    const id = this.names.find(name, 0, name.length, hash);
    return id < 0 ? this.#addName(name, hash) : id;
  }

  /** Find or make the symbol whose name, of ASCII letters, stands from `start` to `end`, with this hash. */
  lookupWord(bytes: SliceableBuffer, start: number, end: number, hash: number): number {
    const id = this.names.findBytes(bytes, start, end, hash);
    return id < 0 ? this.#addName(bytes.latin1Slice(start, end), hash) : id;
  }

  #addName(name: string, hash: number): number {
    const id = this.symbols.add(name, 0);
    this.names.set(id, hash);
    return id;
  }

  /** Find or make the constant with this text: quoted, it is no other symbol, whatever its name. */
  constant(text: string): number {
    let id = this.constants.get(text);
    if (id === undefined) {
      id = this.symbols.add(text, MARK.CONSTANT);
      this.constants.set(text, id);
    }
    return id;
  }

  /** Make the nameless symbol of a choice, or find the one that was given this name before. */
  choice(name?: string): number {
    const known = name === undefined ? undefined : this.namedChoices.get(name);
    if (known !== undefined) return known;
    const id = this.symbols.add('', MARK.CHOICE);
    if (name !== undefined) this.namedChoices.set(name, id);
    return id;
  }

  /** Append an entry, and chain it to its symbol. `sym` is -1 for none; an addition defines nothing. */
  addEntry(
    sym: number,
    defines: boolean,
    parent: number,
    file: number,
    line: number,
    column: number,
  ): number {
    const row = this.entries.add(sym, parent, file, line, column);
    if (!defines) this.entries.marks[row] = ENTRY.ADDITION;
    else if (sym >= 0) {
      const { symbols, entries } = this;
      const last = symbols.lastEntry[sym] as number;
      if (last === 0) symbols.firstEntry[sym] = row;
      else entries.nextOfSym[last] = row;
      symbols.lastEntry[sym] = row;
    }
    return row;
  }

  /** Append a property, and chain it to the symbol of its entry. */
  addProp(
    entry: number,
    kind: number,
    cond: number,
    file: number,
    line: number,
    column: number,
  ): number {
    const row = this.props.add(entry, kind, cond, file, line, column);
    const sym = this.entries.sym[entry] as number;
    if (sym >= 0) {
      const { symbols, props } = this;
      const last = symbols.lastProp[sym] as number;
      if (last === 0) symbols.firstProp[sym] = row;
      else props.nextOfSym[last] = row;
      symbols.lastProp[sym] = row;
    }
    return row;
  }

  /** Title of the tree. */
  get mainmenu(): string {
    const prompt = this.entries.prompt[0] as number;
    return prompt === 0 ? '' : this.texts.at(this.props.value[prompt] as number);
  }

  /** Name of a symbol for messages. */
  nameOf(id: number): string {
    if (((this.symbols.marks[id] as number) & MARK.CHOICE) === 0) return this.symbols.names.at(id);
    for (const [name, choice] of this.namedChoices) if (choice === id) return name;
    return '<choice>';
  }
}
