import type { Span } from '../diagnostics/diagnostic.ts';
import { printExpr } from '../expr/print.ts';
import { type Expr, MOD, NO } from '../expr/store.ts';
import { helpText } from '../lex/help-text.ts';
import { choiceOf, type Node, P, type Prop, type Sym, type Tree, TYPE } from './model.ts';

/** Value of a bool or tristate. */
export type Tristate = 'n' | 'm' | 'y';

/** Type of a symbol; `unknown` for one that is mentioned but nowhere defined, or defined without a type. */
export type SymbolType = 'bool' | 'tristate' | 'int' | 'hex' | 'string' | 'unknown';

const TYPES: readonly SymbolType[] = ['unknown', 'bool', 'tristate', 'int', 'hex', 'string'];

/** A prompt, default, select, imply or range. Conditions include those of the enclosing blocks. */
export interface Property {
  readonly kind: 'prompt' | 'default' | 'select' | 'imply' | 'range';
  /** Prompt text, default expression, target of a select or imply, or `low high`. */
  readonly value: string;
  /** Text of the condition; `y` if there is none. */
  readonly condition: string;
  /** The condition as written on the line, `y` if there is none. */
  readonly writtenCondition: string;
  readonly span: Span;
}

/** A symbol. */
export interface KSymbol {
  readonly id: number;
  readonly name: string;
  readonly type: SymbolType;
  /** Its entries, in the order of definition. */
  readonly nodes: readonly MenuNode[];
  readonly defined: boolean;
  /** Its dependencies over all entries, as text; `y` if it has none. */
  readonly directDep: string;
  /** What selects it, with conditions, as text; `n` if nothing does. */
  readonly reverseDep: string;
  /** What implies it, with conditions, as text; `n` if nothing does. */
  readonly weakReverseDep: string;
  readonly properties: readonly Property[];
  /** The choice it is a member of. */
  readonly choice?: KChoice | undefined;
  /** Names of the symbols that select or imply it. */
  readonly selectedBy: readonly string[];
  readonly impliedBy: readonly string[];
}

/** A choice. */
export interface KChoice {
  readonly id: number;
  /** Its name, by which it can be added to elsewhere (superset). */
  readonly name?: string | undefined;
  /** `tristate` is for the superset. */
  readonly type: 'bool' | 'tristate';
  /** It may have no member that is y (superset). */
  readonly optional: boolean;
  readonly prompt: string;
  readonly node: MenuNode;
  readonly members: readonly KSymbol[];
  readonly defaults: readonly Property[];
}

/**
 * An entry of the menu tree, after automatic submenus were made and `if` blocks dissolved: those remain as entries
 * without children in front of what was in them.
 */
export interface MenuNode {
  readonly kind: 'menu' | 'config' | 'menuconfig' | 'choice' | 'comment' | 'if' | 'mainmenu';
  readonly prompt?: string | undefined;
  readonly symbol?: KSymbol | undefined;
  readonly choice?: KChoice | undefined;
  readonly parent?: MenuNode | undefined;
  readonly children: readonly MenuNode[];
  readonly span: Span;
  readonly help?: string | undefined;
  /** Text of the dependencies, with those of all blocks around. */
  readonly dep: string;
  /** Text of the condition under which the prompt is shown. */
  readonly visibleIf: string;
  /** Number of the entry in the order of definition. */
  readonly index: number;
}

/** The public face of a tree. Wrappers are made when first asked for and then kept. */
export class Views {
  readonly tree: Tree;
  readonly #symbols: (SymbolView | undefined)[] = [];
  readonly #nodes: (NodeView | undefined)[] = [];
  readonly #choices = new Map<number, ChoiceView>();

  constructor(tree: Tree) {
    this.tree = tree;
  }

  symbol(sym: Sym): SymbolView {
    let view = this.#symbols[sym.id];
    if (!view) {
      view = new SymbolView(this, sym);
      this.#symbols[sym.id] = view;
    }
    return view;
  }

  node(node: Node): NodeView {
    let view = this.#nodes[node.index];
    if (!view) {
      view = new NodeView(this, node);
      this.#nodes[node.index] = view;
    }
    return view;
  }

  choice(sym: Sym): ChoiceView {
    let view = this.#choices.get(sym.id);
    if (!view) {
      view = new ChoiceView(this, sym);
      this.#choices.set(sym.id, view);
    }
    return view;
  }

  /** Text of an expression. Constants other than y, m and n are quoted; a choice has no name. */
  text(e: Expr, choice: (sym: Sym) => string = () => '<choice>'): string {
    return printExpr(this.tree.store, e, (id) => {
      const sym = this.tree.symbols[id] as Sym;
      if (sym.isChoice) return choice(sym);
      return sym.constant && id > 2 ? `"${sym.name}"` : sym.name;
    });
  }

  properties(sym: Sym): Property[] {
    return sym.props.map((prop) => this.property(prop));
  }

  property(prop: Prop): Property {
    return {
      kind: KINDS[prop.kind] ?? 'prompt',
      value: this.#value(prop),
      condition: this.text(prop.cond),
      writtenCondition: this.text(prop.written),
      span: spanOf(prop),
    };
  }

  #value(prop: Prop): string {
    if (prop.kind === P.RANGE) {
      return `${this.text(this.tree.store.symbol(prop.low))} ${this.text(this.tree.store.symbol(prop.high))}`;
    }
    return prop.expr === 0 ? prop.text : this.text(prop.expr);
  }
}

const KINDS: Record<number, Property['kind']> = {
  [P.DEFAULT]: 'default',
  [P.SELECT]: 'select',
  [P.IMPLY]: 'imply',
  [P.RANGE]: 'range',
};

/** The place of an entry or property. */
export function spanOf(at: { file: string; line: number; column: number }): Span {
  return { file: at.file, line: at.line, column: at.column };
}

class SymbolView implements KSymbol {
  readonly #views: Views;
  readonly #sym: Sym;

  constructor(views: Views, sym: Sym) {
    this.#views = views;
    this.#sym = sym;
  }

  get id(): number {
    return this.#sym.id;
  }
  get name(): string {
    return this.#sym.name;
  }
  get type(): SymbolType {
    return TYPES[this.#sym.type] ?? 'unknown';
  }
  get nodes(): readonly MenuNode[] {
    return this.#sym.nodes.map((node) => this.#views.node(node));
  }
  get defined(): boolean {
    return this.#sym.nodes.length > 0;
  }
  get directDep(): string {
    return this.#views.text(this.#sym.dirDep);
  }
  get reverseDep(): string {
    return this.#sym.revDep === 0 ? 'n' : this.#views.text(this.#sym.revDep);
  }
  get weakReverseDep(): string {
    return this.#sym.implied === 0 ? 'n' : this.#views.text(this.#sym.implied);
  }
  get properties(): readonly Property[] {
    return this.#views.properties(this.#sym);
  }
  get choice(): KChoice | undefined {
    const node = this.#sym.nodes.length > 0 ? choiceOf(this.#sym) : undefined;
    return node?.sym ? this.#views.choice(node.sym) : undefined;
  }
  get selectedBy(): readonly string[] {
    return this.#sources(P.SELECT);
  }
  get impliedBy(): readonly string[] {
    return this.#sources(P.IMPLY);
  }

  #sources(kind: number): string[] {
    const { symbols, store } = this.#views.tree;
    const targets = (sym: Sym): boolean =>
      sym.props.some((prop) => prop.kind === kind && store.left[prop.expr] === this.#sym.id);
    return symbols.filter(targets).map((sym) => sym.name);
  }
}

class ChoiceView implements KChoice {
  readonly #views: Views;
  readonly #sym: Sym;

  constructor(views: Views, sym: Sym) {
    this.#views = views;
    this.#sym = sym;
  }

  get id(): number {
    return this.#sym.id;
  }
  get name(): string | undefined {
    return this.#sym.choiceName;
  }
  get type(): 'bool' | 'tristate' {
    return this.#sym.type === TYPE.TRISTATE ? 'tristate' : 'bool';
  }
  get optional(): boolean {
    return this.#sym.optional;
  }
  get prompt(): string {
    return this.#sym.nodes.find((node) => node.prompt)?.prompt?.text ?? '';
  }
  get node(): MenuNode {
    return this.#views.node(this.#node);
  }
  get members(): readonly KSymbol[] {
    const members = this.#sym.nodes.flatMap((node) => node.members ?? []);
    return members.map((sym) => this.#views.symbol(sym));
  }
  get defaults(): readonly Property[] {
    return this.#views.properties(this.#sym).filter((prop) => prop.kind === 'default');
  }

  get #node(): Node {
    return this.#sym.nodes[0] as Node;
  }
}

/** An entry as it is shown to users of the package. */
export class NodeView implements MenuNode {
  readonly #views: Views;
  readonly #node: Node;
  #children: readonly MenuNode[] | undefined;

  constructor(views: Views, node: Node) {
    this.#views = views;
    this.#node = node;
  }

  /** @internal The entry itself. */
  get raw(): Node {
    return this.#node;
  }
  get kind(): MenuNode['kind'] {
    const { sym, prompt, parent, menuconfig } = this.#node;
    if (sym) return sym.isChoice ? 'choice' : menuconfig ? 'menuconfig' : 'config';
    if (!parent) return 'mainmenu';
    if (!prompt) return 'if';
    return prompt.kind === P.COMMENT ? 'comment' : 'menu';
  }
  get prompt(): string | undefined {
    return this.#node.prompt?.text;
  }
  get symbol(): KSymbol | undefined {
    const { sym } = this.#node;
    return sym && !sym.isChoice ? this.#views.symbol(sym) : undefined;
  }
  get choice(): KChoice | undefined {
    const { sym } = this.#node;
    return sym?.isChoice ? this.#views.choice(sym) : undefined;
  }
  get parent(): MenuNode | undefined {
    return this.#node.parent && this.#views.node(this.#node.parent);
  }
  get children(): readonly MenuNode[] {
    if (!this.#children) {
      const children: MenuNode[] = [];
      for (let child = this.#node.list; child; child = child.next)
        children.push(this.#views.node(child));
      this.#children = children;
    }
    return this.#children;
  }
  get span(): Span {
    return spanOf(this.#node);
  }
  get help(): string | undefined {
    return this.#node.help && helpText(this.#node.help);
  }
  get dep(): string {
    return this.#views.text(this.#node.dep);
  }
  get visibleIf(): string {
    return this.#views.text(this.#node.prompt?.cond ?? 0);
  }
  get index(): number {
    return this.#node.index;
  }
}

/** Is the type one whose values are y, m and n. */
export function isTristateType(type: number): boolean {
  return type === TYPE.BOOL || type === TYPE.TRISTATE;
}

/** The tristate with this number. */
export function tristateOf(value: number): Tristate {
  return value === NO ? 'n' : value === MOD ? 'm' : 'y';
}
