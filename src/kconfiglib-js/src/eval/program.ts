import { type ExprStore, YES } from '../expr/store.ts';
import { ERA, type Era } from '../menu/era.ts';
import { Dependents } from './dependents.ts';
import type { Listing } from './listing.ts';

/** A choice, ready to be evaluated. */
export interface ChoiceProgram {
  /** Id of the choice's own symbol. */
  readonly id: number;
  /** Members in the order of their entries: the initial order of priority. */
  readonly members: readonly number[];
  /** Symbols below the choice in the order of the menu; differs from `members` when a symbol has two entries. */
  readonly entries: readonly number[];
}

/** Ids of all choices one behind the other, and where those of each begin. */
export function grouped(
  choices: readonly ChoiceProgram[],
  field: 'members' | 'entries',
): { start: Int32Array; ids: Int32Array } {
  const start = new Int32Array(choices.length + 1);
  for (const [i, choice] of choices.entries())
    start[i + 1] = (start[i] as number) + choice[field].length;
  return { start, ids: Int32Array.from(choices.flatMap((choice) => choice[field])) };
}

/** Rows of a property kind: those of symbol `s` are `start[s]` up to `start[s + 1]`. */
export interface Rows {
  readonly start: Int32Array;
  readonly cond: Int32Array;
  readonly a: Int32Array;
  readonly b: Int32Array;
}

/** Names as columns. */
export interface NameColumns {
  readonly bytes: Uint8Array;
  /** For each id a row of `stride` numbers: those at `begin` and behind it say where its name begins and ends. */
  readonly rows: Int32Array;
  readonly stride: number;
  readonly begin: number;
  /** Ids plus one, in the slots the hashes of their names lead to. */
  readonly table: Int32Array;
}

/** Names of symbols by id, and the other way round. */
export interface SymbolNames {
  nameOf(id: number): string;
  /** The symbol written with this name, not as a quoted constant; -1 if there is none. */
  idOf(name: string): number;
  /** The same for the name from `start` to `end` in a text. */
  idAt(text: string, start: number, end: number): number;
  /** The names as columns, if they are kept so and all are ASCII. */
  columns?(): NameColumns | undefined;
}

/** What a program is made of. */
export interface ProgramColumns {
  readonly store: ExprStore;
  readonly type: Uint8Array;
  readonly dirDep: Int32Array;
  readonly revDep: Int32Array;
  readonly implied: Int32Array;
  readonly prompts: Rows;
  /** `a` is the value expression. */
  readonly defaults: Rows;
  /** `a` and `b` are the ids of the bounds. */
  readonly ranges: Rows;
  /** Index into `choices` of the choice a symbol belongs to, or -1. */
  readonly choice: Int32Array;
  readonly choices: readonly ChoiceProgram[];
  /** Bits of `TRAIT`. */
  readonly traits: Uint8Array;
  /** Where an int, hex or string symbol keeps its text, or -1. */
  readonly slot: Int32Array;
  readonly slots: number;
  readonly modules: number;
  readonly names: SymbolNames;
  readonly listing: Listing;
  /** Default: now. */
  readonly era?: Era;
}

/**
 * A tree laid out for evaluation: properties in columns, indexed by symbol id. Shared by all configurations of the
 * tree and never changed. What is found, read and written needs nothing else; the tree itself may not even exist.
 */
export class Program implements ProgramColumns {
  readonly store: ExprStore;
  /** Number of symbols, constants and choices included. */
  readonly size: number;
  readonly type: Uint8Array;
  readonly dirDep: Int32Array;
  readonly revDep: Int32Array;
  readonly implied: Int32Array;
  readonly prompts: Rows;
  readonly defaults: Rows;
  readonly ranges: Rows;
  readonly choice: Int32Array;
  readonly choices: readonly ChoiceProgram[];
  readonly traits: Uint8Array;
  readonly slot: Int32Array;
  readonly slots: number;
  readonly modules: number;
  readonly names: SymbolNames;
  readonly listing: Listing;
  readonly era: Era;
  #dependents: Dependents | undefined;

  constructor(columns: ProgramColumns) {
    this.store = columns.store;
    this.size = columns.type.length;
    this.type = columns.type;
    this.dirDep = columns.dirDep;
    this.revDep = columns.revDep;
    this.implied = columns.implied;
    this.prompts = columns.prompts;
    this.defaults = columns.defaults;
    this.ranges = columns.ranges;
    this.choice = columns.choice;
    this.choices = columns.choices;
    this.traits = columns.traits;
    this.slot = columns.slot;
    this.slots = columns.slots;
    this.modules = columns.modules;
    this.names = columns.names;
    this.listing = columns.listing;
    this.era = columns.era ?? ERA.NOW;
  }

  /** Are values those of other implementations, where these differ from Linux 6.12: the superset. */
  get classic(): boolean {
    return ((this.traits[YES] as number) & TRAIT.CLASSIC) !== 0;
  }

  /** Who must be evaluated again when something changes. Built when first needed. */
  get dependents(): Dependents {
    this.#dependents ??= new Dependents(this);
    return this.#dependents;
  }

  isChoice(id: number): boolean {
    return ((this.traits[id] as number) & TRAIT.CHOICE) !== 0;
  }

  /** Can the name be read and set: it has an entry, or is one of y, m and n. */
  isDefined(id: number): boolean {
    return ((this.traits[id] as number) & (TRAIT.DEFINED | TRAIT.CONSTANT)) !== 0;
  }
}

/** Traits of a symbol: an entry in a choice, the symbol of a choice, transitional, a constant, an entry anywhere. */
export const TRAIT = {
  IN_CHOICE: 1,
  CHOICE: 2,
  TRANSITIONAL: 4,
  CONSTANT: 8,
  DEFINED: 16,
  /** A choice, or a member of one, as up to Linux 6.10: the choice has a value of its own. */
  CLASSIC: 32,
  /** Takes its value from the environment, and is not written. */
  BOUNCE: 64,
  /** Is y with allnoconfig. */
  ALLNOCONFIG_Y: 128,
} as const;
