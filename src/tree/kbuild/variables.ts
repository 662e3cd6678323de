import { join } from 'node:path/posix';
import type { Formula } from '../condition/formula.ts';
import { readMakefile } from './makefile.ts';

/** Beyond these a Makefile is hostile, not large. */
const MAX_TEXT = 1 << 18;
const MAX_FILES = 200;
const MAX_DEPTH = 40;
const MAX_EXPANSIONS = 20_000;

/** Where a Makefile is read from, and what is known of what it asks. */
export interface MakeWorld {
  /** The text of a file of the tree. */
  readonly read: (path: string) => string | undefined;
  /** Is a line read that has this condition around; `ask` answers what is no question of options, where it can. */
  readonly holds: (condition: Formula, ask: (text: string) => boolean | undefined) => boolean;
  /** What a variable stands for that no Makefile sets, or sets to what only a program can tell: `CONFIG_X`, `src`. */
  readonly value: (name: string) => string | undefined;
  /** Files of the tree that are like a pattern, `dir/*.mk`; below a folder those of such a name, however deep. */
  readonly list?: (pattern: string, below?: string) => readonly string[];
}

const ASSIGNMENT =
  /^\s*(?:(?:export|override|private)\s+)*([^\s:+?=#!]+)\s*(::?:?=|\+=|\?=|=)(.*)$/;

/** `$(obj)/shared/%.o: $(srctree)/other/%.c`: what an object is made of that has no source beside it. */
const PATTERN = /^([^\s:=]+%\.o)\s*:\s*([^\s:=]+%\.[cS])(?=\s|$)/;

/**
 * The variables a Makefile sets when it is read, and the files it includes, as make would, but nothing is executed:
 * `$(shell …)`, `$(eval …)` and functions that are none of plain text give nothing, but for a shell that only lists files
 * (`find dir -name "*.mk"`).
 */
export class MakeVariables {
  /** Makefiles that were read, in order. */
  readonly files: string[] = [];
  readonly #patterns: (readonly [target: string, source: string])[] = [];
  readonly #world: MakeWorld;
  readonly #values = new Map<string, string>();
  /** What is left of the work a hostile file may cause. */
  #left = MAX_EXPANSIONS;

  constructor(path: string, world: MakeWorld) {
    this.#world = world;
    this.#read(path);
  }

  /** Names of variables that are set. */
  get names(): Iterable<string> {
    return this.#values.keys();
  }

  /** The value of a variable, all it stands for in place; '' if nothing sets it. */
  get(name: string): string {
    return this.#value(name, 0);
  }

  /** The source a pattern rule makes an object of, both by their paths in the tree; undefined if none does. */
  sourceOf(object: string): string | undefined {
    for (const [target, source] of this.#patterns) {
      const part = stem(object, target);
      if (part !== undefined) return source.replace('%', () => part);
    }
    return undefined;
  }

  #read(path: string): void {
    if (this.files.length >= MAX_FILES || this.files.includes(path)) return;
    const text = this.#world.read(path);
    if (text === undefined) return;
    this.files.push(path);
    const { at } = readMakefile(text);
    const lines = text.split('\n');
    for (let i = 0; i < lines.length; i++) {
      const condition = at(i + 1);
      let line = uncommented(lines[i] as string);
      while (line.endsWith('\\') && i + 1 < lines.length) {
        line = `${line.slice(0, -1)} ${uncommented(lines[++i] as string)}`;
      }
      if (line.startsWith('\t') || !/=|include|%\.o/.test(line)) continue;
      if (this.#world.holds(condition, this.#ask)) this.#line(line);
    }
  }

  /** `ifdef NAME`, `ifeq (a,b)` of what is known: what programs would have to be asked is not. */
  readonly #ask = (text: string): boolean | undefined => {
    const defined = /^ifdef\s+(\S+)$/.exec(text);
    if (defined) return this.get(defined[1] as string) !== '';
    const inner = /^ifeq\s*\((.*)\)$/s.exec(text)?.[1];
    const sides = inner === undefined ? [] : parts(inner);
    if (sides.length !== 2 || /\$[({](?:shell|call|wildcard|origin)\b/.test(text)) return undefined;
    const [left, right] = sides.map((one) => this.#expanded(one, 0).trim());
    return left === right;
  };

  #line(line: string): void {
    const included = /^\s*[-s]?include\s+(.*)$/.exec(line);
    if (included) {
      for (const path of words(this.#expanded(included[1] as string, 0))) this.#read(join(path));
      return;
    }
    const rule = PATTERN.exec(line);
    if (rule) {
      const [target, source] = rule.slice(1).map((one) => join(this.#expanded(one, 0)));
      this.#patterns.push([target as string, source as string]);
      return;
    }
    const found = ASSIGNMENT.exec(line);
    if (!found) return;
    const [, written, sign, value] = found as unknown as [string, string, string, string];
    const name = this.#expanded(written, 0);
    const old = this.#values.get(name);
    const given = value.trim();
    if (sign === '?=' && old !== undefined) return;
    const text = sign.startsWith(':') ? this.#expanded(given, 0) : given;
    const all = sign === '+=' && old !== undefined ? `${old} ${text}` : text;
    this.#values.set(name, all.slice(0, MAX_TEXT));
  }

  #value(name: string, depth: number): string {
    const own = this.#values.get(name);
    const text = own === undefined ? '' : this.#expanded(own, depth + 1);
    return text.trim() === '' ? (this.#world.value(name) ?? text) : text;
  }

  #expanded(text: string, depth: number): string {
    if (!text.includes('$')) return text;
    if (depth > MAX_DEPTH) return '';
    let out = '';
    for (let at = 0; at < text.length && out.length <= MAX_TEXT; ) {
      const dollar = text.indexOf('$', at);
      if (dollar < 0) return out + text.slice(at);
      out += text.slice(at, dollar);
      const open = text[dollar + 1];
      if (open !== '(' && open !== '{') {
        out += open === '$' ? '$' : '';
        at = dollar + 2;
        continue;
      }
      const close = closing(text, dollar + 1);
      if (--this.#left > 0) out += this.#reference(text.slice(dollar + 2, close), depth);
      at = close + 1;
    }
    return out;
  }

  /** Functions that look for files: `$(wildcard …)`, and of `$(shell …)` what only does that. */
  #files(name: string, written: string, depth: number): string {
    const { list } = this.#world;
    if (!list || !/^(?:wildcard|shell)$/.test(name)) return '';
    const text = this.#expanded(written, depth + 1);
    if (name === 'wildcard')
      return words(text)
        .flatMap((one) => list(join(one)))
        .join(' ');
    const found = FIND.exec(text);
    if (!found) return '';
    const [, folders = '', , pattern = '', backwards] = found;
    const all = words(folders).flatMap((folder) => list(pattern, join(folder)));
    return (backwards === undefined ? all : all.reverse()).join(' ');
  }

  /** What stands between the parentheses: a variable, a function, `name:a=b`. */
  #reference(text: string, depth: number): string {
    const called = /^([a-z]+)\s+([\s\S]*)$/.exec(text);
    const take = called && FUNCTIONS[called[1] as string];
    if (take) {
      const args = parts(called[2] as string).map((one) => this.#expanded(one.trim(), depth + 1));
      return take(args);
    }
    if (called) return this.#files(called[1] as string, called[2] as string, depth);
    const name = this.#expanded(text, depth + 1);
    const replaced = /^([^:]+):([^=]*)=(.*)$/.exec(name);
    if (!replaced) return this.#value(name, depth);
    const [, variable, from, to] = replaced as unknown as [string, string, string, string];
    const whole = from.includes('%') ? [from, to] : [`%${from}`, `%${to}`];
    return substituted(this.#value(variable, depth), whole[0] as string, whole[1] as string);
  }
}

/** `find a b -iname "objects.mk" | sort -r` */
const FIND = /\bfind\s+((?:[^\s;|-]\S*\s+)+)-i?name\s+(["']?)([^\s"']+)\2(\s*\|\s*sort\s+-r\b)?/;

/** Functions of make that make texts of texts (GNU make manual, "Functions for String Substitution and Analysis"). */
const FUNCTIONS: Readonly<Record<string, (args: readonly string[]) => string>> = {
  addprefix: ([prefix = '', list = '']) => each(list, (word) => prefix + word),
  addsuffix: ([suffix = '', list = '']) => each(list, (word) => word + suffix),
  subst: ([from = '', to = '', text = '']) => (from === '' ? text : text.replaceAll(from, to)),
  patsubst: ([from = '', to = '', text = '']) => substituted(text, from, to),
  strip: ([text = '']) => words(text).join(' '),
  dir: ([list = '']) => each(list, (word) => word.slice(0, word.lastIndexOf('/') + 1) || './'),
  notdir: ([list = '']) => each(list, (word) => word.slice(word.lastIndexOf('/') + 1)),
  basename: ([list = '']) => each(list, (word) => word.replace(/\.[^./]*$/, '')),
  abspath: ([list = '']) => list,
  realpath: ([list = '']) => list,
  findstring: ([part = '', text = '']) => (text.includes(part) ? part : ''),
  filter: ([wanted = '', list = '']) => filtered(list, wanted, true),
  'filter-out': ([wanted = '', list = '']) => filtered(list, wanted, false),
  if: ([condition = '', yes = '', no = '']) => (condition === '' ? no : yes),
};

function each(list: string, make: (word: string) => string): string {
  return words(list).map(make).join(' ');
}

function filtered(list: string, wanted: string, keep: boolean): string {
  const patterns = words(wanted);
  const fits = (word: string): boolean =>
    patterns.some((pattern) => stem(word, pattern) !== undefined);
  return words(list)
    .filter((word) => fits(word) === keep)
    .join(' ');
}

function substituted(list: string, from: string, to: string): string {
  return each(list, (word) => {
    const found = stem(word, from);
    return found === undefined ? word : to.replace('%', () => found);
  });
}

/** What the `%` of a pattern stands for; undefined if a word is not like it. */
function stem(word: string, pattern: string): string | undefined {
  const at = pattern.indexOf('%');
  if (at < 0) return word === pattern ? '' : undefined;
  const [before, after] = [pattern.slice(0, at), pattern.slice(at + 1)];
  const fits =
    word.length >= before.length + after.length && word.startsWith(before) && word.endsWith(after);
  return fits ? word.slice(before.length, word.length - after.length) : undefined;
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function uncommented(line: string): string {
  return line.includes('#') ? line.replace(/(^|[^\\])#.*$/, '$1') : line;
}

/** Position of the bracket that closes the one at a position; the end where none does. */
function closing(text: string, open: number): number {
  const [left, right] = text[open] === '(' ? '()' : '{}';
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === left) depth++;
    else if (text[at] === right && --depth === 0) return at;
  }
  return text.length;
}

/** Arguments of a function, between commas that are in no brackets. */
function parts(text: string): string[] {
  const out: string[] = [];
  let from = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '(' || char === '{') depth++;
    else if (char === ')' || char === '}') depth--;
    else if (char === ',' && depth === 0) {
      out.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...out, text.slice(from)];
}
