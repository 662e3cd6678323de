import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { explain, type Why } from '../explain/why.ts';
import { MOD, NO, YES } from '../expr/store.ts';
import type { Kconfig } from '../menu/kconfig.ts';
import { type Sym, TYPE } from '../menu/model.ts';
import {
  isTristateType,
  type MenuNode,
  NodeView,
  type Tristate,
  tristateOf,
} from '../menu/views.ts';
import { type ReadOptions, readDotconfig } from '../read/dotconfig.ts';
import { writeDotconfig } from '../write/dotconfig.ts';
import { writeMinimal } from '../write/minimal.ts';
import {
  applyToClassic,
  classicAssignable,
  forgetMode,
  isClassicMember,
} from './classic-choice.ts';
import { Evaluator } from './evaluator.ts';
import { evaluateText } from './expression-text.ts';
import { type ChoiceProgram, TRAIT } from './program.ts';
import { isShown } from './shown.ts';
import { validText } from './text-value.ts';
import { unmetText } from './unmet.ts';
import { UserValues } from './user-values.ts';

/** Whether a user value was stored. A stored value need not take effect: `get` and `why` tell. */
export type SetResult =
  | { ok: true }
  | {
      ok: false;
      code: 'unknown-symbol' | 'bad-value' | 'not-assignable';
      message: string;
      hint?: string;
    };

/** Ways to fill in what has no user value. */
export type Mode =
  | 'allnoconfig'
  | 'allyesconfig'
  | 'allmodconfig'
  | 'alldefconfig'
  | 'olddefconfig';

/** One symbol that differs between two configurations. */
export interface Difference {
  name: string;
  left: string;
  right: string;
}

/** A configuration of a tree: user values, and the values that follow. Cheap to make and to fork. */
export class Config {
  readonly kconfig: Kconfig;
  #evaluator: Evaluator;

  /** @internal Use `kconfig.config()`. */
  constructor(kconfig: Kconfig, evaluator = new Evaluator(kconfig.program)) {
    this.kconfig = kconfig;
    this.#evaluator = evaluator;
  }

  /** @internal */
  get evaluator(): Evaluator {
    return this.#evaluator;
  }

  /** @internal Go over from the draft of a program to the finished one, see `Kconfig.complete`. User values stay. */
  complete(): void {
    const { program } = this.kconfig;
    if (!this.kconfig.isDraft && this.#evaluator.program === program) return;
    this.kconfig.complete();
    this.#evaluator = this.#evaluator.onto(this.kconfig.program);
  }

  /** The value: y, m or n, or the text of an int, hex or string. Empty for a symbol that is not defined. */
  get(name: string): string {
    const id = this.#defined(name);
    return id < 0 ? '' : this.valueOf(id);
  }

  /** @internal The value of a symbol by id. */
  valueOf(id: number): string {
    this.evaluator.prepare();
    this.evaluator.calc(id);
    return this.evaluator.textOf(id);
  }

  /** Store a user value, as a line in a `.config` would. A member of a choice set last has precedence. */
  set(name: string, value: string): SetResult {
    const { names, type, traits } = this.evaluator.program;
    const id = names.idOf(name);
    if (id < 0 || !this.evaluator.program.isDefined(id)) {
      const near = this.kconfig.symbols.suggest(name);
      const message =
        id < 0 ? `there is no symbol ${name}` : `${name} is used but not defined anywhere`;
      const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : undefined;
      return { ok: false, code: 'unknown-symbol', message, ...(hint && { hint }) };
    }
    const constant = ((traits[id] as number) & TRAIT.CONSTANT) !== 0;
    if (constant || type[id] === TYPE.UNKNOWN) {
      const message = constant
        ? `${name} is a constant`
        : `${name} has no type, so it can have no value`;
      return { ok: false, code: 'not-assignable', message };
    }
    const bad = badValue(name, type[id] as number, value);
    if (bad) return { ok: false, code: 'bad-value', ...bad };
    this.store(id, value);
    return { ok: true };
  }

  /** @internal Store a value that is known to be valid. */
  store(id: number, value: string): void {
    const evaluator = this.evaluator;
    const { slot, choice } = evaluator.program;
    const at = slot[id] as number;
    const user = at >= 0 ? 1 : 1 + (value === 'y' ? YES : value === 'm' ? MOD : NO);
    const group = choice[id] as number;
    const retracted = evaluator.retracted.delete(group);
    const first = group < 0 || (!retracted && evaluator.order[group]?.[0] === id);
    if (evaluator.user[id] === user && first && (at < 0 || evaluator.userText[at] === value))
      return;
    evaluator.invalidate(id);
    evaluator.user[id] = user;
    if (at >= 0) evaluator.userText[at] = value;
    if (group >= 0 && user !== NO + 1) forgetMode(evaluator, group);
    if (!first) {
      const rest = (evaluator.order[group] as readonly number[]).filter((member) => member !== id);
      evaluator.order[group] = [id, ...rest];
    }
  }

  /** Take back a user value. */
  unset(name: string): void {
    const id = this.#defined(name);
    if (id < 0 || this.evaluator.user[id] === 0) return;
    this.evaluator.invalidate(id);
    this.evaluator.retracted.delete(this.evaluator.program.choice[id] as number);
    this.evaluator.user[id] = 0;
  }

  /** The user value, whether it takes effect or not; undefined if there is none. */
  userValue(name: string): string | undefined {
    const id = this.#defined(name);
    if (id < 0 || this.evaluator.user[id] === 0) return undefined;
    const slot = this.evaluator.program.slot[id] as number;
    return slot >= 0
      ? this.evaluator.userText[slot]
      : tristateOf((this.evaluator.user[id] as number) - 1);
  }

  /** How visible the prompts are: an upper bound on what the user can set. */
  visibility(name: string): Tristate {
    const id = this.#defined(name);
    if (id < 0) return 'n';
    this.valueOf(id);
    return tristateOf(this.evaluator.visible[id] as number);
  }

  /** The values a bool or tristate can be given by the user now; none for other types and where it has no effect. */
  assignable(name: string): string[] {
    const id = this.#defined(name);
    const evaluator = this.evaluator;
    if (id < 0 || !isTristateType(evaluator.program.type[id] as number)) return [];
    this.valueOf(id);
    const visible = evaluator.visible[id] as number;
    const group = evaluator.program.choice[id] as number;
    if (group >= 0)
      return isClassicMember(evaluator.program, id)
        ? classicAssignable(evaluator, id, group)
        : visible === NO
          ? []
          : ['n', 'y'];
    const rev = evaluator.rev[id] as number;
    if (visible <= rev) return [];
    const bool = evaluator.isBool(id);
    return [NO, MOD, YES]
      .filter((v) => v >= rev && v <= visible && !(bool && v === MOD))
      .map((v) => tristateOf(v) as string);
  }

  /** Is the symbol written to a `.config`. */
  written(name: string): boolean {
    const id = this.#defined(name);
    if (id < 0) return false;
    this.valueOf(id);
    return this.evaluator.write[id] === 1;
  }

  /** Replace all user values by those of a `.config` (or add to them), as `conf` reads one. */
  load(text: string, file = '.config', options: ReadOptions = {}): Diagnostic[] {
    const found = readDotconfig(this, text, file, options);
    this.#carryOver();
    return found;
  }

  /** What takes its default from a transitional symbol with a user value has one itself once all values are found. */
  #carryOver(): void {
    const { size, traits } = this.evaluator.program;
    for (let id = 0; id < size; id++) {
      if (((traits[id] as number) & TRAIT.TRANSITIONAL) === 0 || this.evaluator.user[id] === 0)
        continue;
      this.evaluator.calcAll();
      return;
    }
  }

  /** Take back all user values. */
  clear(): void {
    const evaluator = this.evaluator;
    evaluator.user.fill(0);
    evaluator.retracted.clear();
    for (const [i, choice] of evaluator.program.choices.entries())
      evaluator.order[i] = choice.members;
    evaluator.invalidateAll();
  }

  /**
   * Give every bool and tristate with a prompt that has no user value the value of the mode. Values already there stay,
   * as with KCONFIG_ALLCONFIG. Choices are left to their defaults; alldefconfig and olddefconfig set nothing.
   */
  apply(mode: Mode): void {
    const value =
      mode === 'allyesconfig'
        ? YES
        : mode === 'allmodconfig'
          ? MOD
          : mode === 'allnoconfig'
            ? NO
            : -1;
    if (value < 0) return;
    const { user } = this.evaluator;
    const { size, type, traits, prompts } = this.evaluator.program;
    const barred = TRAIT.CHOICE | TRAIT.IN_CHOICE | TRAIT.CONSTANT;
    for (let id = 0; id < size; id++) {
      if (user[id] !== 0 || ((traits[id] as number) & barred) !== 0) continue;
      if (!isTristateType(type[id] as number)) continue;
      if (prompts.start[id] === prompts.start[id + 1]) continue;
      const yes = value === NO && (traits[id] as number) & TRAIT.ALLNOCONFIG_Y;
      user[id] = yes ? YES + 1 : value + 1;
    }
    applyToClassic(this.evaluator, value);
    this.evaluator.invalidateAll();
  }

  /** The text of the `.config`. */
  write(): string {
    return writeDotconfig(this);
  }

  /** The text of the minimal configuration, as savedefconfig writes it. */
  writeMinimal(): string {
    return writeMinimal(this);
  }

  /** Where a value comes from, and why a user value had no effect. */
  why(name: string): Why {
    return explain(this, name);
  }

  /** The symbols a select forces against their dependencies, with the warnings `conf` prints. */
  unmet(): { name: string; text: string }[] {
    this.complete();
    const evaluator = this.evaluator;
    evaluator.calcAll();
    const found: { name: string; text: string }[] = [];
    for (const id of this.kconfig.hashOrder) {
      const sym = this.kconfig.tree.symbols[id] as Sym;
      if (!isTristateType(sym.type) || (evaluator.program.choice[id] as number) >= 0) continue;
      if ((evaluator.dir[id] as number) < (evaluator.rev[id] as number)) {
        found.push({ name: sym.name, text: unmetText(evaluator, id) });
      }
    }
    return found;
  }

  /**
   * Would a menu show this entry: its prompt is visible; or, where that is not, it is on and something in it is shown.
   */
  shown(node: MenuNode): boolean {
    this.complete();
    this.evaluator.prepare();
    return node instanceof NodeView && isShown(this.evaluator, node.raw);
  }

  /** The value of an expression as it is written in Kconfig; undefined for what is none. */
  evaluate(expression: string): Tristate | undefined {
    this.evaluator.prepare();
    const value = evaluateText(this.evaluator, expression);
    return value === undefined ? undefined : tristateOf(value);
  }

  /** The user values as they are, of these symbols or of all, to be put back by `restore`. */
  userValues(names?: readonly string[]): UserValues {
    const ids = names?.map((name) => this.#defined(name)).filter((id) => id >= 0);
    return new UserValues(this.evaluator, ids);
  }

  /** Put back user values of this configuration or of another one of the same tree, with the order of choices. */
  restore(values: UserValues): void {
    values.putBack(this.evaluator);
  }

  /** An independent copy. */
  fork(): Config {
    return new Config(this.kconfig, new Evaluator(this.evaluator.program, this.evaluator));
  }

  /** The defined symbols whose values differ, in the order of their first mention. */
  diff(other: Config): Difference[] {
    if (other.kconfig !== this.kconfig) return this.#diffByName(other);
    const differences: Difference[] = [];
    const a = this.evaluator;
    const b = other.evaluator;
    a.calcAll();
    b.calcAll();
    const { size, traits, names, slot } = a.program;
    const barred = TRAIT.CHOICE | TRAIT.CONSTANT;
    for (let id = 0; id < size; id++) {
      // Texts are made for what differs only.
      const at = slot[id] as number;
      if (at >= 0 ? a.text[at] === b.text[at] : a.tri[id] === b.tri[id]) continue;
      if (((traits[id] as number) & (barred | TRAIT.DEFINED)) !== TRAIT.DEFINED) continue;
      differences.push({ name: names.nameOf(id), left: a.textOf(id), right: b.textOf(id) });
    }
    return differences;
  }

  #diffByName(other: Config): Difference[] {
    const names = new Set<string>();
    for (const { kconfig } of [this, other])
      for (const sym of kconfig.symbols) if (sym.defined) names.add(sym.name);
    return [...names]
      .map((name) => ({ name, left: this.get(name), right: other.get(name) }))
      .filter(({ left, right }) => left !== right);
  }

  /** @internal The choice a symbol belongs to. */
  choiceProgram(id: number): ChoiceProgram | undefined {
    const index = this.evaluator.program.choice[id] as number;
    return index < 0 ? undefined : this.evaluator.program.choices[index];
  }

  /** The id of a symbol that has a value; -1 if there is none. */
  #defined(name: string): number {
    const { program } = this.evaluator;
    const id = program.names.idOf(name);
    return id >= 0 && program.isDefined(id) ? id : -1;
  }
}

function badValue(
  name: string,
  type: number,
  value: string,
): { message: string; hint: string } | undefined {
  if (isTristateType(type)) {
    const allowed = type === TYPE.BOOL ? ['n', 'y'] : ['n', 'm', 'y'];
    if (allowed.includes(value)) return undefined;
    return {
      message: `'${value}' is no value for the ${type === TYPE.BOOL ? 'bool' : 'tristate'} ${name}`,
      hint: `use ${allowed.join(', ')}`,
    };
  }
  if (validText(type, value)) return undefined;
  const [word, hint] =
    type === TYPE.INT
      ? ['int', 'decimal digits without leading zeros, with or without a minus sign']
      : ['hex', 'hexadecimal digits, with or without 0x'];
  return { message: `'${value}' is no value for the ${word} ${name}`, hint };
}
