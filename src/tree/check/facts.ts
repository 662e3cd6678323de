import type { Declared, Segment } from '../c/declared.ts';
import type { SyntaxParser } from '../c/parser.ts';
import { Types } from '../c/records.ts';
import { type CType, qualified } from '../c/types.ts';
import type { Macro } from '../preprocess/macro.ts';
import type { Token } from '../preprocess/tokens.ts';
import type { Unit } from '../preprocess/unit.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { plainMacros } from '../surface/answered.ts';
import { isDefault } from '../surface/header-macros.ts';
import { type FunctionItem, type Items, itemsOf } from '../surface/items.ts';
import { MadeItems } from '../surface/made-items.ts';
import { type Body, bodyOf } from '../surface/surface.ts';
import { type Values, viewOf } from '../surface/view.ts';
import { isAttribute } from './mask.ts';
import { type Signature, signatureOf } from './signature.ts';

/** What a name is that headers give a file. */
export type ApiKind = 'function' | 'macro' | 'variable' | 'constant' | 'type' | 'field' | 'header';

/** A name in one configuration. */
export interface Fact {
  readonly kind: ApiKind;
  readonly file: string;
  readonly line: number;
  readonly body: Body;
  /** The stub. */
  readonly stub: string | undefined;
  readonly signature: Signature | undefined;
  /** Of a macro with parameters: how many, and whether the last takes the rest. */
  readonly parameters: { readonly count: number; readonly variadic: boolean } | undefined;
  /** Declared only: the linker has to find it. */
  readonly linked: boolean;
}

/** Macros that stand for each other are followed so far. */
const DEPTH = 8;

/** What the headers of a unit give. */
export class Facts {
  readonly declared: Declared;
  readonly types: Types;
  readonly #unit: Unit;
  readonly #main: string;
  readonly #parser: SyntaxParser;
  readonly #views: Views;
  readonly #known = new Map<string, Fact | undefined>();
  #redeclared: ReadonlySet<string> | undefined;

  constructor(unit: Unit, declared: Declared, main: string, parser: SyntaxParser, views: Views) {
    this.#unit = unit;
    this.declared = declared;
    this.#main = main;
    this.#parser = parser;
    this.#views = views;
    this.types = new Types(declared, parser);
  }

  /** What a name is here; undefined if no header has it. */
  of(name: string, depth = 0): Fact | undefined {
    if (!this.#known.has(name)) this.#known.set(name, this.#find(name, depth));
    return this.#known.get(name);
  }

  /** A struct or union with its members. */
  tag(key: string): Fact | undefined {
    const tagged = this.declared.tags.get(key);
    const place = tagged && this.declared.tokens[tagged.from];
    return place && place.file !== this.#main ? plain('type', place.file, place.line) : undefined;
  }

  /** Does the file itself declare a function of this name, beside what headers say of it. */
  redeclares(name: string): boolean {
    this.#redeclared ??= new Set(
      this.declared.segments
        .filter(({ from }) => this.declared.tokens[from]?.file === this.#main)
        .map((segment) => segment.name),
    );
    return this.#redeclared.has(name);
  }

  /** Does the file itself define a name. */
  owns(name: string): boolean {
    const { functions, variables, typedefs, tags, enumerators } = this.declared;
    const macro = this.#unit.macros.get(name);
    if (macro && macro.file === this.#main) return true;
    const segment = functions.get(name) ?? variables.get(name) ?? typedefs.get(name);
    const at = segment?.from ?? enumerators.get(name)?.at ?? tags.get(name)?.from;
    return at !== undefined && this.declared.tokens[at]?.file === this.#main;
  }

  /**
   * The member of a struct, union or typedef, looking into those without a name; null if it has none of that name. A
   * macro may stand for the way to a member (`ifr_name` for `ifr_ifrn.ifrn_name`).
   */
  member(of: CType, field: string): CType | null | undefined {
    const macro = this.#unit.macros.get(field);
    if (macro?.params !== undefined || !macro?.body.length) return this.#plainMember(of, field);
    let type: CType | null | undefined = of;
    for (let at = 0; at < macro.body.length && type; at++) {
      const { kind, text } = macro.body[at] as Token;
      if (text === '.' || text === '->') continue;
      if (text === '[') {
        // `skelqh[SKEL_ASYNC]`
        type = elementOf(this.types.plain(type));
        while (at < macro.body.length && macro.body[at]?.text !== ']') at++;
      } else type = kind === 'name' ? this.#plainMember(type, text) : undefined;
    }
    return type;
  }

  /** The struct or union a type is, by its tag or as it stands. */
  #recordOf(type: CType) {
    if (type.is === 'tag') return this.types.record(type.key);
    return type.is === 'record' ? type.record : undefined;
  }

  #plainMember(of: CType, field: string): CType | null | undefined {
    let type = this.types.plain(of);
    if (type.is === 'pointer') type = this.types.plain(type.to);
    const record = this.#recordOf(type);
    if (!record) return undefined;
    for (const member of record.members) {
      if (member.name === field) return qualified(member.type, type);
      if (member.name !== undefined || member.bits !== undefined) continue;
      const inner = this.#plainMember(member.type, field);
      if (inner) return qualified(inner, type);
    }
    return record.errors.length > 0 ? undefined : null;
  }

  /** Names of the members of a struct in their order, undefined for those without; of bit fields that pad there is nothing. */
  fields(of: CType): readonly (string | undefined)[] | undefined {
    const type = this.types.plain(of);
    const record = this.#recordOf(type);
    if (record?.keyword !== 'struct' || record.errors.length > 0) return undefined;
    return record.members
      .filter(({ name, bits }) => name !== undefined || bits === undefined)
      .map(({ name }) => name);
  }

  /** The `struct x` a type is or points to. */
  keyOf(of: CType): string | undefined {
    const type = this.types.plain(of);
    const target = type.is === 'pointer' ? this.types.plain(type.to) : type;
    if (target.is === 'tag') return target.key;
    return of.is === 'typedef' && target.is === 'record' ? of.name : undefined;
  }

  #find(name: string, depth: number): Fact | undefined {
    const macro = this.#unit.macros.get(name);
    if (macro && macro.file !== this.#main && macro.file !== '') {
      return this.#macro(macro, depth);
    }
    const { functions, variables, typedefs, enumerators, tokens } = this.declared;
    const segment = functions.get(name);
    if (segment) return this.#segment(segment, 'function');
    const variable = variables.get(name);
    if (variable) return this.#segment(variable, 'variable');
    const typedef = typedefs.get(name);
    if (typedef) return this.#segment(typedef, 'type');
    const enumerator = enumerators.get(name);
    const place = enumerator && tokens[enumerator.at];
    return place && place.file !== this.#main
      ? plain('constant', place.file, place.line)
      : undefined;
  }

  #segment(segment: Segment, kind: ApiKind): Fact | undefined {
    const place = this.declared.tokens[segment.from];
    if (!place || place.file === this.#main) return undefined;
    const { file } = place;
    const line = this.#lineOf(segment);
    if (kind !== 'function') {
      const extern = kind === 'variable' && this.declared.text(segment.from) === 'extern';
      return { ...plain(kind, file, line), linked: extern };
    }
    const signature = signatureOf(this.declared, segment, this.#parser);
    const item = segment.body && this.#written(file, segment.name);
    const body = item ? bodyOf(item.body) : 'code';
    return {
      ...plain(kind, file, line),
      signature,
      body,
      stub: item && body !== 'code' ? item.body.slice(1, -1) : undefined,
      linked: segment.body === undefined,
    };
  }

  /** A function as a file has it, or as a macro that it calls makes it. */
  #written(file: string, name: string): FunctionItem | undefined {
    const written = this.#views.of(file).functions.get(name);
    return written ?? this.#views.made(file, this.#unit.macros).functions.get(name);
  }

  #lineOf({ name, from, to }: Segment): number {
    for (let at = from; at < to; at++) {
      if (this.declared.text(at) === name) return this.declared.tokens[at]?.line ?? 1;
    }
    return this.declared.tokens[from]?.line ?? 1;
  }

  #macro(macro: Macro, depth: number): Fact {
    const { file, line, params, variadic } = macro;
    const constant = params === undefined && !isAttribute(macro, this.#unit.macros);
    const own = { ...plain(constant ? 'constant' : 'macro', file, line) };
    const parameters = params && { count: params.length, variadic };
    // A macro that stands for one name is what that name is.
    const names = /^(\w+)(\(.*\))?$/.exec(macro.body.map(({ text }) => text).join(''));
    const target = names?.[1];
    const other =
      target !== undefined && target !== macro.name && depth < DEPTH && /^[A-Za-z_]/.test(target)
        ? this.of(target, depth + 1)
        : undefined;
    if (other && (params === undefined || names?.[2] !== undefined)) {
      const called = params === undefined ? other : { ...other, signature: undefined };
      return {
        ...called,
        ...(params && { kind: 'macro', parameters }),
        file,
        line,
        linked: other.linked && params === undefined,
      };
    }
    const body = params ? macroBody(macro) : 'code';
    const text = macro.body
      .map(({ text: word, space }) => (space ? ` ${word}` : word))
      .join('')
      .trim();
    return { ...own, parameters, body, stub: body === 'code' ? undefined : text };
  }
}

function elementOf(type: CType): CType | undefined {
  return type.is === 'array' ? type.of : type.is === 'pointer' ? type.to : undefined;
}

function plain(kind: ApiKind, file: string, line: number): Fact {
  return {
    kind,
    file,
    line,
    body: 'code',
    stub: undefined,
    signature: undefined,
    parameters: undefined,
    linked: false,
  };
}

/** Does a macro that is called do nothing, or stand for one value whatever it is given. */
function macroBody({ body }: Macro): Body {
  const text = body.map(({ text: word }) => word).join(' ');
  const idle = text
    .replace(/\( void \) (?:\( \w+ \)|\w+)(?= [;,)]|$)/g, '')
    .replace(/[\s;(){},0]|\bdo\b|\bwhile\b/g, '');
  if (idle === '')
    return /^\(* ?0 ?\)*$/.test(text) && !text.includes('void') && text !== ''
      ? 'stub-constant'
      : 'stub-empty';
  return /^(?:\( )*(?:-? ?\d\w*|-? ?E[A-Z]+|NULL|true|false|ERR_PTR \( - \w+ \))(?: \))*$/.test(
    text,
  )
    ? 'stub-constant'
    : 'code';
}

/** Files as a configuration has them, each read once. */
export class Views {
  readonly #tree: SourceTree;
  readonly #values: Values;
  readonly #read = new Map<string, { readonly text: string; readonly items: Items }>();
  readonly #made = new Map<string, Items>();

  constructor(tree: SourceTree, values: Values) {
    this.#tree = tree;
    this.#values = values;
  }

  of(file: string): Items {
    return this.#of(file).items;
  }

  /** What calls of macros at file scope declare in a file, where these are known at the end of a unit. */
  made(file: string, macros: ReadonlyMap<string, Macro>): Items {
    let made = this.#made.get(file);
    if (!made) {
      const { text, items } = this.#of(file);
      const calls = new MadeItems(text, items);
      const known = (name: string): Macro | undefined => macros.get(name);
      // Where this file gives a default, another's came first.
      const before = (name: string): Macro | undefined => {
        const macro = macros.get(name);
        const isOther = macro && macro.file !== file && macro.file !== '';
        return isOther && isDefault(name, this.#tree.text(file) ?? '') ? macro : undefined;
      };
      this.#made.set(file, (made = calls.of(calls.calls, known, before)));
    }
    return made;
  }

  #of(file: string): { readonly text: string; readonly items: Items } {
    let read = this.#read.get(file);
    if (!read) {
      const text = this.#tree.text(file) ?? '';
      const view = viewOf(text, this.#values, plainMacros(this.#tree.defines)).text;
      this.#read.set(file, (read = { text: view, items: itemsOf(view) }));
    }
    return read;
  }
}
