/** What stands at file scope of a C file. */
export interface Declaration {
  readonly kind:
    | 'function'
    | 'prototype'
    | 'struct'
    | 'union'
    | 'enum'
    | 'variable'
    | 'macro'
    | 'other';
  /** Of an unnamed type the name typedef gives it; empty if it has none. */
  readonly name: string;
  /** Offsets of the first byte, the opening and the closing brace (or of a macro's replacement), and the end. */
  readonly start: number;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly end: number;
}

/** A token at file scope. */
export interface Word {
  readonly text: string;
  readonly offset: number;
}

/** A pair of parentheses at file scope: the tokens they lie between. */
interface Group {
  readonly open: number;
  readonly close: number;
}

/** Attributes with arguments: no function is called so. */
const ATTRIBUTE =
  /^(?:__attribute__|__(?:acquires|releases|must_hold|cond_acquires|cond_releases|printf|scanf|aligned|section|alloc_size|counted_by|malloc|free|assume_aligned|no_sanitize|diagnose_as|nonnull|format|cold|copy|alias|cleanup|guarded_by|must_check)|typeof|__typeof__|DECLARE_FLEX_ARRAY)$/;

/** What a macro call at file scope may be that makes a function: SYSCALL_DEFINE3, BPF_CALL_2, DEFINE_IDTENTRY. */
const SHOUTED = /^_*[A-Z][A-Z0-9_]*$/;

/** Words of C that no name is. */
const TYPE_WORD =
  /^(?:bool|_Bool|char|const|double|extern|float|int|long|register|short|signed|static|unsigned|void|volatile)$/;

const AGGREGATE = new Set(['struct', 'union', 'enum']);

/**
 * Which of the tokens before a `{` is the first of the function it opens. Calls of macros on lines before it, which need no
 * semicolon and may be left out by conditionals, are none of it; `between` tells the text between two tokens.
 */
export function firstOfFunction(
  words: readonly Word[],
  between: (left: Word, right: Word) => string,
): number {
  let first = 0;
  while (SHOUTED.test(words[first]?.text ?? '') && words[first + 1]?.text === '(') {
    let close = first + 1;
    for (let depth = 0; close < words.length; close++) {
      const { text } = words[close] as Word;
      if (text === '(') depth++;
      else if (text === ')' && --depth === 0) break;
    }
    const [left, right] = [words[close], words[close + 1]];
    if (!left || !right || !between(left, right).includes('\n')) break;
    first = close + 1;
  }
  return first;
}

/**
 * The name of what a `{` at file scope opens as a function: that before the last parentheses which are not those of
 * attributes. A macro that makes a function is named with its first argument. Undefined if there are none.
 */
export function functionName(words: readonly Word[]): string | undefined {
  const groups = groupsOf(words);
  const group = groups[headOf(words, groups) ?? lastPlain(words, groups)];
  const name = group && words[group.open - 1];
  if (!group || !name || !isName(name.text) || ATTRIBUTE.test(name.text)) return undefined;
  const first = words[group.open + 1];
  if (SHOUTED.test(name.text) && /\d$|^(?:BPF|DEFINE|SYSCALL|COMPAT)/.test(name.text) && first) {
    return first.text === ')' ? name.text : `${name.text}(${first.text})`;
  }
  return name.text;
}

/** The first parentheses that hold parameters, where all behind them can be attributes. */
function headOf(words: readonly Word[], groups: readonly Group[]): number | undefined {
  const at = groups.findIndex((group) => hasParameters(words, group));
  if (at < 0) return undefined;
  const rest = groups.slice(at + 1);
  return rest.every(({ open }, i) => areMarks(words, (groups[at + i] as Group).close, open))
    ? at
    : undefined;
}

/** The last parentheses that are not those of an attribute that is known. */
function lastPlain(words: readonly Word[], groups: readonly Group[]): number {
  let at = groups.length - 1;
  for (; at > 0; at--) {
    const { close } = groups[at - 1] as Group;
    const { open } = groups[at] as Group;
    const named = words[open - 1] as Word;
    if (!(ATTRIBUTE.test(named.text) || open - close > 2)) break;
    if (!areMarks(words, close, open)) break;
  }
  return at;
}

/** Stand between two tokens only names as attributes have them. */
function areMarks(words: readonly Word[], from: number, to: number): boolean {
  const between = words.slice(from + 1, to);
  return between.length > 0 && between.every(({ text }) => /^__\w+$/.test(text));
}

/** Stand behind a type and a name parentheses with `void` or a type and a name in them. */
function hasParameters(words: readonly Word[], { open, close }: Group): boolean {
  const [before, name] = [words[open - 2]?.text, words[open - 1]?.text];
  if (before === undefined || name === undefined) return false;
  if (!isName(name) || ATTRIBUTE.test(name) || SHOUTED.test(name)) return false;
  if (before !== '*' && before !== ')' && !isName(before)) return false;
  const inner = words.slice(open + 1, close).map(({ text }) => text);
  if (inner.length === 1) return inner[0] === 'void';
  return inner.some((text, i) => isName(text) && /^[A-Za-z_*]/.test(inner[i + 1] ?? ''));
}

function groupsOf(words: readonly Word[]): Group[] {
  const groups: Group[] = [];
  const opened: number[] = [];
  for (const [i, { text }] of words.entries()) {
    if (text === '(') opened.push(i);
    if (text !== ')') continue;
    const open = opened.pop();
    if (open !== undefined && opened.length === 0) groups.push({ open, close: i });
  }
  return groups;
}

/** The struct, union or enum a `{` opens: its keyword and name, attributes in between left out. */
export function aggregateOf(
  words: readonly Word[],
): { kind: 'struct' | 'union' | 'enum'; name: string } | undefined {
  let at = words.length - 1;
  let name = '';
  for (let depth = 0; at >= 0; at--) {
    const { text } = words[at] as Word;
    if (text === ')') depth++;
    else if (text === '(') {
      // What takes arguments and is no attribute is a function that gives one.
      if (--depth === 0 && !ATTRIBUTE.test(words[at - 1]?.text ?? '')) return undefined;
    } else if (depth > 0) continue;
    else if (AGGREGATE.has(text)) {
      return { kind: text as 'struct' | 'union' | 'enum', name };
    } else if (isName(text)) {
      // The name stands first after the keyword; what stands behind it are attributes.
      name = text.startsWith('__') && name !== '' && !name.startsWith('__') ? name : text;
    } else return undefined;
  }
  return undefined;
}

/** What may stand before a type. */
const SPECIFIER = /^(?:static|extern|const|volatile|register|_Thread_local|__thread)$/;

/** The name a declaration without a body declares: the last name before `=`, `[`, `(`, `:` or the end. */
export function declaredName(words: readonly Word[]): { kind: Declaration['kind']; name: string } {
  const typedef = words[0]?.text === 'typedef';
  const groups = groupsOf(words);
  const equals = words.findIndex(({ text }) => text === '=');
  if (equals < 0 && groups.length > 0 && !typedef) {
    const name = functionName(words);
    const group = groups.find(({ open }) => words[open - 1]?.text === name);
    // A call of a macro has no type before it.
    const kind = group && group.open >= 2 ? 'prototype' : 'other';
    return { kind, name: name ?? '' };
  }
  const until = equals < 0 ? words.length : equals;
  const kind = typedef ? 'other' : 'variable';
  /** What may be an attribute, the first of them. */
  let marked: string | undefined;
  for (let at = until - 1, depth = 0; at >= 0; at--) {
    const { text } = words[at] as Word;
    if (text === ')' || text === ']') depth++;
    else if (text === '(' || text === '[') depth--;
    else if (depth === 0 && isName(text) && !ATTRIBUTE.test(text)) {
      // Behind the length of an array there are attributes, whatever they are called.
      if (words[at - 1]?.text === ']') continue;
      if (text.startsWith('__') && at > 1) {
        marked = text;
        continue;
      }
      // Where only a type is left, what looked like its first attribute is what it is the type of.
      const isType =
        TYPE_WORD.test(text) ||
        AGGREGATE.has(words[at - 1]?.text ?? '') ||
        words.slice(0, at).every((one) => SPECIFIER.test(one.text));
      return { kind, name: isType ? (marked ?? text) : text };
    }
  }
  return { kind: 'other', name: '' };
}

/** Does a token begin as a name does. */
function isName(text: string): boolean {
  const first = text.charCodeAt(0);
  const letter = first | 0x20;
  return (letter >= 0x61 && letter <= 0x7a) || first === 0x5f;
}
