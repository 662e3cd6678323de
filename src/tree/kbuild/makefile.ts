import { and, type Formula, free, not, option } from '../condition/formula.ts';

/** Something a Makefile puts into a list: `obj-$(CONFIG_X) += a.o dir/ $(b-y)`. */
export interface ListEntry {
  /** `obj`, `lib`, the name of a composite object, or how a plain variable is used: `$(files)`. */
  readonly list: string;
  readonly item: string;
  readonly line: number;
  /** What it takes: conditionals around, and the option in the list's name. */
  readonly condition: Formula;
  /** Does the list's name end in `-y`, as it is written. */
  readonly always: boolean;
}

/** What a Makefile of Kbuild says, as far as lists of objects go. */
export interface Makefile {
  readonly entries: readonly ListEntry[];
  /** Other Makefiles it reads, as they are written. */
  readonly includes: readonly { readonly path: string; readonly condition: Formula }[];
  /** What it takes for a line to be read. */
  readonly at: (line: number) => Formula;
}

const CONDITIONAL = /^\s*(else\s+)?(ifdef|ifndef|ifeq|ifneq|else|endif)\b\s*(.*)$/;
const LIST =
  /^\s*(?:export\s+|override\s+)*([\w./%-]+?)-(y|m|objs|\$[({]CONFIG_\w+[)}]|\$\([^)]*\)|\$\([^()]*\([^()]*\)[^()]*\))\s*(:=|\+=|\?=|=)\s*(.*)$/;

const PLAIN = /^\s*(?:export\s+|override\s+)*([\w.-]+)\s*(?::=|\+=|\?=|=)(.*\.o\b.*)$/;
const PATH = /^\s*(\w+)\s*[:?]?=\s*((?:\.\.\/)+[\w./-]+)\s*$/;
const INCLUDE = /^\s*[-s]?include\s+(.*?)\s*$/;

/** What it takes for `CONFIG_$(PHASE_)X` to be y or m, by the conventions of a project; undefined if there are none. */
export type InBuild = (symbol: string) => Formula | undefined;

/** Read the lists of a Makefile. Nothing is executed: functions of make stand for themselves. */
export function readMakefile(text: string, inBuild?: InBuild): Makefile {
  const entries: ListEntry[] = [];
  const stack: { outer: Formula; others: Formula; current: Formula }[] = [];
  const includes: { path: string; condition: Formula }[] = [];
  const conditions: Formula[] = [];
  const raw = text.split('\n');
  // Behind a rule what a tab begins is for the shell; elsewhere it is as good as spaces.
  let inRecipe = false;
  /** Variables that stand for folders elsewhere. */
  const paths = new Map<string, string>();
  for (let i = 0; i < raw.length; i++) {
    const current = stack.at(-1)?.current ?? true;
    const pieces = piecesFrom(raw, i);
    const logical = `${pieces.join(' ')} `;
    const first = i + 1;
    conditions[i] = current;
    for (let n = 1; n < pieces.length; n++) conditions[++i] = current;
    const tabbed = logical.startsWith('\t');
    if (tabbed && inRecipe && !CONDITIONAL.test(logical)) continue;
    const conditional = CONDITIONAL.exec(logical.trim());
    if (conditional) {
      takeConditional(conditional, stack);
      continue;
    }
    if (!tabbed && logical.trim() !== '') inRecipe = isRule(logical);
    const [, name, path] = (logical.includes('../') && PATH.exec(logical)) || [];
    if (name !== undefined && path !== undefined) paths.set(name, path);
    const included = INCLUDE.exec(logical);
    if (included) {
      for (const path of (included[1] as string).split(/\s+/))
        includes.push({ path, condition: current });
    } else if (logical.includes('=')) addList(entries, pieces, logical, first, current, inBuild);
  }
  return {
    entries: paths.size === 0 ? entries : entries.map((one) => withPath(one, paths)),
    includes,
    at: (line) => conditions[line - 1] ?? true,
  };
}

/** `$(KVM)/main.o` where `KVM ?= ../../../virt/kvm`. */
function withPath(entry: ListEntry, paths: ReadonlyMap<string, string>): ListEntry {
  const [all, name = '', rest] = /^\$[({](\w+)[)}](\/.*)$/.exec(entry.item) ?? [];
  const path = all === undefined ? undefined : paths.get(name);
  return path === undefined ? entry : { ...entry, item: `${path}${rest}` };
}

/** Has a line targets, or does it begin a text of several lines, whose tabs may be those of a recipe. */
function isRule(logical: string): boolean {
  if (/^\s*define\b/.test(logical)) return true;
  if (!logical.includes(':')) return false;
  let depth = 0;
  for (let at = 0; at < logical.length; at++) {
    const char = logical[at] as string;
    if (char === '$' && /[({]/.test(logical[at + 1] ?? '')) depth++;
    else if (depth > 0 && /[)}]/.test(char)) depth--;
    else if (depth === 0 && char === '=') return false;
    else if (depth === 0 && char === ':') return !/^:{0,2}=/.test(logical.slice(at + 1, at + 4));
  }
  return false;
}

/** A line and those it goes on in, without comments. */
function piecesFrom(raw: readonly string[], from: number): string[] {
  const pieces: string[] = [];
  for (let i = from; ; i++) {
    const written = raw[i] ?? '';
    const part = written.includes('#') ? written.replace(/(^|[^\\])#.*$/, '$1') : written;
    if (!part.endsWith('\\') || i + 1 >= raw.length) {
      pieces.push(part);
      return pieces;
    }
    pieces.push(part.slice(0, -1));
  }
}

/** Add what a line puts into a list, if it does. */
function addList(
  entries: ListEntry[],
  pieces: readonly string[],
  logical: string,
  line: number,
  current: Formula,
  inBuild: InBuild | undefined,
): void {
  const found = LIST.exec(logical);
  if (!found) {
    const [, name, values] = (logical.includes('.o') && PLAIN.exec(logical)) || [];
    const items = /^-?\w*FLAGS|[-_]flags/.test(name ?? '') ? [] : itemsOf(values ?? '');
    for (const [item, width] of items.flatMap(byWidth)) {
      const condition = and(current, width);
      entries.push({ list: `$(${name})`, item, line, condition, always: false });
    }
    return;
  }
  const [list, suffix] = [found[1] as string, found[2] as string];
  const own = suffixCondition(suffix, inBuild);
  if (!found[3]?.startsWith('+') && own !== true) takeAway(entries, list, suffix, current);
  const always = suffix === 'y';
  for (let n = 0; n < pieces.length; n++) {
    const piece = pieces[n] as string;
    const values = n === 0 ? (/(?::=|\+=|\?=|=)(.*)$/.exec(piece)?.[1] ?? '') : piece;
    for (const item of itemsOf(values)) {
      for (const [name, width] of byWidth(item)) {
        const condition = and(current, own, width);
        entries.push({ list, item: name, line: line + n, condition, always });
      }
    }
  }
}

function itemsOf(values: string): readonly string[] {
  return values.match(/\$\([^()]*(?:\([^()]*\)[^()]*)*\)\S*|\S+/g) ?? [];
}

/** `mmu-$(CONFIG_MMU) := …` is another value for what `mmu-y` had, where the option is y. */
function takeAway(entries: ListEntry[], list: string, suffix: string, current: Formula): void {
  const symbol = /^\$[({]CONFIG_(\w+)[)}]$/.exec(suffix)?.[1];
  if (symbol === undefined) return;
  const stays = not(and(current, option(symbol)));
  for (const [at, one] of entries.entries()) {
    if (one.list !== list || !one.always) continue;
    entries[at] = { ...one, condition: and(one.condition, stays) };
  }
}

/** `process_$(BITS).o` is one of two objects: BITS is the width of a word wherever an architecture sets it. */
function byWidth(item: string): (readonly [item: string, condition: Formula])[] {
  if (!item.includes('BITS') || !/\$[({]BITS[)}]/.test(item)) return [[item, true]];
  const wide = option('64BIT');
  return [
    [item.replace(/\$[({]BITS[)}]/g, '32'), not(wide)],
    [item.replace(/\$[({]BITS[)}]/g, '64'), wide],
  ];
}

/** An option, by itself or where m is y, too. */
const SUFFIX =
  /^\$(?:[({]CONFIG_(\w+)[)}]|\(subst m,y,\$\(CONFIG_(\w+)\)\)|\(if \$\(CONFIG_(\w+)\), *y\))$/;

/** `y`, `objs`, `$(CONFIG_X)`, or an expression that gives one of them. */
function suffixCondition(suffix: string, inBuild?: InBuild): Formula {
  if (suffix === 'y' || suffix === 'm' || suffix === 'objs') return true;
  const symbol = SUFFIX.exec(suffix)
    ?.slice(1)
    .find((one) => one !== undefined);
  if (symbol !== undefined) return option(symbol, 'on');
  const other = inBuild && /^\$[({]CONFIG_\$[({]\w+_[)}](\w+)[)}]$/.exec(suffix)?.[1];
  return (other === undefined ? undefined : inBuild?.(other)) ?? free(suffix);
}

function takeConditional(
  [, orElse, keyword, rest]: RegExpExecArray,
  stack: { outer: Formula; others: Formula; current: Formula }[],
): void {
  const top = stack.at(-1);
  if (keyword === 'endif') {
    stack.pop();
    return;
  }
  const own =
    keyword === 'else' ? elseIf(rest ?? '') : makeCondition(keyword as string, rest ?? '');
  if (orElse === undefined && keyword !== 'else') {
    const outer = top?.current ?? true;
    stack.push({ outer, others: not(own), current: and(outer, own) });
  } else if (top) {
    top.current = and(top.outer, top.others, own);
    top.others = and(top.others, not(own));
  }
}

function elseIf(rest: string): Formula {
  const found = /^(ifdef|ifndef|ifeq|ifneq)\b\s*(.*)$/.exec(rest.trim());
  return found ? makeCondition(found[1] as string, found[2] as string) : true;
}

function makeCondition(keyword: string, rest: string): Formula {
  const text = rest.trim();
  if (keyword === 'ifdef' || keyword === 'ifndef') {
    const symbol = /^CONFIG_(\w+)$/.exec(text)?.[1];
    const defined = symbol === undefined ? free(`ifdef ${text}`) : option(symbol, 'on');
    return keyword === 'ifdef' ? defined : not(defined);
  }
  const equal = equality(text);
  return keyword === 'ifeq' ? equal : not(equal);
}

/** `($(CONFIG_X),y)`, `"$(CONFIG_X)" "m"`, `($(CONFIG_X),)`, `($(CONFIG_A)$(CONFIG_B),)`. */
function equality(text: string): Formula {
  const found =
    /^\((.*?),([^,]*)\)$/.exec(text) ??
    /^"([^"]*)"\s+"([^"]*)"$/.exec(text) ??
    /^'([^']*)'\s+'([^']*)'$/.exec(text);
  const [left, right] = [found?.[1]?.trim(), found?.[2]?.trim()];
  const [variable, value] = left?.startsWith('$') ? [left, right] : [right, left];
  if (variable === undefined || value === undefined) return free(`ifeq ${text}`);
  const symbols = [...variable.matchAll(/\$[({]CONFIG_(\w+)[)}]/g)].map((one) => one[1] as string);
  const whole = variable.replace(/\$[({]CONFIG_\w+[)}]/g, '') === '';
  if (!whole || symbols.length === 0) {
    const filtered = /^\$\(filter\s+((?:[ym]\s*)+),((?:\s*\$\(CONFIG_\w+\))+)\)$/.exec(variable);
    if (filtered && value === '') {
      const both = filtered[1]?.includes('y') && filtered[1].includes('m');
      const is = both ? 'on' : filtered[1]?.includes('y') ? 'y' : 'm';
      return and(...symbols.map((symbol) => not(option(symbol, is))));
    }
    return free(`ifeq ${text}`);
  }
  if (value === '') return and(...symbols.map((symbol) => not(option(symbol, 'on'))));
  if (symbols.length === 1 && (value === 'y' || value === 'm')) return option(symbols[0]!, value);
  if (symbols.length === value.length && /^y+$/.test(value)) {
    return and(...symbols.map((symbol) => option(symbol)));
  }
  return free(`ifeq ${text}`);
}
