import { assemblyFunctions } from '../source/assembly.ts';
import type { Declaration } from '../source/declaration.ts';
import { declarations } from '../source/declarations.ts';
import { enumeratorsOf, type Included } from './enumerators.ts';

/** Something as it is written; its white space is squeezed when somebody asks: most of what is compared is equal. */
export class Written {
  readonly raw: string;
  #text: string | undefined;

  constructor(raw: string) {
    this.raw = raw;
  }

  get text(): string {
    this.#text ??= squeezed(this.raw);
    return this.#text;
  }

  /** Is this the same but for white space. */
  equals(other: Written): boolean {
    return this.raw === other.raw || this.text === other.text;
  }
}

/** A function of a file in one configuration. */
export class FunctionItem {
  readonly head: Written;
  readonly code: Written;

  constructor(head: string, code: string) {
    this.head = new Written(head);
    this.code = new Written(code);
  }

  /** Return type, name and parameters. */
  get signature(): string {
    return this.head.text;
  }

  get body(): string {
    return this.code.text;
  }
}

/** What a file has at file scope in one configuration, by name. */
export interface Items {
  readonly functions: ReadonlyMap<string, FunctionItem>;
  readonly macros: ReadonlyMap<string, Written>;
  /** Fields with their declarations, in order; nested ones without a name belong to the outer type. */
  readonly structs: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly enumerators: ReadonlyMap<string, string>;
  /** Variables with their initializers. */
  readonly variables: ReadonlyMap<string, Written>;
  /** Functions that are declared only. */
  readonly prototypes: ReadonlySet<string>;
  /** What macros at file scope are given first, and functions of assembly: names of functions that have no text of C here. */
  readonly made: ReadonlySet<string>;
  /** All of it, in order. */
  readonly list: readonly Declaration[];
  /** Why not all of the file was understood. */
  readonly broken: string | undefined;
}

/** Deeper braces are a joke or an attack (C11 5.2.4.1 asks for 127, compilers give some hundreds). */
const DEPTH = 500;

/** What stands before parentheses and is no function: part of a macro that was not understood. */
const STATEMENT = /^(?:if|for|while|switch|do|return|sizeof|else)$/;

/** A type that is only named, a label of a macro's body, a call of a macro with code in it, an assertion. */
const NO_VARIABLE =
  /^(?:(?:struct|union|enum)\s+\w+\s*;|case\b|TRACE_EVENT|DECLARE_EVENT_CLASS|_?[Ss]tatic_assert\b)/;

/** A call of a macro at file scope. */
const GIVEN = /^\w+\(\s*([A-Za-z_]\w*)\s*[,)]/;

const UNDEF = /^[ \t]*#[ \t]*undef[ \t]+(\w+)/gm;

/** How a view is read. */
export interface ItemsOptions {
  /** It is assembly: of it only macros are read, the rest is no C. */
  readonly assembly?: boolean;
  /** Files that are included within an enum. Default: none are found. */
  readonly included?: Included;
}

/** Read what a view has. */
export function itemsOf(text: string, { assembly = false, included }: ItemsOptions = {}): Items {
  const functions = new Map<string, FunctionItem>();
  const macros = new Map<string, Written>();
  const structs = new Map<string, Map<string, string>>();
  const enumerators = new Map<string, string>();
  const variables = new Map<string, Written>();
  const prototypes = new Set<string>();
  const made = new Set<string>();
  const all = declarations(text);
  const list = assembly ? all.list.filter(({ kind }) => kind === 'macro') : all.list;
  const named = { functions, macros, structs, enumerators, variables, prototypes, made, list };
  const { broken, deepest } = assembly ? { broken: undefined, deepest: 0 } : all;
  if (deepest > DEPTH) {
    return { ...named, broken: 'nested too deeply' };
  }
  for (const one of list) {
    const { kind, name } = one;
    const body = text.slice(one.bodyStart, one.bodyEnd + 1);
    if (kind === 'function') {
      if (STATEMENT.test(name)) continue;
      functions.set(name, new FunctionItem(text.slice(one.start, one.bodyStart), body));
    } else if (kind === 'macro') macros.set(name, new Written(text.slice(one.start, one.end)));
    else if ((kind === 'struct' || kind === 'union') && name !== '') {
      structs.set(`${kind} ${name}`, fieldsOf(text, one));
    } else if (kind === 'variable' && name !== '') {
      const written = text.slice(one.start, one.end);
      if (!NO_VARIABLE.test(written)) {
        variables.set(variableName(name, written), new Written(written));
      }
    } else if (kind === 'prototype') prototypes.add(name);
    else if (kind === 'other') {
      const first = GIVEN.exec(text.slice(one.start, one.end))?.[1];
      if (first !== undefined) made.add(first);
    } else if (kind === 'enum') {
      const before = (): string => text.slice(0, one.start);
      const isMacro = (word: string): boolean => macros.has(word);
      const listed = enumeratorsOf(before, body.slice(1, -1), isMacro, included);
      for (const enumerator of listed) enumerators.set(enumerator, name);
    }
  }
  if (assembly) for (const { name } of assemblyFunctions(text)) made.add(name);
  for (const { 1: name, index } of text.matchAll(UNDEF)) {
    const at = list.findLast((one) => one.kind === 'macro' && one.name === name);
    // Whoever includes the file does not see it.
    if (at && at.start < index) macros.delete(name as string);
  }
  const why = broken === undefined ? undefined : 'braces do not add up';
  return { ...named, broken: why };
}

/** The head of a pointer to a function that is declared. */
const POINTER =
  /^[\w\s*]*\(\s*\*+\s*(?:const\s+|volatile\s+|__\w+\s+)*(\w+)\s*(?:\[[^\]]*\]\s*)*\)\s*\(/;

/** A variable that a macro declares has the name of all it is given: `DEFINE_PER_CPU(int,count)`. */
function variableName(name: string, written: string): string {
  const pointer = POINTER.exec(written)?.[1];
  if (pointer !== undefined) return pointer;
  const call = callOf(name, written);
  return call === undefined ? name : `${name}${squeezed(call)}`;
}

const IN_PARENTHESES = /\s*(\([^()=]*\))/y;

/** What stands in parentheses behind a name, with these. No expression is made for it: there are as many names as variables. */
function callOf(name: string, written: string): string | undefined {
  for (let at = written.indexOf(name); at >= 0; at = written.indexOf(name, at + 1)) {
    if (/\w/.test(written[at - 1] ?? '')) continue;
    IN_PARENTHESES.lastIndex = at + name.length;
    const call = IN_PARENTHESES.exec(written)?.[1];
    if (call !== undefined) return call;
  }
  return undefined;
}

/** White space made one blank, or none beside signs. */
function squeezed(text: string): string {
  return text
    .replace(/\\\n/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ ?([^\w"' ]) ?/g, '$1')
    .trim();
}

function fieldsOf(text: string, { bodyStart, bodyEnd }: Declaration): Map<string, string> {
  const fields = new Map<string, string>();
  const add = (part: string): void => {
    for (const one of declarations(`${part}\n`).list) {
      const inner = part.slice(one.bodyStart + 1, one.bodyEnd);
      const after = part.slice(one.bodyEnd + 1, one.end);
      const aggregate = one.kind === 'struct' || one.kind === 'union';
      const member = /[A-Za-z_]\w*/.exec(after.replace(/__\w+(?:\([^()]*\))?/g, ''))?.[0];
      if (aggregate && inner !== '' && member === undefined) add(inner);
      else if (aggregate && inner !== '')
        fields.set(member as string, squeezed(part.slice(one.start, one.end)));
      else if (one.kind !== 'macro') {
        const declared = squeezed(part.slice(one.start, one.end));
        // A macro that stands for members.
        if (/^[A-Z][A-Z0-9_]*;$/.test(declared)) continue;
        const group = groupOf(declared);
        for (const name of group?.names ?? declarators(declared)) fields.set(name, declared);
        if (group) add(group.members);
      }
    }
  };
  add(text.slice(bodyStart + 1, bodyEnd));
  return fields;
}

/** Several times that of sk_buff: what is larger is nonsense, and takes long to be no group. */
const LARGEST_GROUP = 1 << 14;

/** A call with declarations in it, behind arguments of one word each. */
const GROUP = /^\w+\(((?:(?:\w+(?:\([^()]*\))?)?,)+)(.*;)\)[^();]*(?:\([^()]*\)[^();]*)*;$/;

/**
 * Members that a macro puts into the struct and into one that mirrors it, whose name is the last word before them that is
 * no attribute: `__struct_group(TAG, NAME, ATTRS, MEMBERS...)` and its kin (include/uapi/linux/stddef.h, include/linux/stddef.h).
 */
function groupOf(
  declared: string,
): { readonly names: readonly string[]; readonly members: string } | undefined {
  if (declared.length > LARGEST_GROUP) return undefined;
  const [, given, members] = GROUP.exec(declared) ?? [];
  if (given === undefined || members === undefined) return undefined;
  const words = given.split(',').filter((word) => word !== '');
  const name = words.findLast((word) => !word.startsWith('__')) ?? words[0];
  return { names: name === undefined ? [] : [name], members };
}

/** Names of `int a, *b[3], (*c)(int);`. */
function declarators(text: string): string[] {
  const pointer = /\(\*+(?:const )?(\w+)/.exec(text)?.[1];
  if (pointer !== undefined) return [pointer];
  const bare = text
    .replace(/;$/, '')
    .replace(/\b(?:__\w+|[A-Z_]{4,})\([^()]*(?:\([^()]*\))*[^()]*\)/g, '');
  const names = bare.split(',').map((part) => {
    const words = part.replace(/\[[^\]]*\]|:.*$|=.*$/g, ' ').match(/[A-Za-z_]\w*/g) ?? [];
    return declaredWord(words);
  });
  const found = names.filter((name) => name !== undefined);
  return found.length === 0 ? madeMember(text) : found;
}

/** A call of a macro that declares a member. */
const MADE = /^_*[A-Z][A-Z0-9_]*\(([^()]*)\)/;

/** The name among what such a macro is given, which may have its type as well: `DECLARE_FLEX_ARRAY(u8,name)`. */
function madeMember(text: string): string[] {
  const given = MADE.exec(text)?.[1]?.split(',') ?? [];
  const name = given.find(
    (one) => /^[a-z_]\w*$/.test(one) && !BASIC.test(one) && !one.endsWith('_t'),
  );
  return name === undefined ? [] : [name];
}

const BASIC =
  /^(?:const|volatile|unsigned|signed|int|long|short|char|bool|void|_Bool|[us](?:8|16|32|64)|__[usbl]e?(?:8|16|32|64))$/;

/** The word that is declared: the last one but for attributes, which begin as some names do (`u16 __pending`). */
function declaredWord(words: readonly string[]): string | undefined {
  const plain = words.filter((word) => !/^__(?!u?\d|s\d)\w+|^_{4}/.test(word));
  const isType = (word: string, at: number): boolean =>
    BASIC.test(word) ||
    /^(?:struct|union|enum)$/.test(word) ||
    /^(?:struct|union|enum)$/.test(plain[at - 1] ?? '');
  const own = plain.filter((word, at) => !isType(word, at));
  const typed = own.length < plain.length;
  if (own.length > 1 || (own.length === 1 && (typed || plain.length === words.length)))
    return own.at(-1);
  return words.length > plain.length ? words.at(-1) : plain.at(-1);
}
