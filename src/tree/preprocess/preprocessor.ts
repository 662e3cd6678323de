import { conditionNumber } from './condition.ts';
import { FileScope, isShouted } from './file-scope.ts';
import { closing, type Macro, macroOf, plainMacro, substituted } from './macro.ts';
import { type Item, type Token, tokensOf } from './tokens.ts';
import { type Files, GIVEN_UP, type Out, type Problem, type Unit, type Written } from './unit.ts';

/**
 * Beyond these a tree is hostile, not large: a kernel's largest unit has some 2 million tokens, which macros within the
 * arguments of macros have looked at some ten times.
 */
const MAX_TOKENS = 24_000_000;
const MAX_DEPTH = 200;
const MAX_NESTED = 200;

/** Tokens longer than this count for more than one. */
const LONG = 1024;

/** So many tokens a file that is included counts as: files with next to nothing in them can include each other for ever. */
const INCLUDE = 100;

/** Questions after the compiler: their argument is not replaced. */
const HAS = new Set(['__has_attribute', '__has_builtin']);

/** How a file is preprocessed besides what the configuration says. */
export interface PreprocessOptions {
  /** Files included ahead of the main one, as `-include` does. */
  readonly before?: readonly string[];
  /** What stands in for the text of the main file. */
  readonly items?: readonly Item[];
  /** The file whose tokens are told as they are written (`Unit.written`). Default: the main one. */
  readonly focus?: string | undefined;
  /** Tokens after which a file is given up. */
  readonly limit?: number;
  /**
   * Replace only macros that are called where a declaration can begin, and tell of those that the main file does not define itself. A name
   * made of `__COUNTER__` or `__LINE__` keeps these words.
   */
  readonly declaring?: ((name: string) => Macro | undefined) | undefined;
}

/** Preprocess a file with macros that are there before it. */
export function preprocess(
  main: string,
  files: Files,
  macros: Iterable<Macro>,
  {
    before = [],
    items = files.items(main),
    focus = main,
    limit = MAX_TOKENS,
    declaring,
  }: PreprocessOptions = {},
): Unit {
  const preprocessor = new Preprocessor(files, macros, limit, declaring);
  return preprocessor.unit(main, before, items ?? [], focus);
}

/** Replaces macros in texts that stand alone, with the macros that are there at the end of a unit; `limit` is for all of them. */
export function expander(
  { macros }: Pick<Unit, 'macros'>,
  { limit = MAX_TOKENS }: Pick<PreprocessOptions, 'limit'> = {},
): (text: string) => string {
  const nothing: Files = { items: () => undefined, resolve: () => undefined };
  const preprocessor = new Preprocessor(nothing, macros.values(), limit);
  return (text) =>
    preprocessor
      .expanded(tokensOf(text))
      .map((token) => token.text)
      .join(' ');
}

interface Open {
  readonly path: string;
  readonly items: readonly Item[];
  /** Conditionals that are open, by the item that opened them: was a branch taken. */
  readonly taken: boolean[];
  item: number;
  token: number;
}

class Preprocessor {
  readonly #files: Files;
  readonly #macros = new Map<string, Macro>();
  readonly #once = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #problems: Problem[] = [];
  readonly #written: Written[] = [];
  #open: Open[] = [];
  /** Replacements being read, the innermost last; the source is read when there is none. */
  #contexts: { tokens: readonly Token[]; at: number; macro: Macro | undefined }[] = [];
  /** Only contexts are read: an argument is looked at by itself. */
  #closed = false;
  #budget: number;
  /** It was told that the budget is spent. */
  #spent = false;
  #main = '';
  #focus = '';
  #origin: { file: string; line: number } = { file: '', line: 0 };
  #counter = 0;
  readonly #own: number[] = [];
  readonly #declaring: PreprocessOptions['declaring'];
  readonly #asked = new Map<string, Macro | undefined>();
  readonly #scope = new FileScope();

  constructor(
    files: Files,
    macros: Iterable<Macro>,
    limit: number,
    declaring?: PreprocessOptions['declaring'],
  ) {
    this.#files = files;
    this.#budget = limit;
    this.#declaring = declaring;
    for (const macro of macros) this.#macros.set(macro.name, { ...macro, disabled: 0 });
    if (declaring) return;
    for (const name of [
      '__LINE__',
      '__FILE__',
      '__COUNTER__',
      '__BASE_FILE__',
      '__INCLUDE_LEVEL__',
    ]) {
      this.#macros.set(name, plainMacro(name, '0'));
    }
  }

  unit(main: string, before: readonly string[], items: readonly Item[], focus: string): Unit {
    const tokens: Out[] = [];
    this.#main = main;
    this.#focus = focus;
    for (const path of before) this.#read(path, tokens);
    this.#enterFile(main, items);
    this.#drain(tokens);
    return {
      tokens,
      own: this.#own,
      macros: this.#macros,
      written: this.#written,
      files: this.#seen,
      problems: this.#problems,
    };
  }

  #read(path: string, into: Out[]): void {
    const items = this.#files.items(path);
    if (!items) return;
    this.#enterFile(path, items);
    this.#drain(into);
  }

  #drain(into: Out[]): void {
    for (let token = this.#next(); token; token = this.#next()) {
      const { file, line } = this.#origin;
      if (file === this.#focus) this.#own.push(into.length);
      if (this.#declaring) this.#scope.take(token);
      into.push({ token, file, line, macro: this.#outermost });
    }
  }

  get #outermost(): string | undefined {
    if (this.#contexts.length === 0) return undefined;
    return this.#contexts.find(({ macro }) => macro !== undefined)?.macro?.name;
  }

  #problem(
    message: string,
    line = this.#open.at(-1)?.items[this.#open.at(-1)?.item ?? 0]?.line,
  ): void {
    this.#problems.push({ file: this.#open.at(-1)?.path ?? this.#main, line: line ?? 1, message });
  }

  /** The next token with all macros replaced. */
  #next(): Token | undefined {
    for (;;) {
      const token = this.#raw();
      if (token?.kind !== 'name' || token.painted) return token;
      const macro = this.#declaring ? this.#declares(token) : this.#macros.get(token.text);
      if (!macro) return token;
      if (macro.disabled > 0) return { ...token, painted: true };
      if (!this.#replace(macro, token)) return token;
    }
  }

  /** The macro a name stands for that is called where it may declare something, or in an argument of such a call. */
  #declares({ text }: Token): Macro | undefined {
    if (!this.#closed && !this.#scope.mayBegin(text)) return undefined;
    const own = this.#macros.get(text);
    if (own) return own;
    if (this.#peek() !== '(' || (this.#closed && !isShouted(text))) return undefined;
    return this.#ask(text);
  }

  #ask(name: string): Macro | undefined {
    if (!this.#asked.has(name)) {
      const known = this.#declaring?.(name);
      this.#asked.set(name, known && { ...known, disabled: 0 });
    }
    return this.#asked.get(name);
  }

  /** The text of the token that comes next, where that is known without reading on in the file. */
  #peek(): string | undefined {
    const context = this.#contexts.findLast(({ tokens, at }) => at < tokens.length);
    if (context) return context.tokens[context.at]?.text;
    const open = this.#closed ? undefined : this.#open.at(-1);
    return open?.items[open.item]?.tokens[open.token]?.text;
  }

  /** The next token as it stands. */
  #raw(): Token | undefined {
    if (--this.#budget < 0) return this.#giveUp();
    for (;;) {
      const context = this.#contexts.at(-1);
      if (!context) return this.#closed ? undefined : this.#source();
      const token = context.tokens[context.at++];
      if (token) return token;
      this.#contexts.pop();
      if (context.macro) context.macro.disabled--;
    }
  }

  #giveUp(): undefined {
    if (!this.#spent) this.#problem(GIVEN_UP);
    this.#spent = true;
    this.#contexts = [];
    this.#open = [];
  }

  /** The next token of the files, directives carried out on the way. */
  #source(): Token | undefined {
    for (;;) {
      const open = this.#open.at(-1);
      if (!open) return undefined;
      // Directives alone may go on for ever, too.
      if (this.#budget < 0) return this.#giveUp();
      const item = open.items[open.item];
      if (!item) {
        this.#open.pop();
        continue;
      }
      if (item.directive === '') {
        const token = item.tokens[open.token++];
        if (token) {
          // Within an invocation the place is that of its name.
          if (!this.#collecting) this.#origin = { file: open.path, line: token.line };
          if (open.path === this.#focus) {
            this.#written.push({ token, macro: this.#macros.get(token.text) });
          }
          return token;
        }
        open.token = 0;
        open.item++;
      } else {
        open.item++;
        this.#directive(open, item);
      }
    }
  }

  #collecting = false;
  /** Arguments within arguments that are being looked at. */
  #nested = 0;

  #replace(macro: Macro, token: Token): boolean {
    if (macro.params === undefined) {
      this.#push(macro, this.#special(token) ?? substituted(macro, [], () => []), token);
      return true;
    }
    const outer = this.#collecting;
    this.#collecting = true;
    try {
      const first = this.#raw();
      if (first?.text !== '(') {
        if (first) this.#contexts.push({ tokens: [first], at: 0, macro: undefined });
        return false;
      }
      const args = this.#arguments(macro);
      if (!args) {
        this.#problem(`the arguments of ${macro.name} have no end`);
        return false;
      }
      if (HAS.has(macro.name)) {
        this.#push(macro, macro.body, token);
        return true;
      }
      const full: (readonly Token[] | undefined)[] = [];
      const body = substituted(macro, args, (index) => {
        full[index] ??= this.expanded(args[index] ?? []);
        return full[index] as readonly Token[];
      });
      this.#push(macro, body, token);
      return true;
    } finally {
      this.#collecting = outer;
    }
  }

  #push(macro: Macro, body: readonly Token[], token: Token): void {
    const [first] = body;
    const tokens =
      first && first.space !== token.space
        ? [{ ...first, space: token.space }, ...body.slice(1)]
        : body;
    macro.disabled++;
    this.#budget -= tokens.length;
    for (const { text } of tokens) if (text.length > LONG) this.#budget -= text.length;
    this.#contexts.push({ tokens, at: 0, macro });
  }

  #special({ text, space, line, column }: Token): Token[] | undefined {
    const one = (kind: Token['kind'], value: string): Token[] => [
      { kind, text: value, space, line, column },
    ];
    if (text === '__LINE__') return one('number', String(this.#origin.line));
    if (text === '__FILE__' || text === '__BASE_FILE__') {
      return one('text', JSON.stringify(text === '__FILE__' ? this.#origin.file : this.#main));
    }
    if (text === '__COUNTER__') return one('number', String(this.#counter++));
    return text === '__INCLUDE_LEVEL__' ? one('number', String(this.#open.length)) : undefined;
  }

  /** Arguments up to the parenthesis that closes; undefined if none does. */
  #arguments(macro: Macro): Token[][] | undefined {
    const { length } = macro.params as readonly string[];
    const args: Token[][] = [[]];
    for (let depth = 0; ; ) {
      const token = this.#raw();
      if (!token) return undefined;
      if (token.text === ')' && depth-- === 0) return args;
      if (token.text === '(') depth++;
      const rest = macro.variadic && args.length >= length;
      if (token.text === ',' && depth === 0 && !rest) args.push([]);
      else (args.at(-1) as Token[]).push(token);
    }
  }

  /** Tokens with their macros replaced, looked at by themselves. */
  expanded(tokens: readonly Token[]): Token[] {
    const mayBe = ({ kind, text }: Token): boolean =>
      kind === 'name' &&
      (this.#macros.has(text) || (this.#declaring !== undefined && isShouted(text)));
    if (!tokens.some(mayBe)) {
      return tokens as Token[];
    }
    const [only] = tokens;
    if (this.#declaring && only && tokens.length === 1 && !this.#macros.has(only.text)) {
      // What is pasted to a name may be a macro that stands for a name: `PASTE(PREFIX, name)`. Values stay as they are written.
      const { params, body } = this.#ask(only.text) ?? {};
      const isName = params === undefined && body?.length === 1 && body[0]?.kind === 'name';
      return isName ? [...body] : (tokens as Token[]);
    }
    if (this.#nested >= MAX_NESTED) {
      this.#problem('macros called in arguments of macros too deeply: not replaced');
      return tokens as Token[];
    }
    const [contexts, closed] = [this.#contexts, this.#closed];
    this.#nested++;
    this.#contexts = [{ tokens, at: 0, macro: undefined }];
    this.#closed = true;
    const out: Token[] = [];
    for (let token = this.#next(); token; token = this.#next()) out.push(token);
    this.#contexts = contexts;
    this.#closed = closed;
    this.#nested--;
    return out;
  }

  #directive(open: Open, item: Item): void {
    const { directive, tokens, line } = item;
    switch (directive) {
      case 'define': {
        const macro = macroOf(tokens, open.path, line);
        if (macro) this.#macros.set(macro.name, macro);
        return;
      }
      case 'undef':
        this.#macros.delete(tokens[0]?.text ?? '');
        return;
      case 'include':
      case 'include_next':
      case 'import':
        this.#include(open, item);
        return;
      case 'pragma':
        if (tokens[0]?.text === 'once') this.#once.add(open.path);
        return;
      case 'error':
        this.#problem(`#error ${item.rest}`, line);
        return;
      case 'if':
      case 'ifdef':
      case 'ifndef': {
        const holds = this.#holds(item);
        open.taken.push(holds);
        if (!holds) this.#skip(open, item);
        return;
      }
      case 'elif':
      case 'else':
        // Reached from within the branch above: the others are left out.
        if (open.taken.length === 0) this.#problem(`#${directive} without #if`, line);
        else this.#skipAll(open, item);
        return;
      case 'endif':
        if (open.taken.pop() === undefined) this.#problem('#endif without #if', line);
    }
  }

  /** Go on with the first branch that holds behind one that does not. */
  #skip(open: Open, from: Item): void {
    for (let at = from.next; ; ) {
      const item = at === undefined ? undefined : open.items[at];
      if (!item || at === undefined) {
        this.#problem(`#${from.directive} without #endif`, from.line);
        open.item = open.items.length;
        return;
      }
      if (item.directive === 'endif') {
        open.taken.pop();
        open.item = at + 1;
        return;
      }
      if (item.directive === 'else' || this.#holds(item)) {
        open.item = at + 1;
        return;
      }
      at = item.next;
    }
  }

  #skipAll(open: Open, from: Item): void {
    let item: Item | undefined = from;
    while (item && item.directive !== 'endif') {
      const at: number | undefined = item.next;
      item = at === undefined ? undefined : open.items[at];
      open.item = at === undefined ? open.items.length : at + 1;
    }
    open.taken.pop();
  }

  #holds({ directive, tokens, line, rest }: Item): boolean {
    if (!/^(?:el)?if$/.test(directive)) {
      return this.#isDefined(tokens[0]?.text ?? '') !== directive.endsWith('ndef');
    }
    const number = conditionNumber(this.expanded(this.#questions(tokens)));
    if (number === undefined) this.#problem(`not understood: #${directive} ${rest}`, line);
    return number !== undefined && number !== 0n;
  }

  #isDefined(name: string): boolean {
    return this.#macros.has(name) || name === '__has_include' || name === '__has_include_next';
  }

  /** `defined X` and `__has_include(<x>)` answered; what they ask about must not be replaced. */
  #questions(tokens: readonly Token[]): Token[] {
    const out: Token[] = [];
    for (let at = 0; at < tokens.length; at++) {
      const token = tokens[at] as Token;
      const answer = (holds: boolean): number =>
        out.push({ ...token, kind: 'number', text: holds ? '1' : '0' });
      if (token.text === 'defined') {
        const bracket = tokens[at + 1]?.text === '(';
        answer(this.#isDefined(tokens[at + (bracket ? 2 : 1)]?.text ?? ''));
        at += bracket ? 3 : 1;
      } else if (/^__has_include(?:_next)?$/.test(token.text) && tokens[at + 1]?.text === '(') {
        const end = closing(tokens, at + 1);
        const inner = tokens
          .slice(at + 2, end)
          .map(({ text }) => text)
          .join('');
        const from = this.#open.at(-1)?.path ?? '';
        answer(this.#files.resolve(inner.slice(1, -1), inner.startsWith('"'), from) !== undefined);
        at = end;
      } else out.push(token);
    }
    return out;
  }

  #include(open: Open, { tokens, rest, line, directive }: Item): void {
    const name = /^(?:<([^>]*)>|"([^"]*)")/.exec(rest) ?? this.#computed(tokens);
    const wanted = name?.[1] ?? name?.[2];
    if (wanted === undefined) {
      this.#problem(`not understood: #include ${rest}`, line);
      return;
    }
    const quoted = name?.[2] !== undefined && directive !== 'include_next';
    const path = this.#files.resolve(wanted, quoted, open.path);
    const items = path === undefined ? undefined : this.#files.items(path);
    if (path === undefined || !items) this.#problem(`no ${wanted} to include`, line);
    else if (this.#open.length >= MAX_DEPTH) this.#problem(`${wanted} includes itself`, line);
    else if (!this.#once.has(path)) this.#enterFile(path, items);
  }

  /** The name behind an `#include` that is a macro. */
  #computed(tokens: readonly Token[]): RegExpExecArray | null {
    const text = this.expanded(tokens)
      .map((token) => token.text)
      .join('');
    return /^(?:<([^>]*)>|"([^"]*)")/.exec(text);
  }

  #enterFile(path: string, items: readonly Item[]): void {
    this.#budget -= INCLUDE;
    this.#seen.add(path);
    this.#open.push({ path, items, taken: [], item: 0, token: 0 });
  }
}
