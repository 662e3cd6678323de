import { dirname } from 'node:path';
import { type Diagnostic, KconfigError, type Span } from '../diagnostics/diagnostic.ts';
import { DiagnosticSink, diagnostic } from '../diagnostics/sink.ts';
import { draftProgram } from '../eval/draft.ts';
import type { Program } from '../eval/program.ts';
import { type Frame, Lexer } from '../lex/lexer.ts';
import type { Source } from '../lex/source.ts';
import { TreeColumns } from '../menu/columns.ts';
import { ERA } from '../menu/era.ts';
import { finishTree } from '../menu/finish-tree.ts';
import { Kconfig } from '../menu/kconfig.ts';
import { P } from '../menu/model.ts';
import { Preprocessor } from '../preprocess/preprocessor.ts';
import { NO_SHELL, type Shell } from '../preprocess/shell.ts';
import type { CompiledParser } from './compiled.ts';
import { Context, type SourceStatement } from './context.ts';
import { type Dialect, type Features, featuresOf } from './features.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { accessTo, type KconfigFiles, topOf } from './memory-files.ts';
import { SourceReader } from './read-source.ts';
import { RepeatableShell } from './repeatable-shell.ts';
import { type FoundFile, SourceFiles } from './source-files.ts';
import { parseInput } from './statements.ts';

/** Room for the symbols of a tree whose columns come from elsewhere. */
const LEAST = 4;

/** How a tree is read. Everything is optional. */
export interface ParseOptions {
  /** Directory that `source` names are relative to. Default: the directory of the top file. */
  srctree?: string;
  /** Environment for macros. Default: empty, so that a result depends on nothing unsaid. */
  env?: Record<string, string>;
  /** Answers `$(shell,…)`. Default: `NO_SHELL`, which never runs anything. */
  shell?: Shell;
  /** Language. Default: that of 7.0 and what 6.12 still accepted. */
  dialect?: Dialect;
  /** Reads a file in place of the file system; undefined means there is no such file. */
  readFile?: (path: string) => string | undefined;
  /** Lists a directory for patterns in `source` (superset). Needed with `readFile`; else the file system is asked. */
  readDir?: (path: string) => readonly string[] | undefined;
  /** In the superset: a `source` of what is not there is passed over, as coreboot's `conf` does. Default: an error. */
  optionalSources?: boolean;
  /**
   * In the superset: a symbol with `option env` whose variable is not set can have any value, as if a user set it. Default: it has
   * none.
   */
  openEnvironment?: boolean;
  limits?: Partial<Limits>;
  /** Directories tried in turn for a relative name. Default: the `srctree`. `conf` tries '.' and then its srctree. */
  searchPath?: readonly string[];
  /** Told of each file that is looked for, found or not: for a progress bar. */
  onRead?: (path: string) => void;
  /** @internal Keep the help texts. Default: true. */
  helps?: boolean;
  /** @internal What finds out whether a value can depend on itself. Default: `hasLoop`. */
  findLoop?: (program: Program) => boolean;
  /** @internal Gives a parser that is tried first, for one tree. */
  openCompiled?: (keepsHelps: boolean) => CompiledParser | undefined;
  /** @internal For how many symbols there is room at first, a power of two. Default: for a small tree. */
  room?: number;
  /** Called with each diagnostic as it is found. */
  onDiagnostic?: (d: Diagnostic) => void;
}

/**
 * Read a Kconfig file and everything it includes.
 *
 * @param files The path of the top file; or the texts of all files by name, and then nothing else is read. Of those the
 *   top one is `Kconfig`, or the first where none is called so.
 * @throws KconfigError with all diagnostics if the tree has errors.
 */
export function parse(files: string | KconfigFiles, options: ParseOptions = {}): Kconfig {
  return typeof files === 'string'
    ? parseTree(files, options)
    : parseTree(topOf(files), { ...options, ...accessTo(files) });
}

function parseTree(top: string, options: ParseOptions): Kconfig {
  const parser = options.readFile ? undefined : options.openCompiled?.(options.helps !== false);
  const shell = new RepeatableShell(options.shell ?? NO_SHELL);
  if (parser) {
    const kconfig = tryCompiled(top, { ...options, shell: shell.ask }, parser);
    if (kconfig) return kconfig;
    shell.repeat();
  }
  const sink = new DiagnosticSink(options.onDiagnostic);
  try {
    return new TreeReader(top, { ...options, shell: shell.ask }, sink).read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = 'the tree is nested too deeply';
    return sink.fatal({
      code: 'limit',
      severity: 'error',
      message,
      hint: 'an expression or a chain of symbols is too long',
    });
  }
}

/**
 * Read a tree of which there is nothing to report. Undefined where that is not so, or where it is more than the parser has
 * room for: nothing was said by then, and all that was asked of the shell is still known.
 */
function tryCompiled(
  top: string,
  options: ParseOptions,
  parser: CompiledParser,
): Kconfig | undefined {
  const sink = new DiagnosticSink(() => {
    throw new Error('there is something to report');
  });
  try {
    return new TreeReader(top, options, sink, parser).read();
  } catch {
    return undefined;
  }
}

class TreeReader {
  readonly #options: ParseOptions;
  readonly #sink: DiagnosticSink;
  readonly #limits: Limits;
  readonly #columns: TreeColumns;
  readonly #top: string;
  readonly #reader: SourceReader;
  readonly #parser: CompiledParser | undefined;
  readonly #files: SourceFiles;
  /** Files with the place of the `source` that named them first; the top file has none. */
  readonly #seen = new Map<string, Span | undefined>();
  #opened = 0;
  #lexer!: Lexer;
  #preprocessor!: Preprocessor;

  constructor(top: string, options: ParseOptions, sink: DiagnosticSink, parser?: CompiledParser) {
    this.#parser = parser;
    this.#reader = new SourceReader(parser?.allocate);
    this.#options = options;
    this.#sink = sink;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#top = top;
    this.#columns = new TreeColumns(top, undefined, parser ? LEAST : options.room);
    this.#columns.helps.keeps = options.helps !== false;
    const base = options.srctree ?? options.env?.srctree;
    this.#files = new SourceFiles({
      search:
        options.searchPath ??
        (base !== undefined ? [base] : options.readFile ? [''] : [dirname(top)]),
      // Without a search path the top file is found where it says, and the others beside it.
      searchTop: options.searchPath !== undefined || options.srctree !== undefined,
      reader: this.#reader,
      onRead: options.onRead,
      readFile: options.readFile,
      readDir: options.readDir,
    });
  }

  read(): Kconfig {
    const source = this.#files.top(this.#top);
    this.#opened++;
    if (!source) {
      return this.#sink.fatal({
        code: 'no-file',
        severity: 'error',
        message: `can't find file ${this.#top}`,
        hint: `looked in ${this.#places()}`,
        conf: `can't find file ${this.#top}\n`,
        stream: 'stderr',
      });
    }
    this.#checkSize(this.#top, source);
    const options = this.#options;
    const features = featuresOf(options.dialect, options.openEnvironment);
    this.#columns.classicChoices = features.superset;
    this.#columns.era = features.era;
    this.#columns.membersPromptOnce = features.membersPromptOnce;
    this.#columns.negationEndsSubmenu = features.negationEndsSubmenu;
    const lexer = new Lexer(
      this.#top,
      source,
      this.#sink,
      features.transitional,
      features.superset,
      (left) => this.#reader.release(left),
    );
    this.#lexer = lexer;
    this.#preprocessor = new Preprocessor({
      sink: this.#sink,
      limits: this.#limits,
      shell: options.shell ?? NO_SHELL,
      env: options.env ?? {},
      // As commands name it.
      srctree: options.env?.srctree ?? options.srctree,
      macros: features.era > ERA.V4_17,
      here: () => lexer.here(),
    });
    lexer.preprocessor = this.#preprocessor;
    this.#note(this.#top);
    const enter = (statement: SourceStatement): void => this.#enter(statement, features);
    const context = new Context(lexer, this.#columns, this.#sink, features, this.#limits, enter);
    this.#parse(context);
    if (this.#sink.errors > 0) throw new KconfigError(this.#sink.list);
    if (this.#columns.entries.prompt[0] === 0) {
      context.entry = 0;
      context.addPrompt(P.MENU, 'Main menu', 0);
    }
    const draft = draftProgram(this.#columns, this.#options.findLoop);
    const tree = draft ? undefined : finishTree(this.#columns, this.#sink);
    if (this.#sink.errors > 0) throw new KconfigError(this.#sink.list);
    const { mainmenu, files } = this.#columns;
    return new Kconfig({
      columns: this.#columns,
      draft,
      tree,
      mainmenu,
      files,
      env: this.#preprocessor.usedEnv,
      diagnostics: this.#sink.list,
      unanswered: this.#preprocessor.unanswered,
    });
  }

  #parse(context: Context): void {
    if (this.#parser) {
      this.#parser.parse(context);
      this.#parser.fill(this.#columns);
    } else parseInput(context);
  }

  #enter({ name, at, relative, optional }: SourceStatement, features: Features): void {
    const { superset, includeOnce } = features;
    const lexer = this.#lexer;
    const found = superset ? this.#several(name, relative) : this.#one(name);
    const [first, ...rest] = found;
    if (!first) {
      if (optional || (superset && this.#options.optionalSources)) return;
      const message = `can't open file "${name}"`;
      const looked = relative ? `looked beside ${lexer.file}` : `looked in ${this.#places()}`;
      this.#fail('no-file', message, at, ` ${message}`, looked + this.#unset(at.line));
    } else {
      for (const file of found) this.#check(file, at);
      if (includeOnce) this.#checkOnce(first.name, at);
      for (const file of found) this.#note(file.name, at);
      lexer.enter(
        first.name,
        first.source,
        rest.map(({ name: file, source }) => ({ file, source })),
      );
    }
  }

  /** A word about the first variable a line names that nobody set. */
  #unset(line: number): string {
    const { source } = this.#lexer;
    const text = source.text(0, source.end).split('\n')[line - 1] ?? '';
    const names = [...text.matchAll(/\$(?:\(([\w-]+)\)|\{(\w+)\}|(\w+))/g)];
    const unset = names
      .map(([, macro, braced, bare]) => macro ?? braced ?? bare ?? '')
      .find((name) => !this.#preprocessor.knows(name));
    return unset === undefined ? '' : `; the variable ${unset} is not set`;
  }

  #one(name: string): FoundFile[] {
    const source = this.#files.find(name);
    return source ? [{ name, source }] : [];
  }

  #several(name: string, relative: boolean): FoundFile[] {
    return relative ? this.#files.relative(name, this.#lexer.file) : this.#files.all(name);
  }

  /** May this file be read here. */
  #check({ name, source }: FoundFile, at: Span): void {
    const lexer = this.#lexer;
    if (++this.#opened > this.#limits.files)
      this.#fail('limit', `more than ${this.#limits.files} files`, at);
    this.#checkSize(name, source, at);
    const { frames } = lexer;
    let again = lexer.file === name;
    for (let i = 0; i < frames.length; i++) again ||= (frames[i] as Frame).file === name;
    if (again) this.#recursive(name, at);
    if (frames.length >= this.#limits.includeDepth)
      this.#fail('limit', `files are nested more than ${this.#limits.includeDepth} deep`, at);
  }

  #recursive(name: string, at: Span): never {
    const lexer = this.#lexer;
    const chain = [
      { file: lexer.file, sourceLine: lexer.statementLine },
      ...lexer.frames.toReversed(),
    ];
    const path = chain
      .map((frame) => `  included from: ${frame.file}:${frame.sourceLine}\n`)
      .join('');
    const d = diagnostic('error', 'recursive-include', at, `'${name}' includes itself`, undefined);
    d.conf = `Recursive inclusion detected.\nInclusion path:\n  current file : ${name}\n${path}`;
    d.stream = 'stderr';
    const way = chain.map((frame) => `${frame.file}:${frame.sourceLine}`).join(' <- ');
    d.hint = `the way there: ${way}${this.#unset(at.line)}`;
    return this.#sink.fatal(d);
  }

  /** `die_duplicated_include` of scripts/kconfig/util.c. */
  #checkOnce(name: string, at: Span): void {
    const before = this.#seen.get(name);
    if (!before) return;
    const message = `repeated inclusion of ${name}`;
    const d = diagnostic('error', 'repeated-include', at, message, ` error: ${message}`);
    d.conf += `${before.file}:${before.line}: note: location of first inclusion of ${name}\n`;
    d.hint = `it was included at ${before.file}:${before.line}`;
    this.#sink.fatal(d);
  }

  #note(name: string, at?: Span): void {
    if (this.#seen.has(name)) return;
    this.#seen.set(name, at);
    this.#columns.files.push(name);
  }

  #checkSize(name: string, { end }: Source, at?: Span): void {
    if (end <= this.#limits.fileSize) return;
    const message = `${name} is larger than ${this.#limits.fileSize} bytes`;
    if (at) this.#fail('limit', message, at);
    this.#sink.fatal({ code: 'limit', severity: 'error', message });
  }

  #fail(code: string, message: string, at: Span, conf?: string, hint?: string): never {
    return this.#sink.fatal(diagnostic('error', code, at, message, conf, hint));
  }

  /** The search path, for people. */
  #places(): string {
    return this.#files.search.map((dir) => dir || '.').join(', ');
  }
}
