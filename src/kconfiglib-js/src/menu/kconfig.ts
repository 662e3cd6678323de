import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { DiagnosticSink } from '../diagnostics/sink.ts';
import { Config } from '../eval/config.ts';
import { layOut } from '../eval/layout.ts';
import type { Program } from '../eval/program.ts';
import { TRAIT } from '../eval/program.ts';
import type { ShellRequest } from '../preprocess/shell.ts';
import type { TreeColumns } from './columns.ts';
import { finishing } from './finish-tree.ts';
import type { Tree } from './model.ts';
import { NamedSymbols, type SymbolTable } from './symbol-table.ts';
import { type KChoice, type MenuNode, Views } from './views.ts';

/** What reading a tree produced. */
export interface KconfigParts {
  /** May be a getter that unpacks them when they are first asked for. */
  readonly columns: TreeColumns;
  env: ReadonlyMap<string, string>;
  diagnostics: readonly Diagnostic[];
  unanswered: readonly ShellRequest[];
  files: readonly string[];
  mainmenu: string;
  /** The draft of the program; without one, the tree. */
  draft?: Program | undefined;
  tree?: Tree | undefined;
  hashOrder?: Int32Array;
}

/** A parsed tree. Immutable: configurations hold the values, and any number of them can share it. */
export class Kconfig {
  /** Environment variables that were really referenced, with their values. */
  readonly env: ReadonlyMap<string, string>;
  /** Warnings and information; errors would have been thrown. */
  readonly diagnostics: readonly Diagnostic[];
  /** Shell questions that got no answer. */
  readonly unanswered: readonly ShellRequest[];
  readonly #parts: KconfigParts;
  #draft: Program | undefined;
  #program: Program | undefined;
  #tree: Tree | undefined;
  #views: Views | undefined;
  #symbols: SymbolTable | undefined;
  #fresh: Config | undefined;
  #hashOrder: Int32Array | undefined;

  constructor(parts: KconfigParts) {
    this.#parts = parts;
    this.env = parts.env;
    this.diagnostics = parts.diagnostics;
    this.unanswered = parts.unanswered;
    this.#draft = parts.draft;
    this.#tree = parts.tree;
    this.#hashOrder = parts.hashOrder;
  }

  /** @internal What is evaluated: a draft as long as that is enough. */
  get program(): Program {
    return this.#draft ?? this.#whole();
  }

  /** @internal Is the program a draft. */
  get isDraft(): boolean {
    return this.#draft !== undefined;
  }

  /** @internal Evaluate the finished tree from now on: for whoever looks at expressions, or at the order of warnings. */
  complete(): void {
    if (this.#draft === undefined) return;
    this.#draft = undefined;
    this.#fresh = undefined;
  }

  #whole(): Program {
    this.#program ??= layOut(this.tree);
    return this.#program;
  }

  /** @internal */
  get columns(): TreeColumns {
    return this.#parts.columns;
  }

  /** @internal */
  get tree(): Tree {
    for (const _ of this.finishing()) {
      // At once: whoever has other things to do takes the steps.
    }
    return this.#tree as Tree;
  }

  /**
   * Make the menus and all that expressions are asked of, in steps of some tens of milliseconds, and yield between them.
   * Who does not take the steps has it done at once when it is first needed.
   */
  *finishing(): Generator<void, void> {
    if (!this.#tree) {
      const { columns } = this;
      yield;
      // A tree of which there is a draft has nothing to report.
      this.#tree = yield* finishing(columns, new DiagnosticSink(), true);
    }
  }

  /** @internal */
  get views(): Views {
    this.#views ??= new Views(this.tree);
    return this.#views;
  }

  /** Title of the tree. */
  get mainmenu(): string {
    return this.#parts.mainmenu;
  }

  /** Files in the order of their first inclusion, as written in `source`. */
  get files(): readonly string[] {
    return this.#parts.files;
  }

  get symbols(): SymbolTable {
    this.#symbols ??= new NamedSymbols(this.views);
    return this.#symbols;
  }

  get choices(): readonly KChoice[] {
    return this.tree.symbols.filter((sym) => sym.isChoice).map((sym) => this.views.choice(sym));
  }

  /** The root of the menu tree. */
  get menu(): MenuNode {
    return this.views.node(this.tree.root);
  }

  /** A configuration without user values. */
  config(): Config {
    this.#fresh ??= new Config(this);
    return this.#fresh.fork();
  }

  /** @internal Symbol ids in the order in which `conf` goes through all symbols. */
  get hashOrder(): Int32Array {
    this.#hashOrder ??= hashOrder(this.program);
    return this.#hashOrder;
  }
}

/** Size of the hash table of `conf`; its order of symbols shows in several outputs. */
const BUCKETS = 1 << 14;
/** The same in the generations that have other choices (SYMBOL_HASHSIZE of scripts/kconfig/expr.h). */
const OLD_BUCKETS = 9973;

/** By bucket of the name's FNV-1a hash, the newest symbol of a bucket first. Choices have no name and bucket 0. */
function hashOrder(program: Program): Int32Array {
  const { size, names, traits } = program;
  const buckets = program.classic ? OLD_BUCKETS : BUCKETS;
  const first = new Int32Array(buckets + 1);
  const bucket = new Int32Array(size);
  for (let id = 3; id < size; id++) {
    const at = (traits[id] as number) & TRAIT.CHOICE ? 0 : fnv1a(names.nameOf(id)) % buckets;
    bucket[id] = at;
    first[at + 1] = (first[at + 1] as number) + 1;
  }
  for (let at = 0; at < buckets; at++)
    first[at + 1] = (first[at + 1] as number) + (first[at] as number);
  const order = new Int32Array(Math.max(0, size - 3));
  for (let id = size - 1; id >= 3; id--) {
    const at = bucket[id] as number;
    const place = first[at] as number;
    order[place] = id;
    first[at] = place + 1;
  }
  return order;
}

const FNV_START = 0x811c9dc5 | 0;

/**
 * Times the prime of FNV-1a, which is 2^24 + 403. Not with `Math.imul`: V8 calls it as a function, and for the names of a
 * kernel that takes twice as long.
 */
const timesPrime = (hash: number): number => (hash * 403 + (hash << 24)) | 0;

/** FNV-1a over the bytes of a name, taken as signed characters. */
function fnv1a(name: string): number {
  let hash = FNV_START;
  let all = 0;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    all |= code;
    hash ^= code;
    // Not `timesPrime`: calls are not inlined everywhere.
    hash = (hash * 403 + (hash << 24)) | 0;
  }
  if (all < 128) return hash >>> 0;
  hash = FNV_START;
  for (const byte of new TextEncoder().encode(name)) hash = timesPrime(hash ^ ((byte << 24) >> 24));
  return hash >>> 0;
}
