import type { Span } from '../diagnostics/diagnostic.ts';
import { type DiagnosticSink, diagnostic } from '../diagnostics/sink.ts';
import { escaped } from '../files/byte-text.ts';
import type { Preprocessor } from '../preprocess/preprocessor.ts';
import { C, isBlank, PATH, WORD } from './chars.ts';
import { HelpScan } from './help-text.ts';
import { Keywords } from './keywords.ts';
import { HASH_START, hashOn } from './name-hash.ts';
import type { Source } from './source.ts';
import { T, type Token } from './tokens.ts';

/** No keyword begins with a character below it, but for `---help---`. */
const SMALL_A = 97;

/** Tokens behind which only a value can stand, or what has one. */
const BEFORE_VALUES: ReadonlySet<Token> = new Set<Token>([
  T.DEFAULT,
  T.DEF_BOOL,
  T.DEF_TRISTATE,
  T.DEF_INT,
  T.DEF_HEX,
  T.DEF_STRING,
  T.RANGE,
  T.ON,
  T.IF,
  T.AND,
  T.OR,
  T.NOT,
  T.OPEN_PAREN,
  T.EQUAL,
  T.UNEQUAL,
  T.LESS,
  T.LESS_EQUAL,
  T.GREATER,
  T.GREATER_EQUAL,
]);

/** A file being read, and where its includer goes on. */
export interface Frame {
  file: string;
  source: Source;
  pos: number;
  line: number;
  lineStart: number;
  /** Line of the `source` statement that left this file. */
  sourceLine: number;
  /** Files the same statement names that are still to be read. */
  queue: SourceText[];
}

/** A file and its bytes. */
export interface SourceText {
  readonly file: string;
  readonly source: Source;
}

/**
 * Pull lexer over a stack of files.
 *
 * Invariants: `pos` is behind the last token; `line` counts the newlines consumed, so it is the line the lexer has
 * reached; `statementLine` is the line of the first token of the current statement, which is what `conf` prints.
 * Empty lines are not reported: an EOL is returned only after some other token. Macros are expanded here, because an
 * assignment changes how the following lines are read.
 */
export class Lexer {
  file: string;
  source: Source;
  pos = 0;
  line = 1;
  lineStart = 0;
  statementLine = 0;
  /** Column of that token. */
  statementColumn = 1;
  /** Where the last WORD stands in the text, and its hash; without an end it is what macros made of it. */
  wordStart = 0;
  wordEnd = -1;
  wordHash = 0;
  #value = '';
  /** Place of the last HELPTEXT, and whether it has no visible character. */
  helpStart = 0;
  helpEnd = 0;
  helpBlank = false;
  /** Where the last token begins and ends. */
  tokenStart = 0;
  tokenLine = 1;
  #tokenLineStart = 0;
  readonly frames: Frame[] = [];
  preprocessor!: Preprocessor;
  readonly #sink: DiagnosticSink;
  /** Called with a file that is read and left. */
  readonly #leave: (source: Source) => void;
  readonly #keywords: Keywords;
  readonly #helpScan = new HelpScan();
  /** Dots and slashes are part of words, except of the first one of a statement. */
  readonly #paths: boolean;
  #previous: Token = T.EOL;
  #beforePrevious: Token = T.EOL;
  #assigning = false;
  #helpNext = false;

  constructor(
    file: string,
    source: Source,
    sink: DiagnosticSink,
    transitional: boolean,
    superset = false,
    leave: (source: Source) => void = () => {},
  ) {
    this.file = file;
    this.source = source;
    this.#leave = leave;
    this.#sink = sink;
    this.#keywords = new Keywords(transitional, superset);
    this.#paths = superset;
  }

  /** The next token the parser is to see. */
  next(): Token {
    let token = this.#scan();
    while (token === T.EOL && (this.#previous === T.EOL || this.#previous === T.HELPTEXT))
      token = this.#scan();
    if (this.#previous === T.EOL || this.#previous === T.HELPTEXT) {
      this.statementLine = this.line;
      const column = this.tokenStart - this.#tokenLineStart + 1;
      this.statementColumn = column < 1 || this.source.utf8 ? this.column : column;
    }
    if (
      this.#previous === T.WORD &&
      this.#beforePrevious === T.EOL &&
      (token === T.EQUAL || token === T.COLON_EQUAL || token === T.PLUS_EQUAL)
    ) {
      this.#assigning = true;
    }
    this.#beforePrevious = this.#previous;
    this.#previous = token;
    return token;
  }

  /** Value of the last WORD, WORD_QUOTE or ASSIGN_VAL. */
  get value(): string {
    return this.wordEnd < 0 ? this.#value : this.source.text(this.wordStart, this.wordEnd);
  }

  #setValue(value: string): void {
    this.#value = value;
    this.wordEnd = -1;
  }

  /** The parser has read `help` and its end of line: what follows is text. */
  startHelp(): void {
    this.#helpNext = true;
  }

  /** Continue with another file, and after it with those of the queue; this one resumes at their end. */
  enter(file: string, source: Source, queue: SourceText[] = []): void {
    this.frames.push({
      file: this.file,
      source: this.source,
      pos: this.pos,
      line: this.line,
      lineStart: this.lineStart,
      sourceLine: this.statementLine,
      queue,
    });
    this.#open(file, source);
  }

  /** Another lexer read on to this place, with these tokens last: go on there. */
  resume(pos: number, line: number, lineStart: number, last: Token, beforeLast: Token): void {
    this.pos = pos;
    this.line = line;
    this.lineStart = lineStart;
    this.#previous = last;
    this.#beforePrevious = beforeLast;
  }

  /** Another lexer read the file to its end. */
  leave(): void {
    const { file, source } = this.frames.pop() as Frame;
    this.#leave(this.source);
    this.file = file;
    this.source = source;
  }

  #open(file: string, source: Source): void {
    this.file = file;
    this.source = source;
    this.pos = 0;
    this.line = 1;
    this.lineStart = 0;
  }

  /** The place of the last token. */
  span(): Span {
    const span: Span = { file: this.file, line: this.tokenLine, column: this.column };
    if (this.tokenLine === this.line && this.pos > this.tokenStart) {
      span.endColumn = this.source.characters(this.#tokenLineStart, this.pos) + 1;
    }
    return span;
  }

  /** The column at which the last token begins. */
  get column(): number {
    return this.#columnOf(this.tokenStart, this.#tokenLineStart);
  }

  #columnOf(place: number, lineStart: number): number {
    return place < lineStart ? 1 : this.source.characters(lineStart, place) + 1;
  }

  #mark(pos: number): void {
    this.tokenStart = pos;
    this.tokenLine = this.line;
    this.#tokenLineStart = this.lineStart;
  }

  /** The place the lexer has reached: what macros see as their line. */
  here(): Span {
    return {
      file: this.file,
      line: this.line,
      column: this.#columnOf(this.tokenStart, this.lineStart),
    };
  }

  #scan(): Token {
    if (this.#helpNext) return this.#scanHelp();
    if (this.#assigning) return this.#scanAssignment();
    const { source } = this;
    const { bytes, end } = source;
    let pos = this.pos;
    while (pos < end) {
      const code = bytes[pos] as number;
      if (code === C.SPACE || code === C.TAB) {
        pos++;
        continue;
      }
      if (code === C.HASH) {
        pos = source.lineEnd(pos);
        continue;
      }
      if (code === C.NL) {
        this.#mark(pos);
        this.pos = pos + 1;
        this.line++;
        this.lineStart = this.pos;
        return T.EOL;
      }
      this.tokenStart = pos;
      this.tokenLine = this.line;
      this.#tokenLineStart = this.lineStart;
      const path = this.#paths && this.#previous !== T.EOL && this.#previous !== T.HELPTEXT;
      if ((path ? PATH : WORD)[code] === 1 || code === C.DOLLAR) {
        const token = this.#scanWord(source, pos, code, path);
        if (token !== T.EOF) return token;
        pos = this.pos;
        continue;
      }
      if (code === C.DQUOTE || code === C.SQUOTE) {
        this.#scanString(source, pos + 1, code);
        return T.WORD_QUOTE;
      }
      if (code === C.BACKSLASH && bytes[pos + 1] === C.NL && pos + 1 < end) {
        pos += 2;
        this.line++;
        this.lineStart = pos;
        continue;
      }
      const token = this.#operator(code, pos + 1 < end ? (bytes[pos + 1] as number) : 0);
      if (token !== T.EOF) {
        const two =
          token === T.OR ||
          token === T.AND ||
          token === T.UNEQUAL ||
          token === T.LESS_EQUAL ||
          token === T.GREATER_EQUAL ||
          token === T.COLON_EQUAL ||
          token === T.PLUS_EQUAL;
        this.pos = pos + (two ? 2 : 1);
        return token;
      }
      this.#ignoreCharacter(source, pos);
      pos = this.pos;
    }
    this.pos = pos;
    return this.#endOfFile();
  }

  /** To C every byte is a character, and a warning. */
  #ignoreCharacter(source: Source, start: number): void {
    this.pos = start + (source.utf8 ? sizeOfCharacter(source.bytes[start] as number) : 1);
    const span = this.span();
    const ignored = (character: string) => `ignoring unsupported character '${character}'`;
    const bytes = escaped(source.bytes.latin1Slice(start, this.pos));
    const conf = Array.from(bytes, (byte) => `warning: ${ignored(byte)}`);
    this.#sink.at(
      'warning',
      'unsupported-character',
      span,
      ignored(source.text(start, this.pos)),
      conf.join(`\n${span.file}:${span.line}:`),
    );
  }

  /**
   * A word, a keyword, or a token with macros in it. EOF means: the macros gave nothing, go on. Where that is so because
   * nobody answered, and a value must stand, it is 0: the version of a tool that is not there, and n.
   */
  #scanWord(source: Source, start: number, first: number, path: boolean): Token {
    const { bytes } = source;
    const word = path ? PATH : WORD;
    let macro = first === C.DOLLAR;
    let hash = hashOn(HASH_START, first);
    let pos = start + 1;
    for (;;) {
      const code = bytes[pos] as number;
      if (word[code] === 0) {
        if (code !== C.DOLLAR) break;
        macro = true;
      }
      // Not `hashOn`: calls are not inlined everywhere.
      hash = ((hash << 7) | (hash >>> 25)) ^ code;
      pos++;
    }
    if (macro) {
      const newline = source.lineEnd(start);
      const rest = source.text(start, newline);
      this.pos = newline;
      const { unanswered } = this.preprocessor;
      const before = unanswered.length;
      const value = this.preprocessor.token(rest, 0, path);
      this.pos = source.behind(start, rest, this.preprocessor.end);
      const open = value === '' && unanswered.length > before && this.#wantsValue();
      this.#setValue(open ? '0' : value);
      return value === '' && !open ? T.EOF : T.WORD;
    }
    this.pos = pos;
    if (first >= SMALL_A || first === C.MINUS) {
      const keyword = this.#keywords.find(bytes, start, pos, hash);
      if (keyword >= 0) return keyword as Token;
    }
    this.wordStart = start;
    this.wordEnd = pos;
    this.wordHash = hash;
    return T.WORD;
  }

  #wantsValue(): boolean {
    return (
      BEFORE_VALUES.has(this.#previous) ||
      (this.#previous === T.WORD && this.#beforePrevious === T.RANGE)
    );
  }

  #scanString(source: Source, start: number, quote: number): void {
    const { bytes, end } = source;
    let out = '';
    let from = start;
    let pos = start;
    for (;;) {
      const code = pos < end ? (bytes[pos] as number) : -1;
      if (code === quote) {
        this.#setValue(out + source.text(from, pos));
        this.pos = pos + 1;
        return;
      }
      if (code === C.NL || code === -1) {
        this.#setValue(out + source.text(from, pos));
        this.pos = pos;
        if (code === C.NL) {
          const message = 'multi-line strings not supported';
          const span = { ...this.span(), line: this.statementLine };
          const hint = 'the closing quote is missing on this line';
          const d = diagnostic(
            'warning',
            'multi-line-string',
            span,
            message,
            `warning: ${message}`,
            hint,
          );
          // Before the first statement conf counts from nothing.
          if (span.line === 0) d.span = { ...span, line: this.line };
          this.#sink.add(d);
        }
        return;
      }
      if (code === C.BACKSLASH) {
        out += source.text(from, pos);
        const follow = pos + 1 < end ? bytes[pos + 1] : C.NL;
        if (follow === C.NL) {
          pos = from = pos + 1;
        } else {
          from = pos + 1;
          pos += 2;
        }
        continue;
      }
      if (code === C.DOLLAR) {
        out += source.text(from, pos);
        const rest = source.text(pos, source.lineEnd(pos));
        out += this.preprocessor.dollar(rest, 0);
        pos = from = source.behind(pos, rest, this.preprocessor.end);
        continue;
      }
      pos++;
    }
  }

  #scanAssignment(): Token {
    const { source } = this;
    const { bytes, end } = source;
    let pos = this.pos;
    while (pos < end && isBlank(bytes[pos] as number)) pos++;
    this.#mark(pos);
    if (pos >= end) {
      this.pos = pos;
      this.#assigning = false;
      return this.#endOfFile();
    }
    const newline = source.lineEnd(pos);
    if (newline > pos) {
      this.#setValue(source.text(pos, newline));
      this.pos = newline;
      return T.ASSIGN_VAL;
    }
    this.#assigning = false;
    this.pos = newline + 1;
    this.line++;
    this.lineStart = this.pos;
    return T.EOL;
  }

  #scanHelp(): Token {
    this.#helpNext = false;
    const scan = this.#helpScan;
    scan.find(this.source, this.pos);
    this.helpStart = this.pos;
    this.helpEnd = scan.end;
    this.helpBlank = scan.blank;
    this.#mark(this.pos);
    this.pos = scan.next;
    this.line += scan.lines;
    this.lineStart = scan.lineStart;
    return T.HELPTEXT;
  }

  #endOfFile(): Token {
    this.#assigning = false;
    this.#mark(this.pos);
    const open = this.#previous !== T.EOL && this.#previous !== T.HELPTEXT;
    if (open) {
      const message = 'no new line at end of file';
      this.#sink.at('warning', 'no-newline', this.span(), message, `warning: ${message}`);
    }
    const next = this.frames.at(-1)?.queue.shift();
    if (next) {
      this.#leave(this.source);
      this.#open(next.file, next.source);
      this.#mark(0);
      return T.EOL;
    }
    const frame = this.frames.pop();
    // Up to 6.10 the end of the top file ends its last line.
    if (!frame) return open && this.#paths ? T.EOL : T.EOF;
    this.#leave(this.source);
    this.file = frame.file;
    this.source = frame.source;
    this.pos = frame.pos;
    this.line = frame.line;
    this.lineStart = frame.lineStart;
    this.#mark(frame.pos);
    return T.EOL;
  }

  #operator(code: number, follow: number): Token {
    switch (code) {
      case C.PIPE:
        return follow === C.PIPE ? T.OR : T.EOF;
      case C.AMP:
        return follow === C.AMP ? T.AND : T.EOF;
      case C.EQ:
        return T.EQUAL;
      case C.BANG:
        return follow === C.EQ ? T.UNEQUAL : T.NOT;
      case C.LT:
        return follow === C.EQ ? T.LESS_EQUAL : T.LESS;
      case C.GT:
        return follow === C.EQ ? T.GREATER_EQUAL : T.GREATER;
      case C.OPEN:
        return T.OPEN_PAREN;
      case C.CLOSE:
        return T.CLOSE_PAREN;
      case C.COLON:
        return follow === C.EQ ? T.COLON_EQUAL : T.EOF;
      case C.PLUS:
        return follow === C.EQ ? T.PLUS_EQUAL : T.EOF;
      default:
        return T.EOF;
    }
  }
}

/** Bytes of the character of UTF-8 that begins with this one. */
function sizeOfCharacter(first: number): number {
  return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}
