import { type Expr, type ExprStore, NO } from '../expr/store.ts';
import type { HelpRange } from '../lex/help-text.ts';
import { ERA, type Era } from './era.ts';

/** Types of symbols. */
export const TYPE = { UNKNOWN: 0, BOOL: 1, TRISTATE: 2, INT: 3, HEX: 4, STRING: 5 } as const;

/** Type names as `conf` prints them, by number. */
export const TYPE_NAMES = ['unknown', 'bool', 'tristate', 'integer', 'hex', 'string'] as const;

/** Kinds of properties. */
export const P = {
  PROMPT: 1,
  COMMENT: 2,
  MENU: 3,
  DEFAULT: 4,
  SELECT: 5,
  IMPLY: 6,
  RANGE: 7,
} as const;

/** Property kinds as `conf` names them in loop reports, by number. */
export const PROP_NAMES = [
  'unknown',
  'prompt',
  'comment',
  'menu',
  'default',
  'select',
  'imply',
  'range',
] as const;

/** One prompt, default, select, imply or range, at one place. */
export class Prop {
  readonly node: Node;
  kind: number;
  /** Prompt text; empty for other kinds. */
  text = '';
  /** Value of a default; target of a select or imply, as an expression. */
  expr: Expr = 0;
  /** Bounds of a range: symbol ids. */
  low = 0;
  high = 0;
  /** Condition: as written while parsing, with all enclosing dependencies afterwards. */
  cond: Expr;
  /** Condition as written. */
  readonly written: Expr;
  readonly file: string;
  readonly line: number;
  readonly column: number;

  constructor(node: Node, kind: number, cond: Expr, file: string, line: number, column: number) {
    this.node = node;
    this.kind = kind;
    this.cond = cond;
    this.written = cond;
    this.file = file;
    this.line = line;
    this.column = column;
  }
}

/**
 * One entry of the menu tree: symbol, choice, menu, comment, `if`, or the root. Siblings are linked by `next`, children
 * hang at `list`; finalizing moves them about.
 */
export class Node {
  readonly sym: Sym | undefined;
  parent: Node | undefined;
  next: Node | undefined = undefined;
  list: Node | undefined = undefined;
  prompt: Prop | undefined = undefined;
  /** `visible if` of a menu. */
  visibility: Expr = 0;
  /** Dependencies: own while parsing, with those of all enclosing blocks afterwards. */
  dep: Expr = 0;
  /** Dependencies as written here. */
  written: Expr = 0;
  help: HelpRange | undefined = undefined;
  menuconfig = false;
  /** Adds defaults to a symbol without defining it; taken out of the menu when the tree is finished. */
  addition = false;
  /** For a choice: its members in the order of their `config` entries. */
  members: Sym[] | undefined = undefined;
  /** Position in the order of definition. */
  readonly index: number;
  readonly file: string;
  readonly line: number;
  readonly column: number;

  constructor(
    sym: Sym | undefined,
    parent: Node | undefined,
    index: number,
    file: string,
    line: number,
    col: number,
  ) {
    this.sym = sym;
    this.parent = parent;
    this.index = index;
    this.file = file;
    this.line = line;
    this.column = col;
  }
}

/** A symbol, a quoted or bare constant, or (with `isChoice`) the nameless symbol of a choice. */
export class Sym {
  readonly id: number;
  readonly name: string;
  readonly constant: boolean;
  readonly isChoice: boolean;
  type: number = TYPE.UNKNOWN;
  readonly nodes: Node[] = [];
  readonly props: Prop[] = [];
  /** OR over all definitions of their dependencies. */
  dirDep: Expr = 0;
  /** OR of the selecting symbols with their conditions. */
  revDep: Expr = 0;
  implied: Expr = 0;
  /** Has an entry inside a choice. */
  inChoice = false;
  /** Read from a configuration but never written (7.0). */
  transitional = false;
  /** The choice it was found to be a member of (superset, where the menu may not show it). */
  memberOf: Sym | undefined = undefined;
  /** A choice that may have no member (superset). */
  optional = false;
  /** Name of a choice that can be added to elsewhere (superset). */
  choiceName: string | undefined = undefined;
  /** With allnoconfig it is y (superset). */
  allnoconfigY = false;
  /** Takes its value from the environment, and is not written (superset). */
  bounce = false;
  /** State of the property and loop checks. */
  warned = false;
  checking = false;
  checked = false;

  constructor(id: number, name: string, constant: boolean, isChoice: boolean) {
    this.id = id;
    this.name = name;
    this.constant = constant;
    this.isChoice = isChoice;
  }
}

/** A parsed tree as objects: what finalizing completes and the views show. */
export class Tree {
  readonly store: ExprStore;
  /** By id. The first three are the constants n, m and y. */
  readonly symbols: Sym[] = [];
  readonly names = new Map<string, Sym>();
  readonly constants = new Map<string, Sym>();
  root!: Node;
  /** Files in the order of their first inclusion. */
  readonly files: string[] = [];
  /** The symbol with the `modules` attribute. */
  modules: Sym | undefined;
  /** The symbol whose defaults name configurations to begin with (superset). */
  defconfigList: Sym | undefined;
  /** Values of the symbols with `option env` (superset). */
  readonly bounced = new Map<string, string>();
  /** Choices are evaluated as up to Linux 6.10, and as all other implementations do it. */
  classicChoices = false;
  era: Era = ERA.NOW;
  /** An entry that asks for the one before to be off ends the automatic submenu of that. */
  negationEndsSubmenu = false;
  /** A member of a choice has a prompt in one entry only, not in any entry of its choice. */
  membersPromptOnce = false;
  nodeCount = 0;

  /** An empty tree, to be filled by `buildTree`. */
  constructor(store: ExprStore) {
    this.store = store;
  }

  get modulesId(): number {
    return this.modules?.id ?? NO;
  }
}

/** The node after `node` in depth-first order below `root`, or undefined at the end. */
export function nextNode(node: Node, root: Node): Node | undefined {
  if (node.list) return node.list;
  let at: Node = node;
  while (at !== root && !at.next) at = at.parent as Node;
  return at === root ? undefined : at.next;
}

/**
 * The choice a symbol is a member of. `conf` looks upwards from the first entry with a prompt to the first entry that
 * has a symbol; an automatic submenu in between therefore takes a member out of its choice. So does a menu, which only
 * the superset has there.
 */
export function choiceOf(sym: Sym): Node | undefined {
  if (sym.memberOf) return sym.memberOf.nodes[0];
  const { nodes } = sym;
  let first = 0;
  while (first < nodes.length && !nodes[first]?.prompt) first++;
  let at = nodes[first];
  if (!at) return undefined;
  do at = at.parent;
  while (at && !at.sym && at.prompt?.kind !== P.MENU);
  return at?.sym?.isChoice ? at : undefined;
}
