import type { Span } from '../diagnostics/diagnostic.ts';
import { type DiagnosticSink, diagnostic } from '../diagnostics/sink.ts';
import type { Expr } from '../expr/store.ts';
import type { Lexer } from '../lex/lexer.ts';
import { T, type Token } from '../lex/tokens.ts';
import type { TreeColumns } from '../menu/columns.ts';
import { P, TYPE, TYPE_NAMES } from '../menu/model.ts';
import { describeToken } from './describe.ts';
import type { Features } from './features.ts';
import type { Limits } from './limits.ts';

/** Unwinds to the statement list that recovers from a syntax error. */
export class SyntaxProblem extends Error {}

/** A `source` statement, of any kind. */
export interface SourceStatement {
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
  readonly tree: TreeColumns;
  readonly sink: DiagnosticSink;
  readonly features: Features;
  readonly limits: Limits;
  /** Reads the files of a `source`, or reports why not. */
  readonly enter: (statement: SourceStatement) => void;
  /** Entry whose block is being read. */
  menu = 0;
  /** Entry read last. */
  entry = 0;
  /** Entry of the choice being read; 0 if there is none. */
  choice = 0;
  /** Entries of open blocks, innermost last. */
  readonly open: number[] = [];
  #last = 0;
  #attachToEntry = true;
  #token: Token | -1 = -1;
  #quiet = 0;
  #fileName: string;
  #fileNumber = 0;
  readonly #fileNumbers = new Map<string, number>();

  constructor(
    lexer: Lexer,
    tree: TreeColumns,
    sink: DiagnosticSink,
    features: Features,
    limits: Limits,
    enter: (statement: SourceStatement) => void,
  ) {
    this.lexer = lexer;
    this.tree = tree;
    this.sink = sink;
    this.features = features;
    this.limits = limits;
    this.enter = enter;
    this.#fileName = tree.fileNames[0] as string;
    this.#fileNumbers.set(this.#fileName, 0);
  }

  /** The next token, not yet accepted. */
  peek(): Token {
    if (this.#token === -1) this.#token = this.lexer.next();
    return this.#token;
  }

  /** Accept the next token. */
  shift(): Token {
    const token = this.#token === -1 ? this.lexer.next() : this.#token;
    this.#token = -1;
    if (this.#quiet > 0) this.#quiet--;
    return token;
  }

  /** Accept the next token, which must be of this kind. */
  expect(token: Token): void {
    if (this.#token === -1) this.#token = this.lexer.next();
    if (this.#token !== token) this.reject();
    this.#token = -1;
    if (this.#quiet > 0) this.#quiet--;
  }

  /** Accept a WORD or WORD_QUOTE and return its text. */
  word(token: typeof T.WORD | typeof T.WORD_QUOTE): string {
    this.expect(token);
    return this.lexer.value;
  }

  /** Is the next token a prompt, a title or a file name: a quoted text, or in the superset also a bare word. */
  isText(): boolean {
    const token = this.peek();
    return token === T.WORD_QUOTE || (token === T.WORD && this.features.superset);
  }

  /** Accept such a text and return it. */
  text(): string {
    return this.word(this.isText() ? (this.peek() as typeof T.WORD) : T.WORD_QUOTE);
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
      this.#token = -1;
    }
    const open = this.open.reverse();
    for (const [i, entry] of open.entries()) {
      const text = 'missing end statement for this entry';
      const hint = `add ${this.#endOf(entry)}`;
      const d = diagnostic('error', 'missing-end', this.entrySpan(entry), text, ` ${text}`, hint);
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
    const { file, statementLine: line, statementColumn: column } = this.lexer;
    return { file, line, column };
  }

  /** The place of an entry. */
  entrySpan(entry: number): Span {
    const { entries, fileNames } = this.tree;
    return {
      file: fileNames[entries.file[entry] as number] as string,
      line: entries.line[entry] as number,
      column: entries.column[entry] as number,
    };
  }

  /** Number of the file being read. */
  fileNumber(): number {
    const { file } = this.lexer;
    if (file === this.#fileName) return this.#fileNumber;
    let number = this.#fileNumbers.get(file);
    if (number === undefined) {
      number = this.tree.fileNames.push(file) - 1;
      this.#fileNumbers.set(file, number);
    }
    this.#fileName = file;
    this.#fileNumber = number;
    return number;
  }

  /** Accept a WORD and return the id of the symbol of that name. */
  name(): number {
    this.expect(T.WORD);
    const { lexer, tree } = this;
    if (tree.symbols.names.length > this.limits.symbols) this.#tooMany();
    return lexer.wordEnd < 0
      ? tree.lookup(lexer.value)
      : tree.lookupWord(lexer.source.bytes, lexer.wordStart, lexer.wordEnd, lexer.wordHash);
  }

  /** Id of the constant with this text. */
  constant(text: string): number {
    if (this.tree.symbols.names.length > this.limits.symbols) this.#tooMany();
    return this.tree.constant(text);
  }

  #tooMany(): void {
    const message = `more than ${this.limits.symbols} symbols`;
    this.sink.fatal(diagnostic('error', 'limit', this.statementSpan(), message, undefined));
  }

  /** Id of the symbol of the entry read last, which has one. */
  entrySym(): number {
    return this.tree.entries.sym[this.entry] as number;
  }

  /** Append an entry to the current menu. One that does not define its symbol only adds to it. */
  addEntry(sym: number, defines = true): number {
    const { lexer, tree } = this;
    const entry = tree.addEntry(
      sym,
      defines,
      this.menu,
      this.fileNumber(),
      lexer.statementLine,
      lexer.statementColumn,
    );
    if (this.#attachToEntry) tree.entries.list[this.#last] = entry;
    else tree.entries.next[this.#last] = entry;
    this.#last = entry;
    this.#attachToEntry = false;
    this.entry = entry;
    return entry;
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
    this.menu = this.tree.entries.parent[this.menu] as number;
  }

  addDep(e: Expr): void {
    const { dep } = this.tree.entries;
    dep[this.entry] = this.tree.store.and(dep[this.entry] as number, e);
  }

  /** Append a property to the current entry; returns its row. */
  addProp(kind: number, cond: Expr): number {
    const { lexer } = this;
    return this.tree.addProp(
      this.entry,
      kind,
      cond,
      this.fileNumber(),
      lexer.statementLine,
      lexer.statementColumn,
    );
  }

  /** A prompt is also subject to `visible if` of all menus around it. */
  addPrompt(kind: number, text: string, cond: Expr): void {
    const { entries, props, store, texts } = this.tree;
    const prop = this.addProp(kind, cond);
    let shown = text;
    if (isSpace(text.charCodeAt(0))) {
      this.#warnProp(prop, 'prompt-space', 'leading whitespace ignored');
      shown = text.replace(/^[ \t\n\v\f\r]+/, '');
    }
    if (entries.prompt[this.entry] !== 0)
      this.#warnProp(prop, 'prompt-redefined', 'prompt redefined');
    if (kind === P.PROMPT) {
      let all = cond;
      let up = entries.parent[this.entry] as number;
      for (; up >= 0; up = entries.parent[up] as number)
        all = store.and(all, entries.visibility[up] as number);
      props.cond[prop] = all;
    }
    entries.prompt[this.entry] = prop;
    props.value[prop] = texts.add(shown);
  }

  /** Keep the help text read last for the current entry. */
  addHelp(): void {
    const { entries, helps } = this.tree;
    const { source, helpStart, helpEnd } = this.lexer;
    entries.helpStart[this.entry] = helps.add(source, helpStart, helpEnd);
    entries.helpEnd[this.entry] = helps.length;
  }

  setType(type: number): void {
    const { symbols } = this.tree;
    const sym = this.entrySym();
    const old = symbols.type[sym] as number;
    if (old === type) return;
    if (old === TYPE.UNKNOWN) {
      symbols.type[sym] = type;
      return;
    }
    const message = `ignoring type redefinition of '${this.tree.nameOf(sym)}' from '${TYPE_NAMES[old]}' to '${TYPE_NAMES[type]}'`;
    this.sink.at(
      'warning',
      'type-redefined',
      this.entrySpan(this.entry),
      message,
      `warning: ${message}`,
    );
  }

  /** Give the symbol of the current entry one of `MARK`. */
  mark(mark: number): void {
    const { marks } = this.tree.symbols;
    const sym = this.entrySym();
    marks[sym] = (marks[sym] as number) | mark;
  }

  #warnProp(prop: number, code: string, message: string): void {
    const { props, fileNames } = this.tree;
    const span = {
      file: fileNames[props.file[prop] as number] as string,
      line: props.line[prop] as number,
      column: props.column[prop] as number,
    };
    this.sink.at('warning', code, span, message, `warning: ${message}`);
  }

  /** The word that closes the block of an entry. */
  #endOf(entry: number): string {
    const { sym, prompt } = this.tree.entries;
    if (sym[entry] !== -1) return 'endchoice';
    return prompt[entry] !== 0 ? 'endmenu' : 'endif';
  }
}

/** What `isspace` of C takes for a space. */
function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
