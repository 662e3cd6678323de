import {
  type Config,
  type Difference,
  formatDiagnostic,
  type Kconfig,
  type KSymbol,
  type MenuNode,
} from 'kconfiglib-js';
import type { Session } from '../session.ts';
import { refusedValue } from './check-value.ts';
import { type Entry, entriesOf, type Listed } from './entries.ts';
import { fragmentOf } from './fragment.ts';
import { type Edit, History } from './history.ts';
import { type Journal, NO_JOURNAL } from './journal.ts';
import type { Assignment, Op, Outcome } from './op.ts';
import { Plans } from './plans.ts';
import { Recorder } from './recorder.ts';
import { Search } from './search.ts';

/** Files as a configuration is read and written; both throw where that cannot be done. */
export interface ConfigFiles {
  /** The text of a file, undefined if there is none. */
  read(path: string): string | undefined;
  /** Write a file as a whole, or leave it as it was. */
  write(path: string, text: string): void;
}

/** What a session is made of. */
export interface ConfigParts {
  /** With the values to begin with. */
  readonly config: Config;
  /** What the tree is called, e.g. `v7.0` or `linux-6.12 (x86)`. */
  readonly title: string;
  /** The file it was read from and is saved to by default. */
  readonly file: string;
  /** Was it read from that file. */
  readonly fromFile: boolean;
  readonly files: ConfigFiles;
  /** The cell of a matrix it is the configuration of. */
  readonly cell?: CellOrigin;
  readonly journal?: Journal;
  /** Edits of an earlier run that were never saved. */
  readonly pending?: readonly Op[];
}

/** A cell of a matrix, by what was asked for. */
export interface CellOrigin {
  readonly id: string;
  readonly edition: string;
  /** Options asked for on top of the base configuration. */
  readonly set: Readonly<Record<string, string>>;
}

/** Ways to write a configuration. */
export type Format = 'config' | 'defconfig' | 'fragment';

/**
 * A configuration being edited: its values, what was done to them, and what was there before. Everything goes through
 * `do`, so that it can be taken back, done again and written to the journal. Nothing here knows of a screen.
 */
export class ConfigSession implements Session {
  version = 1;
  readonly kconfig: Kconfig;
  readonly config: Config;
  readonly title: string;
  readonly fromFile: boolean;
  readonly files: ConfigFiles;
  /** The cell of a matrix it was opened as. */
  readonly cell: CellOrigin | undefined;
  readonly plans: Plans;
  /** The file `save` is expected to write. */
  file: string;
  /** What came of the last operation that changed something. */
  last: Outcome | undefined;
  /** Edits of an earlier run, to be taken over or thrown away. */
  pending: readonly Op[];
  /** Symbols that were asked about: of many changes these are of interest first. */
  readonly watched = new Set<string>();
  readonly #journal: Journal;
  readonly #history = new History();
  #recorder = new Recorder();
  readonly #nodes = new Map<number, MenuNode>();
  #loaded: Config;
  #givenUp = false;
  #search: Search | undefined;
  #since: { version: number; changes: readonly Difference[] } | undefined;

  constructor(parts: ConfigParts) {
    this.config = parts.config;
    this.kconfig = parts.config.kconfig;
    this.title = parts.title;
    this.file = parts.file;
    this.fromFile = parts.fromFile;
    this.files = parts.files;
    this.cell = parts.cell;
    this.pending = parts.pending ?? [];
    this.#journal = parts.journal ?? NO_JOURNAL;
    this.#loaded = this.config.fork();
    this.plans = new Plans(this);
  }

  /** Do something to the configuration. What is refused changes nothing and says why. */
  do(op: Op): Outcome {
    const before = this.config.fork();
    const done = this.#edit(op);
    if (typeof done === 'string') return { ok: false, text: done };
    const changed = before.diff(this.config);
    const outcome: Outcome = { ok: true, text: done.text, own: done.own, changed };
    this.last = outcome;
    this.#journal.append(
      this.#recorder.knows(op) ? op : { do: 'become', said: done.text, text: this.config.write() },
    );
    this.version++;
    return outcome;
  }

  /** Give a symbol a value, if it can have it now. */
  set(name: string, value: string): Outcome {
    return this.do({ do: 'set', name, value });
  }

  /** The next value of a bool or tristate, as Space goes through them: n, m, y, and n again. */
  cycle(name: string): Outcome {
    const can = this.config.assignable(name);
    const order = ['n', 'm', 'y'];
    const at = order.indexOf(this.config.get(name));
    const next = [1, 2, 3].map((by) => order[(at + by) % 3]!).find((value) => can.includes(value));
    return this.set(name, next ?? order[(at + 2) % 3]!);
  }

  /** The text to save. */
  text(format: Format): string {
    if (format === 'config') return this.config.write();
    if (format === 'defconfig') return this.config.writeMinimal();
    return fragmentOf(this.config, this.changes());
  }

  /** Write the configuration to a file. Afterwards a `.config` counts as saved. */
  save(file: string, format: Format): void {
    this.files.write(file, this.text(format));
    if (format !== 'config') return;
    this.file = file;
    this.kept();
  }

  /** What is there now is kept elsewhere, e.g. as a cell of a matrix: nothing would be lost by leaving. */
  kept(): void {
    this.#history.saved();
    this.#journal.clear();
    this.#recorder = new Recorder();
    this.version++;
  }

  /** Take over the edits of an earlier run, or throw them away. The number taken over. */
  recover(take: boolean): number {
    const ops = this.pending;
    this.pending = [];
    this.#journal.clear();
    this.#recorder = new Recorder();
    this.version++;
    if (!take) return 0;
    return ops.filter((op) => this.do(op).ok).length;
  }

  /** Forget what the journal holds: the edits are given up. */
  giveUp(): void {
    this.#givenUp = true;
    this.#journal.clear();
  }

  /** The symbols whose values are not those that were there at first, or loaded since. */
  changes(): readonly Difference[] {
    // Not compared before there is an edit: it would be the first time that all values are asked for.
    if (this.#history.undoable === 0) return [];
    if (this.#since?.version !== this.version)
      this.#since = { version: this.version, changes: this.#loaded.diff(this.config) };
    return this.#since.changes;
  }

  /**
   * What to ask for on top of what was there at first to get what is there now: options the user gave a value,
   * or took it from, as far as they can be set. The rest follows from these.
   */
  asked(): Readonly<Record<string, string>> {
    const set: Record<string, string> = {};
    for (const { name, defined } of this.kconfig.symbols) {
      if (!defined) continue;
      const [before, now] = [this.#loaded.userValue(name), this.config.userValue(name)];
      if (before === now || this.config.visibility(name) === 'n') continue;
      set[name] = this.config.get(name);
    }
    return set;
  }

  /** Is the value of a symbol another one than at first. */
  isChanged(name: string): boolean {
    return this.#loaded.get(name) !== this.config.get(name);
  }

  /** The symbols whose values differ from those in a file, that file's on the left; undefined if there is none. */
  against(file: string): readonly Difference[] | undefined {
    const text = this.files.read(file);
    if (text === undefined) return undefined;
    const other = this.config.fork();
    other.load(text, file);
    return other.diff(this.config);
  }

  /** What would be lost by leaving now. */
  unsaved(): string | null {
    return this.dirty && !this.#givenUp ? `the changes to ${this.file}` : null;
  }

  get dirty(): boolean {
    return this.#history.dirty;
  }

  get undoable(): number {
    return this.#history.undoable;
  }

  get redoable(): number {
    return this.#history.redoable;
  }

  /** The rows of a menu. */
  entries(menu: MenuNode, listed: Listed): Entry[] {
    return entriesOf(this.config, menu, listed);
  }

  /** An entry by its number; only those that were remembered are known. */
  node(index: number): MenuNode {
    return this.#nodes.get(index) ?? this.kconfig.menu;
  }

  /** The number of an entry, by which `node` finds it again. */
  remember(node: MenuNode): number {
    this.#nodes.set(node.index, node);
    return node.index;
  }

  /** Symbols and menus that fit a query, best first. */
  find(query: string): readonly MenuNode[] {
    this.#search ??= new Search(this.kconfig);
    return this.#search.find(query);
  }

  /** Work that would delay the first toggle or search, in steps, for when nothing else is to be done. */
  *warmUp(): Generator<void, void> {
    // Reasons and plans are told of the finished tree, and all that is made of a draft before would be made once more.
    this.config.complete();
    this.#loaded.complete();
    yield;
    this.config.diff(this.#loaded);
    yield;
    this.#search ??= new Search(this.kconfig);
    yield;
    // The first fork that is edited makes the table of who depends on whom.
    const fork = this.config.fork();
    const edited = this.kconfig.symbols.get('MODULES') ?? [...this.kconfig.symbols][0];
    if (edited && !fork.set(edited.name, fork.get(edited.name) === 'y' ? 'n' : 'y').ok)
      fork.unset(edited.name);
  }

  #edit(op: Op): Pick<Edit, 'text' | 'own'> | string {
    switch (op.do) {
      case 'undo':
      case 'redo': {
        const edit = op.do === 'undo' ? this.#history.undo() : this.#history.redo();
        if (!edit) return `Nothing to ${op.do}.`;
        this.config.restore(op.do === 'undo' ? edit.before : edit.after);
        if (edit.base) this.#loaded = op.do === 'undo' ? edit.base.before : edit.base.after;
        if (op.do === 'redo') return { text: `Again: ${edit.text}`, own: edit.own };
        // What was done to values is told by those that are there now.
        const undid = edit.own.length > 0 ? `${this.#said(edit.own)} again` : edit.text;
        return { text: `Undid: ${undid}`, own: edit.own };
      }
      case 'load':
        return this.#load(op.file, op.text);
      case 'become': {
        const before = this.config.userValues();
        this.config.load(op.text, this.file);
        const edit = { text: op.said, own: [] };
        this.#history.add({ ...edit, before, after: this.config.userValues() });
        return edit;
      }
      case 'apply': {
        const own = op.values.map(({ name }) => name);
        return this.#assign(own, op.values, op.goal);
      }
      case 'unset':
        if (this.config.userValue(op.name) === undefined) return `${op.name} was not set by you.`;
        return this.#assign([op.name], [{ name: op.name }]);
      case 'set': {
        const refused = this.#refused(op.name, op.value);
        return refused ?? this.#assign([op.name], [{ name: op.name, to: op.value }]);
      }
    }
  }

  #assign(
    own: readonly string[],
    values: readonly Assignment[],
    goal?: string,
  ): Pick<Edit, 'text' | 'own'> | string {
    const { config } = this;
    const before = config.userValues(own);
    for (const { name, to } of values) {
      if (to === undefined) config.unset(name);
      else {
        const result = config.set(name, to);
        if (result.ok) continue;
        config.restore(before);
        return result.message;
      }
    }
    const said = this.#said(own);
    const text = goal === undefined ? said : `${goal}: ${said}`;
    const edit = { text, own };
    this.#history.add({ ...edit, before, after: config.userValues(own) });
    return edit;
  }

  #said(names: readonly string[]): string {
    return names.map((name) => `${name} is ${shownValue(this.config.get(name))}`).join(', ');
  }

  #load(file: string, text: string): Pick<Edit, 'text' | 'own'> {
    const { config } = this;
    const before = config.userValues();
    const warnings = config.load(text, file);
    const edit = { text: `Loaded ${file}`, own: [] };
    const base = { before: this.#loaded, after: config.fork() };
    this.#history.add({ ...edit, before, after: config.userValues(), base });
    this.#loaded = base.after;
    const [first] = warnings;
    if (!first) return edit;
    const more = warnings.length > 1 ? ` (and ${warnings.length - 1} more)` : '';
    return { ...edit, text: `${edit.text}: ${formatDiagnostic(first)}${more}` };
  }

  /** Why a symbol cannot be given a value now; undefined if it can. */
  #refused(name: string, value: string): string | undefined {
    const symbol = this.kconfig.symbols.get(name);
    if (!symbol?.defined) return `${name} is not defined.`;
    const logical = symbol.type === 'bool' || symbol.type === 'tristate';
    if (!logical) {
      if (this.config.visibility(name) === 'n') return this.#whyFixed(symbol);
      return refusedValue(this.config, symbol, value);
    }
    const can = this.config.assignable(name);
    if (can.includes(value)) {
      const held = this.config.get(name) === value && this.config.userValue(name) === value;
      return held ? `${name} is ${value} already.` : undefined;
    }
    if (can.length < 2) return this.#whyFixed(symbol);
    return `${name} can be ${can.join(' or ')} now, not ${value}.`;
  }

  #whyFixed({ name }: KSymbol): string {
    const { text } = this.config.why(name);
    return `Cannot be changed here: ${text}`;
  }
}

/** A value as a sentence has it. */
export function shownValue(value: string): string {
  return value === '' ? 'empty' : value;
}
