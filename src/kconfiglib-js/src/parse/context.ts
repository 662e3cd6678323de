import type { Span } from '../diagnostics/diagnostic.ts';
import { type DiagnosticSink, diagnostic } from '../diagnostics/sink.ts';
import type { Expr } from '../expr/store.ts';
import type { Lexer } from '../lex/lexer.ts';
import { T, type Token } from '../lex/tokens.ts';
import { Node, Prop, type Sym, type Tree, TYPE, TYPE_NAMES } from '../menu/model.ts';
import { describeToken } from './describe.ts';
import type { Features } from './features.ts';
import type { Limits } from './limits.ts';

/** Unwinds to the statement list that recovers from a syntax error. */
export class SyntaxProblem extends Error {}

/** A `source` statement, of any kind. */
export interface Source {
  readonly name: string;
  readonly at: Span;
  /** The name is relative to the directory of the file it stands in. */
  readonly relative: boolean;
  /** Nothing need be there. */
  readonly optional: boolean;
}

/**
 * What the statement parsers share: one token of lookahead, the tree under construction, and error recovery.
 *
 * A token is read only when looked at, because entering a file, an assignment and the start of a help text change what
 * the lexer does next. Recovery is that of an LALR parser: a syntax error is announced only if three tokens have been
 * accepted since the last one.
 */
export class Context {
  readonly lexer: Lexer;
  readonly tree: Tree;
  readonly sink: DiagnosticSink;
  readonly features: Features;
  readonly limits: Limits;
  /** Reads the files of a `source`, or reports why not. */
  readonly enter: (source: Source) => void;
  menu: Node;
  entry: Node;
  choice: Node | undefined;
  /** Entries of open blocks, innermost last. */
  readonly open: Node[] = [];
  #last: Node | undefined;
  #attachToEntry = true;
  #token: Token | undefined;
  #quiet = 0;
  #column = 1;

  constructor(
    lexer: Lexer,
    tree: Tree,
    sink: DiagnosticSink,
    features: Features,
    limits: Limits,
    enter: (source: Source) => void,
  ) {
    this.lexer = lexer;
    this.tree = tree;
    this.sink = sink;
    this.features = features;
    this.limits = limits;
    this.enter = enter;
    this.menu = this.entry = tree.root;
  }

  /** The next token, not yet accepted. */
  peek(): Token {
    this.#token ??= this.lexer.next();
    return this.#token;
  }

  /** Accept the next token. */
  shift(): Token {
    const token = this.peek();
    this.#token = undefined;
    if (this.#quiet > 0) this.#quiet--;
    return token;
  }

  /** Accept the next token, which must be of this kind. */
  expect(token: Token): void {
    if (this.peek() !== token) this.reject();
    this.shift();
  }

  /** Accept a WORD or WORD_QUOTE and return its text. */
  word(token: typeof T.WORD | typeof T.WORD_QUOTE): string {
    if (this.peek() !== token) this.reject();
    const value = this.lexer.value;
    this.shift();
    return value;
  }

  /** Remember where a statement begins. */
  begin(): void {
    this.peek();
    this.#column = this.lexer.column;
  }

  /** Announce a syntax error at the next token and unwind. `word` is the statement's first word, if it has one. */
  reject(word?: string): never {
    const token = this.peek();
    if (this.#quiet === 0) {
      const span = this.lexer.span();
      const [what, hint] = describeToken(token, this.lexer.value, word);
      const d = diagnostic(
        'error',
        'syntax',
        span,
        `syntax error: unexpected ${what}`,
        undefined,
        hint,
      );
      d.conf = `${this.lexer.file}:${this.lexer.statementLine}: syntax error\n`;
      d.stream = 'stderr';
      this.sink.add(d);
    }
    this.#quiet = 3;
    throw new SyntaxProblem();
  }

  /** Skip to the end of the line after a syntax error. At the end of the input, report the open blocks and stop. */
  recover(): void {
    for (;;) {
      const token = this.peek();
      if (token === T.EOL) {
        this.shift();
        return;
      }
      if (token === T.EOF) break;
      this.#token = undefined;
    }
    const open = this.open.reverse();
    for (const [i, node] of open.entries()) {
      const span = { file: node.file, line: node.line, column: node.column };
      const text = 'missing end statement for this entry';
      const d = diagnostic('error', 'missing-end', span, text, ` ${text}`, `add ${endOf(node)}`);
      if (i === open.length - 1) this.sink.fatal(d);
      this.sink.add(d);
    }
    throw new SyntaxProblem();
  }

  /** An error in the statement just read. */
  error(code: string, message: string): void {
    this.sink.add(diagnostic('error', code, this.statementSpan(), message, ` ${message}`));
  }

  /** A warning, or in the strict dialect an error, about the statement just read. */
  complain(code: string, message: string, newer = message): void {
    if (this.features.strict) this.error(code, newer);
    else
      this.sink.add(
        diagnostic('warning', code, this.statementSpan(), message, ` warning: ${message}`),
      );
  }

  statementSpan(): Span {
    return { file: this.lexer.file, line: this.lexer.statementLine, column: this.#column };
  }

  symbol(name: string, constant: boolean): Sym {
    if (this.tree.symbols.length > this.limits.symbols) {
      const message = `more than ${this.limits.symbols} symbols`;
      this.sink.fatal(diagnostic('error', 'limit', this.statementSpan(), message, undefined));
    }
    return this.tree.lookup(name, constant);
  }

  /** Append an entry to the current menu. One that does not define its symbol only adds to it. */
  addEntry(sym: Sym | undefined, defines = true): Node {
    const { file, line, column } = this.statementSpan();
    const node = new Node(sym, this.menu, this.tree.nodeCount++, file, line, column);
    if (this.#attachToEntry) (this.#last ?? this.tree.root).list = node;
    else (this.#last as Node).next = node;
    this.#last = node;
    this.#attachToEntry = false;
    this.entry = node;
    if (defines) sym?.nodes.push(node);
    else node.addition = true;
    return node;
  }

  /** What follows are children of the current entry. */
  openMenu(): void {
    this.#last = this.entry;
    this.#attachToEntry = true;
    this.menu = this.entry;
  }

  closeMenu(): void {
    this.#last = this.menu;
    this.#attachToEntry = false;
    this.menu = this.menu.parent as Node;
  }

  addDep(e: Expr): void {
    this.entry.dep = this.entry.written = this.tree.store.and(this.entry.dep, e);
  }

  addProp(kind: number, cond: Expr): Prop {
    const { file, line, column } = this.statementSpan();
    const prop = new Prop(this.entry, kind, cond, file, line, column);
    this.entry.sym?.props.push(prop);
    return prop;
  }

  /** A prompt is also subject to `visible if` of all menus around it. */
  addPrompt(kind: number, text: string, cond: Expr): void {
    const prop = this.addProp(kind, cond);
    let shown = text;
    if (/^[ \t\n\v\f\r]/.test(text)) {
      this.warnProp(prop, 'prompt-space', 'leading whitespace ignored');
      shown = text.replace(/^[ \t\n\v\f\r]+/, '');
    }
    if (this.entry.prompt) this.warnProp(prop, 'prompt-redefined', 'prompt redefined');
    if (kind === 1) {
      for (let up = this.entry.parent; up; up = up.parent) {
        if (up.visibility !== 0) prop.cond = this.tree.store.and(prop.cond, up.visibility);
      }
    }
    this.entry.prompt = prop;
    prop.text = shown;
  }

  setType(type: number): void {
    const sym = this.entry.sym as Sym;
    if (sym.type === type) return;
    if (sym.type === TYPE.UNKNOWN) {
      sym.type = type;
      return;
    }
    const { file, line, column } = this.entry;
    const name = sym.isChoice ? (sym.choiceName ?? '<choice>') : sym.name;
    const message = `ignoring type redefinition of '${name}' from '${TYPE_NAMES[sym.type]}' to '${TYPE_NAMES[type]}'`;
    this.sink.at(
      'warning',
      'type-redefined',
      { file, line, column },
      message,
      `warning: ${message}`,
    );
  }

  warnProp(prop: Prop, code: string, message: string): void {
    const { file, line, column } = prop;
    this.sink.at('warning', code, { file, line, column }, message, `warning: ${message}`);
  }
}

function endOf(node: Node): string {
  if (node.sym) return 'endchoice';
  return node.prompt ? 'endmenu' : 'endif';
}
