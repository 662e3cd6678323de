import { E, type Expr, MOD, NO, YES } from '../expr/store.ts';
import { ERA } from '../menu/era.ts';
import { TYPE } from '../menu/model.ts';
import { Chains } from './chains.ts';
import { choose } from './choice.ts';
import {
  choiceOfId,
  chooseClassic,
  isClassicMember,
  memberVisibility,
  wantedMode,
} from './classic-choice.ts';
import { inOrder, invalidateFrom } from './invalidate.ts';
import type { ChoiceProgram, Program } from './program.ts';
import { TRAIT } from './program.ts';
import { compareValues, emptyText, leadingNumber, NO_TEXT, numberText } from './text-value.ts';

/** Called when a select forces a symbol against its dependencies, while its value is being found. */
export type OnUnmet = (id: number) => void;

/**
 * The values of one configuration.
 *
 * Tristates are 0, 1, 2. `known[e]` is 0 for an expression not yet evaluated, else its value plus 1. A symbol's columns
 * (`tri`, `visible`, `dir`, `rev`, `imply`, `write`) hold only while `valid` is 1, save that `visible` is 0 when it is
 * not. Values are found on demand, every operand once and from left to right, as in `conf`: the order shows in the
 * order of its warnings.
 */
export class Evaluator {
  readonly program: Program;
  readonly valid: Uint8Array;
  readonly tri: Uint8Array;
  readonly visible: Uint8Array;
  readonly write: Uint8Array;
  readonly dir: Uint8Array;
  readonly rev: Uint8Array;
  readonly imply: Uint8Array;
  /** 0: no user value; else the tristate plus 1, or 1 for a text. */
  readonly user: Uint8Array;
  readonly known: Uint8Array;
  readonly text: string[];
  readonly userText: string[];
  /** Members of each choice by priority; absent until it differs from the order of definition. */
  readonly order: (readonly number[])[];
  /** Of classic choices: the member a file set to y last, where a later line of it took that back; see `retract`. */
  readonly retracted: Map<number, number>;
  onUnmet: OnUnmet | undefined;
  /** Symbols whose value was found in an earlier pass of the same run of `conf`: their text is not `(null)`. */
  knownBefore: Uint8Array | undefined;
  /**
   * In a run of `conf`: 1 for a bool or tristate whose text field was filled in. A member whose value was only found along
   * with that of its choice has none.
   */
  textFields: Uint8Array | undefined;
  /** Value of the modules symbol: with n, tristates are bools. */
  modules = NO as number;
  #modulesKnown = false;
  /** Was anything found since all was forgotten. */
  #found = false;
  readonly #kind: Uint8Array;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  #busy = false;
  readonly #one = new Int32Array(1);
  #chains: Chains | undefined;

  constructor(program: Program, from?: Evaluator) {
    this.program = program;
    this.#kind = program.store.kind;
    this.#left = program.store.left;
    this.#right = program.store.right;
    const n = program.size;
    const bytes = from ? from.valid.buffer.slice(0) : new ArrayBuffer(n * 8 + program.store.count);
    const column = (i: number): Uint8Array => new Uint8Array(bytes, i * n, n);
    this.valid = column(0);
    this.tri = column(1);
    this.visible = column(2);
    this.write = column(3);
    this.dir = column(4);
    this.rev = column(5);
    this.imply = column(6);
    this.user = column(7);
    this.known = new Uint8Array(bytes, n * 8);
    this.text = from ? from.text.slice() : new Array<string>(program.slots).fill('');
    this.userText = from ? from.userText.slice() : new Array<string>(program.slots).fill('');
    this.order = from ? from.order.slice() : program.choices.map((choice) => choice.members);
    this.retracted = new Map(from?.retracted);
    if (from) {
      this.modules = from.modules;
      this.#modulesKnown = from.#modulesKnown;
      this.#found = from.#found;
      this.#chains = from.#chains;
    } else {
      this.#constants();
    }
  }

  /** The same user values over another program of the same tree. */
  onto(program: Program): Evaluator {
    const other = new Evaluator(program);
    other.user.set(this.user);
    other.userText.splice(0, this.userText.length, ...this.userText);
    other.order.splice(0, this.order.length, ...this.order);
    for (const [group, id] of this.retracted) other.retracted.set(group, id);
    other.onUnmet = this.onUnmet;
    return other;
  }

  #constants(): void {
    for (let id = NO; id <= YES; id++) {
      this.valid[id] = 1;
      this.tri[id] = id;
    }
    // No expression is y.
    this.known[0] = YES + 1;
  }

  /**
   * Forget all values, but no user value. `keepModules` begins the next pass with the value the modules symbol had in
   * the last one, as `conf` does within one run.
   */
  invalidateAll(keepModules = false): void {
    if (keepModules) {
      this.knownBefore ??= new Uint8Array(this.program.size);
      for (let id = 0; id < this.knownBefore.length; id++)
        if (this.valid[id] !== 0) this.knownBefore[id] = 1;
    }
    this.valid.fill(0);
    // Within one run `conf` keeps how visible a member was: its search for the chosen one may stop before that member.
    if (!keepModules) this.visible.fill(0);
    this.known.fill(0);
    this.#constants();
    this.#modulesKnown = false;
    if (!keepModules) {
      this.modules = NO;
      this.#found = false;
    }
  }

  /** Forget the values that may depend on this symbol. */
  invalidate(id: number): void {
    // Before that nobody has to know who depends on whom: a file that is read into a new configuration is no reason.
    if (this.#found) invalidateFrom(this, id);
  }

  /**
   * Find the value of the modules symbol, on which the meaning of all others depends. Until it is known there are no
   * modules: a modules symbol that is itself a tristate counts as bool.
   */
  prepare(): void {
    if (this.#modulesKnown) return;
    this.#modulesKnown = true;
    const id = this.program.modules;
    if (id <= YES) return;
    this.calc(id);
    this.modules = this.tri[id] as number;
  }

  /** Find the values of all symbols, in this order. */
  calcAll(order: Int32Array = inOrder(this.program.size)): void {
    this.prepare();
    this.#begin(order);
  }

  /** Is the symbol a bool as things stand: a tristate is one without modules. */
  isBool(id: number): boolean {
    const type = this.program.type[id];
    return type === TYPE.BOOL || (type === TYPE.TRISTATE && this.modules === NO);
  }

  /** Find the value of one symbol. */
  calc(id: number): void {
    if (this.valid[id] !== 0) return;
    if (this.#busy) this.#find(id);
    else {
      this.#one[0] = id;
      this.#begin(this.#one);
    }
  }

  /**
   * The way in from outside. Values that depend on each other through more symbols than the stack has room for are
   * found once more, from the far end of the chain.
   */
  #begin(ids: Int32Array): void {
    this.#busy = true;
    try {
      this.#findEach(ids);
    } catch (error) {
      if (!(error instanceof RangeError) || this.#chains) throw error;
      this.#chains = new Chains(this.program);
      this.valid.fill(0);
      this.known.fill(0);
      this.#constants();
      this.#findEach(ids);
    } finally {
      this.#busy = false;
    }
  }

  #findEach(ids: Int32Array): void {
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] as number;
      if (this.valid[id] !== 0) continue;
      if (this.#chains) this.#chains.settle(this, id);
      this.#find(id);
    }
  }

  #find(id: number): void {
    if (this.valid[id] !== 0) return;
    this.#found = true;
    this.valid[id] = 1;
    const type = this.program.type[id] as number;
    this.tri[id] = NO;
    this.write[id] = 0;
    if (type === TYPE.UNKNOWN) return;
    this.visibility(id);
    if (this.visible[id] !== NO) this.write[id] = 1;
    if (type >= TYPE.INT) this.#calcText(id, type);
    else {
      if (this.textFields) this.textFields[id] = 1;
      this.#calcTristate(id);
    }
  }

  /** The value of an expression; none is y. */
  expr(e: Expr): number {
    if (e === 0) return YES;
    const known = this.known[e] as number;
    if (known !== 0) return known - 1;
    const kind = this.#kind[e] as number;
    const l = this.#left[e] as number;
    let value: number;
    if (kind === E.SYMBOL) {
      if (this.valid[l] === 0) this.calc(l);
      value = this.tri[l] as number;
    } else if (kind === E.AND || kind === E.OR) {
      const r = this.#right[e] as number;
      let given = this.known[l] as number;
      const a = given !== 0 ? given - 1 : this.expr(l);
      given = this.known[r] as number;
      const b = given !== 0 ? given - 1 : this.expr(r);
      value = a < b === (kind === E.AND) ? a : b;
    } else if (kind === E.NOT) value = YES - this.expr(l);
    else value = this.#compare(kind, l, this.#right[e] as number) ? YES : NO;
    this.#found = true;
    this.known[e] = value + 1;
    return value;
  }

  /** The text of a symbol as things stand; for a symbol that is not defined, its name. */
  textOf(id: number): string {
    const type = this.program.type[id] as number;
    if (type === TYPE.BOOL || type === TYPE.TRISTATE)
      return TRISTATES[this.tri[id] as number] as string;
    if (type === TYPE.UNKNOWN) return this.program.names.nameOf(id);
    return this.text[this.program.slot[id] as number] as string;
  }

  /**
   * The text a default or range bound takes over. `conf` copies the text field of the other symbol, which is `n` for
   * any bool or tristate but the constants.
   */
  copiedText(id: number): string {
    const type = this.program.type[id] as number;
    const { classic, era } = this.program;
    const taken = classic && era > ERA.V6_7;
    if (!isLogical(type) || id <= YES || taken) return this.textOf(id);
    return this.textFields?.[id] === 0 ? NO_TEXT : 'n';
  }

  /** First default whose condition holds: its row, or -1. */
  defaultRow(id: number): number {
    const { start, cond } = this.program.defaults;
    const end = start[id + 1] as number;
    for (let row = start[id] as number; row < end; row++) {
      const given = this.known[cond[row] as number] as number;
      if ((given !== 0 ? given - 1 : this.expr(cond[row] as number)) !== NO) return row;
    }
    return -1;
  }

  /** First range whose condition holds: its row, or -1. */
  rangeRow(id: number): number {
    const { start, cond } = this.program.ranges;
    const end = start[id + 1] as number;
    for (let row = start[id] as number; row < end; row++)
      if (this.expr(cond[row] as number) !== NO) return row;
    return -1;
  }

  /** The symbol a text default takes its value from, or -1 if the default is no single symbol. */
  defaultSource(row: number): number {
    const e = this.program.defaults.a[row] as number;
    return this.program.store.kind[e] === E.SYMBOL ? (this.program.store.left[e] as number) : -1;
  }

  /** Find visibility, and the values of dependencies, selects and implies. */
  visibility(id: number): void {
    const program = this.program;
    const known = this.known;
    const { start, cond } = program.prompts;
    const end = start[id + 1] as number;
    let visible = NO as number;
    for (let row = start[id] as number; row < end; row++) {
      const given = known[cond[row] as number] as number;
      const value = given !== 0 ? given - 1 : this.expr(cond[row] as number);
      if (value > visible) visible = value;
    }
    if (visible === MOD && (program.type[id] !== TYPE.TRISTATE || this.modules === NO))
      visible = YES;
    this.visible[id] = visible;
    const traits = program.traits[id] as number;
    if (traits & TRAIT.CLASSIC && isClassicMember(program, id))
      this.visible[id] = memberVisibility(this, id, visible);
    if (traits & (TRAIT.IN_CHOICE | TRAIT.TRANSITIONAL)) {
      this.dir[id] = this.rev[id] = this.imply[id] = NO;
      return;
    }
    const dirDep = program.dirDep[id] as number;
    const given = known[dirDep] as number;
    const dir = given !== 0 ? given - 1 : this.expr(dirDep);
    this.dir[id] = dir === MOD ? this.#roundedMod(id) : dir;
    const revDep = program.revDep[id] as number;
    const rev = revDep === 0 ? NO : this.expr(revDep);
    this.rev[id] = rev === MOD ? this.#roundedMod(id) : rev;
    const implied = program.implied[id] as number;
    const imply = implied === 0 ? NO : this.expr(implied);
    this.imply[id] = imply === MOD ? this.#roundedMod(id) : imply;
    if (program.era <= ERA.V5_6 && this.dir[id] === NO) this.imply[id] = NO;
  }

  /** What m comes to. */
  #roundedMod(id: number): number {
    return this.isBool(id) ? YES : MOD;
  }

  #calcTristate(id: number): void {
    const program = this.program;
    const choice = program.choice[id] as number;
    const traits = program.traits[id] as number;
    const classic = (traits & TRAIT.CLASSIC) !== 0;
    let value = NO as number;
    let row = -1;
    if (classic && choice >= 0 && this.visible[id] === YES && this.#isChosenFrom(choice)) {
      value = this.tri[id] as number;
    } else if (choice >= 0 && !classic) {
      choose(this, program.choices[choice] as ChoiceProgram, choice);
      value = this.tri[id] as number;
    } else {
      const user =
        classic && traits & TRAIT.CHOICE ? wantedMode(this, id) : (this.user[id] as number);
      const visible = this.visible[id] as number;
      const transitional = traits & TRAIT.TRANSITIONAL;
      if (user !== 0 && (visible !== NO || transitional)) {
        value = transitional ? user - 1 : Math.min(user - 1, visible);
      } else {
        if (this.rev[id] !== NO) this.write[id] = 1;
        if (!(traits & TRAIT.CHOICE)) {
          row = this.defaultRow(id);
          value = this.#calcDefault(id, row);
        }
      }
      if ((this.dir[id] as number) < (this.rev[id] as number)) this.onUnmet?.(id);
      value = Math.max(value, this.rev[id] as number);
    }
    if (program.era <= ERA.V5_6 && value === MOD && this.imply[id] === YES) value = YES;
    this.tri[id] = value === MOD ? this.#roundedMod(id) : value;
    if (row >= 0 && this.#carriesOver(id, row)) this.user[id] = (this.tri[id] as number) + 1;
    if (traits & (TRAIT.CHOICE | TRAIT.TRANSITIONAL | TRAIT.BOUNCE)) this.write[id] = 0;
    if (classic && traits & TRAIT.CHOICE && this.tri[id] === YES) {
      chooseClassic(this, choiceOfId(program, id) as ChoiceProgram);
    }
  }

  /** Is exactly one member of this classic choice y. */
  #isChosenFrom(choice: number): boolean {
    const { id } = this.program.choices[choice] as ChoiceProgram;
    this.calc(id);
    return this.tri[id] === YES;
  }

  /**
   * Does a symbol without a user value take its default from a transitional one that has one. What it comes to is its
   * user value from then on: nobody is asked for it (scripts/kconfig/symbol.c of Linux 6.18, sym_calc_value).
   */
  #carriesOver(id: number, row: number): boolean {
    if (this.user[id] !== 0) return false;
    const source = this.defaultSource(row);
    if (source < 0 || this.user[source] === 0) return false;
    return ((this.program.traits[source] as number) & TRAIT.TRANSITIONAL) !== 0;
  }

  /** Value from the default that applies, if one does, raised by imply within the dependencies. */
  #calcDefault(id: number, row: number): number {
    let value = NO as number;
    if (row >= 0) {
      const given = this.expr(this.program.defaults.a[row] as number);
      value = Math.min(given, this.expr(this.program.defaults.cond[row] as number));
      if (value !== NO || this.program.era <= ERA.V4_17) this.write[id] = 1;
    }
    const imply = this.imply[id] as number;
    if (imply !== NO) {
      this.write[id] = 1;
      value = Math.max(value, imply);
      if (this.program.era > ERA.V5_6) value = Math.min(value, this.dir[id] as number);
    }
    return value;
  }

  #calcText(id: number, type: number): void {
    const program = this.program;
    const slot = program.slot[id] as number;
    let text = emptyText(type, program.era);
    this.text[slot] = text;
    const transitional = (program.traits[id] as number) & TRAIT.TRANSITIONAL;
    if (this.user[id] !== 0 && (this.visible[id] !== NO || transitional)) {
      text = this.userText[slot] as string;
    } else {
      const row = this.defaultRow(id);
      const source = row < 0 ? -1 : this.defaultSource(row);
      if (source >= 0) {
        this.write[id] = 1;
        this.calc(source);
        text = this.copiedText(source);
        if (this.#carriesOver(id, row)) {
          this.user[id] = 1;
          this.userText[slot] = text;
        }
      }
    }
    this.text[slot] = text;
    if (type !== TYPE.STRING) this.#clamp(id, type, slot);
    if (transitional || (program.traits[id] as number) & TRAIT.BOUNCE) this.write[id] = 0;
  }

  /** Hold a number within its range; the text of the bound is taken over as it is. */
  #clamp(id: number, type: number, slot: number): void {
    const row = this.rangeRow(id);
    if (row < 0) return;
    const base = type === TYPE.INT ? 10 : 16;
    const value = leadingNumber(this.text[slot] as string, base);
    let bound = this.program.ranges.a[row] as number;
    let limit = this.rangeBound(bound, base);
    if (value >= limit) {
      bound = this.program.ranges.b[row] as number;
      limit = this.rangeBound(bound, base);
      if (value <= limit) return;
    }
    this.text[slot] =
      this.program.era > ERA.V5_6 ? this.copiedText(bound) : numberText(limit, base);
  }

  /** The number a range bound stands for: its own type decides the base, that of the ranged symbol if it has none. */
  rangeBound(id: number, base: 10 | 16): bigint {
    this.calc(id);
    const type = this.program.type[id];
    return leadingNumber(this.textOf(id), type === TYPE.INT ? 10 : type === TYPE.HEX ? 16 : base);
  }

  #compare(kind: number, left: number, right: number): boolean {
    this.calc(left);
    this.calc(right);
    const { type } = this.program;
    const typeA = type[left] as number;
    const typeB = type[right] as number;
    const logical = isLogical(typeA) && isLogical(typeB);
    const order = logical
      ? (this.tri[left] as number) - (this.tri[right] as number)
      : compareValues(typeA, this.textOf(left), typeB, this.textOf(right));
    switch (kind) {
      case E.EQUAL:
        return order === 0;
      case E.UNEQUAL:
        return order !== 0;
      case E.LESS:
        return order < 0;
      case E.LESS_EQUAL:
        return order <= 0;
      case E.GREATER:
        return order > 0;
      default:
        return order >= 0;
    }
  }
}

function isLogical(type: number): boolean {
  return type === TYPE.BOOL || type === TYPE.TRISTATE;
}

/** Texts of the tristates by value. */
export const TRISTATES = ['n', 'm', 'y'] as const;
