import { and, type Formula, free, not, option } from '../condition/formula.ts';

/** Something a Makefile puts into a list: `obj-$(CONFIG_X) += a.o dir/ $(b-y)`. */
export interface ListEntry {
  /** `obj`, `lib`, or the name of a composite object. */
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
  /** What it takes for a line to be read. */
  readonly at: (line: number) => Formula;
}

const CONDITIONAL = /^\s*(else\s+)?(ifdef|ifndef|ifeq|ifneq|else|endif)\b\s*(.*)$/;
const LIST =
  /^\s*(?:export\s+|override\s+)*([\w./%-]+?)-(y|m|objs|\$[({]CONFIG_\w+[)}]|\$\([^)]*\)|\$\([^()]*\([^()]*\)[^()]*\))\s*(:=|\+=|\?=|=)\s*(.*)$/;

/** What it takes for `CONFIG_$(PHASE_)X` to be y or m, by the conventions of a project; undefined if there are none. */
export type InBuild = (symbol: string) => Formula | undefined;

/** Read the lists of a Makefile. Nothing is executed: functions of make stand for themselves. */
export function readMakefile(text: string, inBuild?: InBuild): Makefile {
  const entries: ListEntry[] = [];
  const stack: { outer: Formula; others: Formula; current: Formula }[] = [];
  const conditions: Formula[] = [];
  const raw = text.split('\n');
  for (let i = 0; i < raw.length; i++) {
    const current = stack.at(-1)?.current ?? true;
    const pieces = piecesFrom(raw, i);
    const logical = `${pieces.join(' ')} `;
    const first = i + 1;
    conditions[i] = current;
    for (let n = 1; n < pieces.length; n++) conditions[++i] = current;
    // A recipe is for the shell.
    if (logical.startsWith('\t') && !CONDITIONAL.test(logical)) continue;
    const conditional = CONDITIONAL.exec(logical.trim());
    if (conditional) takeConditional(conditional, stack);
    else if (logical.includes('=')) addList(entries, pieces, logical, first, current, inBuild);
  }
  return { entries, at: (line) => conditions[line - 1] ?? true };
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
  if (!found) return;
  const [list, suffix] = [found[1] as string, found[2] as string];
  const own = suffixCondition(suffix, inBuild);
  if (!found[3]?.startsWith('+') && own !== true) takeAway(entries, list, suffix, current);
  const always = suffix === 'y';
  for (let n = 0; n < pieces.length; n++) {
    const piece = pieces[n] as string;
    const values = n === 0 ? (/(?::=|\+=|\?=|=)(.*)$/.exec(piece)?.[1] ?? '') : piece;
    for (const item of values.match(/\$\([^()]*(?:\([^()]*\)[^()]*)*\)\S*|\S+/g) ?? []) {
      for (const [name, width] of byWidth(item)) {
        const condition = and(current, own, width);
        entries.push({ list, item: name, line: line + n, condition, always });
      }
    }
  }
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

/** `y`, `objs`, `$(CONFIG_X)`, or an expression that gives one of them. */
function suffixCondition(suffix: string, inBuild?: InBuild): Formula {
  if (suffix === 'y' || suffix === 'm' || suffix === 'objs') return true;
  const symbol = /^\$[({]CONFIG_(\w+)[)}]$/.exec(suffix)?.[1];
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
    const filtered = /^\$\(filter\s+((?:[ym]\s*)+),\s*\$\(CONFIG_(\w+)\)\)$/.exec(variable);
    if (filtered && value === '') {
      const both = filtered[1]?.includes('y') && filtered[1].includes('m');
      const is = both ? 'on' : filtered[1]?.includes('y') ? 'y' : 'm';
      return not(option(filtered[2] as string, is));
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
