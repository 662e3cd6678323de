import { KconfigError, type Span } from '../diagnostics/diagnostic.ts';
import type { DiagnosticSink } from '../diagnostics/sink.ts';
import { diagnostic } from '../diagnostics/sink.ts';
import { C, isPathChar, isWordChar } from '../lex/chars.ts';
import type { Limits } from '../parse/limits.ts';
import { BUILTINS, FUNCTION_MAX_ARGS } from './builtins.ts';
import { type Shell, type ShellRequest, unansweredValue } from './shell.ts';

/** What the preprocessor asks of the tree being read. */
export interface PreprocessorHost {
  readonly sink: DiagnosticSink;
  readonly limits: Limits;
  readonly shell: Shell;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly srctree: string | undefined;
  /** Is `$(` special. */
  readonly macros: boolean;
  /** The current place; `line` is the line the lexer has reached. */
  here(): Span;
}

interface Variable {
  value: string;
  recursive: boolean;
  depth: number;
}

type Flavor = '=' | ':=' | '+=';

/**
 * Variables, user functions and built-in functions.
 *
 * A name is looked up among variables, then built-ins, then the environment; what is found nowhere is empty. A result
 * is never scanned again: a macro yields text, never statements.
 */
export class Preprocessor {
  readonly host: PreprocessorHost;
  /** Environment variables that were really used, with their values. */
  readonly usedEnv = new Map<string, string>();
  readonly unanswered: ShellRequest[] = [];
  readonly #variables = new Map<string, Variable>();
  #macro: { name: string; args: readonly string[] } | undefined;
  #expansions = 0;
  /** Where reading of the input goes on after `dollar` or `token`. */
  end = 0;

  constructor(host: PreprocessorHost) {
    this.host = host;
  }

  /** `name = value`, `name := value` or `name += value`. */
  assign(name: string, op: Flavor, value: string): void {
    const old = this.#variables.get(name);
    const recursive = op === '+=' ? (old?.recursive ?? true) : op === '=';
    const text = recursive ? value : this.expand(value);
    if (old) {
      old.value = op === '+=' ? `${old.value} ${text}` : text;
      old.recursive = recursive;
    } else {
      this.#variables.set(name, { value: text, recursive, depth: 0 });
    }
  }

  /** Expand a whole text. */
  expand(text: string): string {
    return this.#guard(() => this.#text(text, []));
  }

  /** Expand the reference whose `$` is at `pos` in `line`; `end` is set behind it. A lone `$` is itself. */
  dollar(line: string, pos: number): string {
    return this.#guard(() => this.#dollar(line, pos, []));
  }

  /** Expand one bare token beginning at `pos`; it ends at the first character no name, or no path, can have. */
  token(line: string, pos: number, path = false): string {
    return this.#guard(() => {
      let out = '';
      let from = pos;
      let at = pos;
      while (at < line.length) {
        const code = line.charCodeAt(at);
        if (code === C.DOLLAR) {
          out += line.slice(from, at) + this.#dollar(line, at, []);
          at = from = this.end;
        } else if (isWordChar(code) || (path && isPathChar(code))) at++;
        else break;
      }
      this.end = at;
      return out + line.slice(from, at);
    });
  }

  /** Report and stop, as every error of the preprocessor does. */
  fail(code: string, message: string, hint?: string): never {
    return this.host.sink.fatal(
      diagnostic('error', code, this.host.here(), message, ` ${message}`, hint),
    );
  }

  /** Ask the shell; what it cannot answer is remembered. */
  ask(command: string): string {
    const request: ShellRequest = { command, span: this.host.here() };
    if (this.#macro) request.macro = this.#macro;
    const answer = this.host.shell(request, { srctree: this.host.srctree, env: this.host.env });
    if (answer !== undefined) return answer;
    this.unanswered.push(request);
    return unansweredValue(command);
  }

  /** Nested calls deep enough to exhaust the stack get the same message as those `conf` counts. */
  #guard(run: () => string): string {
    try {
      return run();
    } catch (error) {
      if (error instanceof KconfigError || !(error instanceof RangeError)) throw error;
      return this.fail('macro-depth', 'Too deep recursive expansion');
    }
  }

  #text(text: string, args: readonly string[]): string {
    let at = text.indexOf('$');
    if (at < 0) return text;
    let out = '';
    let from = 0;
    while (at >= 0) {
      out += text.slice(from, at) + this.#dollar(text, at, args);
      if (out.length > this.host.limits.macroLength) {
        this.fail(
          'limit',
          `the expansion is longer than ${this.host.limits.macroLength} characters`,
        );
      }
      from = this.end;
      at = text.indexOf('$', from);
    }
    return out + text.slice(from);
  }

  #dollar(text: string, pos: number, args: readonly string[]): string {
    const start = pos + 2;
    if (text.charCodeAt(pos + 1) !== C.OPEN || !this.host.macros) {
      this.end = pos + 1;
      return '$';
    }
    let nest = 0;
    let at = start;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === C.OPEN) nest++;
      else if (code === C.CLOSE && nest-- === 0) break;
    }
    if (at >= text.length) {
      this.fail(
        'macro-unterminated',
        `unterminated reference to '${text.slice(start)}': missing ')'`,
      );
    }
    const value = this.#clause(text.slice(start, at), args);
    this.end = at + 1;
    return value;
  }

  #clause(clause: string, outer: readonly string[]): string {
    if (++this.#expansions > this.host.limits.macroExpansions) {
      this.fail('limit', `more than ${this.host.limits.macroExpansions} macro expansions`);
    }
    const position = /^\s*\+?0*[1-9][0-9]*$/.test(clause) ? Number(clause) : 0;
    if (position > 0 && position <= outer.length) return outer[position - 1] as string;
    const parts = this.#split(clause);
    const name = this.#text(parts[0] as string, outer);
    const args: string[] = [];
    for (let i = 1; i < parts.length; i++) args.push(this.#text(parts[i] as string, outer));
    return this.#variable(name, args) ?? this.#builtin(name, args) ?? this.#environment(name, args);
  }

  /** Split at the commas outside parentheses. */
  #split(clause: string): string[] {
    const parts: string[] = [];
    let nest = 0;
    let from = 0;
    for (let at = 0; at < clause.length; at++) {
      const code = clause.charCodeAt(at);
      if (code === C.COMMA && nest === 0) {
        if (parts.length >= FUNCTION_MAX_ARGS)
          this.fail('macro-arguments', 'too many function arguments');
        parts.push(clause.slice(from, at));
        from = at + 1;
      } else if (code === C.OPEN) nest++;
      else if (code === C.CLOSE) nest--;
    }
    if (parts.length >= FUNCTION_MAX_ARGS)
      this.fail('macro-arguments', 'too many function arguments');
    parts.push(clause.slice(from));
    return parts;
  }

  #variable(name: string, args: readonly string[]): string | undefined {
    const variable = this.#variables.get(name);
    if (!variable) return undefined;
    if (args.length === 0 && variable.depth > 0) {
      this.fail('macro-recursive', `Recursive variable '${name}' references itself (eventually)`);
    }
    if (variable.depth > this.host.limits.macroDepth)
      this.fail('macro-depth', 'Too deep recursive expansion');
    if (!variable.recursive) return variable.value;
    const outermost = this.#macro === undefined;
    if (outermost) this.#macro = { name, args };
    variable.depth++;
    const value = this.#text(variable.value, args);
    variable.depth--;
    if (outermost) this.#macro = undefined;
    return value;
  }

  #builtin(name: string, args: readonly string[]): string | undefined {
    const builtin = BUILTINS.get(name);
    if (!builtin) return undefined;
    if (args.length < builtin.min) {
      this.fail('macro-arguments', `too few function arguments passed to '${name}'`);
    }
    if (args.length > builtin.max) {
      this.fail('macro-arguments', `too many function arguments passed to '${name}'`);
    }
    return builtin.run(this, args);
  }

  #environment(name: string, args: readonly string[]): string {
    return args.length > 0 || name === '' ? '' : (this.variable(name) ?? '');
  }

  /** Is there anything by a name: a variable or function of the tree, one built in, or one of the environment. */
  knows(name: string): boolean {
    return this.#variables.has(name) || BUILTINS.has(name) || this.host.env[name] !== undefined;
  }

  /** An environment variable; that it was asked for is noted. */
  variable(name: string): string | undefined {
    const value = this.host.env[name];
    if (value !== undefined) this.usedEnv.set(name, value);
    return value;
  }
}
