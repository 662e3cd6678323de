import {
  type CType,
  type Member,
  qualified,
  qualifiersIn,
  type RecordType,
  unqualified,
} from '../types.ts';
import type { Around } from './code.ts';
import { type Cursor, NotUnderstood } from './cursor.ts';
import { Scope } from './scope.ts';

const QUALIFIERS =
  /^(?:const|volatile|__const|__const__|__volatile|__volatile__|restrict|__restrict|__restrict__|static|extern|inline|__inline|__inline__|register|auto|_Noreturn|__noreturn__|_Thread_local|__thread|typedef|__seg_gs|__seg_fs)$/;
const BASES =
  /^(?:void|char|short|int|long|float|double|signed|unsigned|__signed|__signed__|_Bool|bool|_Complex|__complex__|__int128|__int128_t|__uint128_t|__builtin_va_list|_Float16|_Float32|_Float64|_Float128|__float128|__bf16)$/;
const TYPEOF = /^(?:typeof|__typeof|__typeof__|typeof_unqual|__typeof_unqual__)$/;
const UNQUALIFIED = /unqual/;
const OTHER = /^(?:struct|union|enum|__auto_type|_Alignas|_Atomic|_BitInt)$/;

/** Words of C that stand for no value and for no type. */
const STATEMENTS =
  /^(?:break|case|continue|default|do|else|for|goto|if|return|sizeof|switch|while|asm|__asm|__asm__|_Static_assert|_Generic|_Alignof|__alignof|__alignof__|__label__)$/;

const NO_ATTRIBUTES = { packed: false, aligned: [], strange: undefined, randomized: false };
/** Declarators within declarators, and types within types. */
const DEPTH = 100;

/** What stands before the declarators. */
export interface Specifiers {
  readonly type: CType | undefined;
  readonly storage: ReadonlySet<string>;
  /** Of `__auto_type`: the type is that of what it begins with. */
  readonly auto: boolean;
  /** Where the type stands. */
  readonly at: number;
}

/** A name with its type; none in a type alone. */
export interface Declarator {
  readonly name: string | undefined;
  readonly type: CType | undefined;
  /** Of a function: what it takes, with the names it knows them by. */
  readonly parameters: readonly Parameter[] | undefined;
}

export interface Parameter {
  readonly name: string | undefined;
  readonly type: CType | undefined;
  readonly at: number;
}

/** Reads the values that stand in types: of `typeof`, sizes, widths. */
export interface Values {
  readonly expression: (scope: Scope) => CType | undefined;
  readonly assignment: (scope: Scope) => CType | undefined;
}

/** Reads declarations as a compiler does, which knows of each name whether it is a type. */
export class Declarations {
  readonly #cursor: Cursor;
  readonly #around: Around;
  readonly #values: Values;
  #depth = 0;

  constructor(cursor: Cursor, around: Around, values: Values) {
    this.#cursor = cursor;
    this.#around = around;
    this.#values = values;
  }

  /** Does a declaration, or a type, begin here. */
  begins(scope: Scope): boolean {
    const { kind, text } = this.#cursor;
    if (kind !== 'name') return false;
    if (QUALIFIERS.test(text) || BASES.test(text) || TYPEOF.test(text) || OTHER.test(text))
      return true;
    return this.isType(text, scope);
  }

  isType(name: string, scope: Scope): boolean {
    if (scope.name(name)) return false;
    return scope.typedef(name) !== undefined || this.#around.isTypedef(name);
  }

  /** Is a name neither a type nor a value. */
  isUnknown(name: string, scope: Scope): boolean {
    if (STATEMENTS.test(name) || scope.name(name) || scope.typedef(name)) return false;
    return !this.#around.isTypedef(name) && !this.#around.isValue(name);
  }

  specifiers(scope: Scope, orUnknown: boolean): Specifiers {
    const cursor = this.#cursor;
    const storage = new Set<string>();
    let { at } = cursor;
    let type: CType | undefined;
    const words: string[] = [];
    let auto = false;
    let told = false;
    for (;;) {
      const { text, kind } = cursor;
      if (QUALIFIERS.test(text)) {
        storage.add(text);
        cursor.next();
      } else if (text === '_Alignas') {
        cursor.next();
        cursor.skipGroup();
      } else if (BASES.test(text)) {
        if (!told) at = cursor.at;
        words.push(text);
        told = true;
        cursor.next();
      } else if (TYPEOF.test(text) || text === '_Atomic') {
        cursor.next();
        if (text === '_Atomic' && !cursor.is('(')) continue;
        ({ at } = cursor);
        type = this.#typeof(scope);
        if (type && UNQUALIFIED.test(text)) type = unqualified(this.#around.plain(type));
        told = true;
      } else if (text === '_BitInt') {
        cursor.next();
        cursor.skipGroup();
        words.push(text);
        told = true;
      } else if (text === '__auto_type') {
        cursor.next();
        auto = told = true;
      } else if (/^(?:struct|union|enum)$/.test(text)) {
        ({ at } = cursor);
        type = this.#tagged(scope);
        told = true;
      } else if (!told && kind === 'name' && this.isType(text, scope)) {
        ({ at } = cursor);
        cursor.next();
        const local = scope.typedef(text);
        type = local ? local.type : { is: 'typedef', name: text };
        told = true;
      } else if (!told && orUnknown && kind === 'name' && this.isUnknown(text, scope)) {
        at = cursor.next();
        this.#around.unknownType(at, text);
        told = true;
      } else break;
    }
    if (!told && storage.size === 0) throw new NotUnderstood(`a type expected, not ${cursor.text}`);
    if (type === undefined && words.length > 0) type = { is: 'base', name: words.join(' ') };
    return { type: type && qualified(type, qualifiersIn(storage)), storage, auto, at };
  }

  /** A type as casts have it. */
  typeName(scope: Scope): CType | undefined {
    const { type } = this.specifiers(scope, true);
    const made = this.declarator(type, scope);
    if (made.name !== undefined) throw new NotUnderstood('a type with a name');
    return made.type;
  }

  /** A declarator around a type, with or without a name. */
  declarator(base: CType | undefined, scope: Scope): Declarator {
    if (++this.#depth > DEPTH) throw new NotUnderstood('nested too deeply');
    const cursor = this.#cursor;
    let type = base;
    while (cursor.is('*') || QUALIFIERS.test(cursor.text)) {
      if (cursor.is('*')) type = type && { is: 'pointer', to: type };
      else if (type) type = qualified(type, qualifiersIn([cursor.text]));
      cursor.next();
    }
    let name: string | undefined;
    let inside: number | undefined;
    if (cursor.kind === 'name') name = cursor.text;
    if (name !== undefined) cursor.next();
    else if (cursor.is('(') && this.#isNested(scope)) {
      const close = cursor.closing();
      cursor.next();
      inside = cursor.at;
      cursor.jump(close + 1);
    }
    const made = this.#suffixes(type, scope);
    this.#skipLabel();
    let result: Declarator = { name, type: made.type, parameters: made.parameters };
    if (inside !== undefined) {
      const end = cursor.at;
      cursor.jump(inside);
      const inner = this.declarator(made.type, scope);
      cursor.expect(')');
      cursor.jump(end);
      const own = inner.parameters ?? (inner.type === made.type ? made.parameters : undefined);
      result = { ...inner, parameters: own };
    }
    this.#depth--;
    return result;
  }

  /** `asm("name")` behind a name. */
  #skipLabel(): void {
    const cursor = this.#cursor;
    if (!/^(?:asm|__asm|__asm__)$/.test(cursor.text) || cursor.peek() !== '(') return;
    cursor.next();
    cursor.skipGroup();
  }

  /** Is what the parentheses here hold a declarator, not parameters. */
  #isNested(scope: Scope): boolean {
    const next = this.#cursor.peek();
    if (next === '*' || next === '(' || next === '[') return true;
    if (next === ')' || next === '...') return false;
    if (QUALIFIERS.test(next) || BASES.test(next) || TYPEOF.test(next) || OTHER.test(next))
      return false;
    return !this.isType(next, scope) && /^[A-Za-z_]/.test(next);
  }

  #suffixes(
    base: CType | undefined,
    scope: Scope,
  ): { type: CType | undefined; parameters: readonly Parameter[] | undefined } {
    const cursor = this.#cursor;
    if (cursor.is('[')) {
      if (++this.#depth > DEPTH) throw new NotUnderstood('nested too deeply');
      const close = cursor.closing();
      cursor.next();
      while (QUALIFIERS.test(cursor.text)) cursor.next();
      if (cursor.is('*') && cursor.peek() === ']') cursor.next();
      else if (cursor.at !== close) this.#values.assignment(scope);
      cursor.expect(']');
      const { type } = this.#suffixes(base, scope);
      this.#depth--;
      return { type: type && { is: 'array', of: type, count: undefined }, parameters: undefined };
    }
    if (!cursor.is('(')) return { type: base, parameters: undefined };
    const { parameters, variadic, open } = this.#parameters(scope);
    const inner = this.#suffixes(base, scope);
    const types = parameters.map((one) => one.type);
    const takes = open ? undefined : { count: parameters.length, variadic, types };
    const type = inner.type && { is: 'function' as const, gives: inner.type, takes };
    return { type, parameters };
  }

  #parameters(outer: Scope): { parameters: Parameter[]; variadic: boolean; open: boolean } {
    const cursor = this.#cursor;
    const scope = new Scope(outer);
    const parameters: Parameter[] = [];
    cursor.expect('(');
    if (cursor.take(')')) return { parameters, variadic: false, open: true };
    let variadic = false;
    do {
      if (cursor.take('...')) {
        variadic = true;
        break;
      }
      const { type, at } = this.specifiers(scope, true);
      const made = this.declarator(type, scope);
      const own = decayed(made.type);
      if (made.name !== undefined) scope.declare(made.name, own);
      parameters.push({ name: made.name, type: own, at });
    } while (cursor.take(','));
    cursor.expect(')');
    const [only] = parameters;
    const none =
      parameters.length === 1 &&
      only?.name === undefined &&
      only?.type?.is === 'base' &&
      only.type.name === 'void';
    return { parameters: none ? [] : parameters, variadic, open: false };
  }

  #typeof(scope: Scope): CType | undefined {
    const cursor = this.#cursor;
    cursor.expect('(');
    const isType = this.begins(scope);
    const type = isType ? this.typeName(scope) : this.#values.expression(scope);
    cursor.expect(')');
    return type;
  }

  #tagged(scope: Scope): CType | undefined {
    const cursor = this.#cursor;
    const keyword = cursor.text;
    cursor.next();
    const name = cursor.kind === 'name' ? cursor.text : undefined;
    if (name !== undefined) cursor.next();
    const key = `${keyword} ${name}`;
    if (!cursor.is('{')) {
      if (name === undefined) throw new NotUnderstood('a struct without a name or braces');
      return scope.tag(key) ?? { is: 'tag', key };
    }
    if (keyword === 'enum') {
      this.#enumerators(scope);
      const type: CType = { is: 'enum', values: [], attributes: NO_ATTRIBUTES };
      if (name !== undefined) scope.defineTag(key, type);
      return type;
    }
    const members: Member[] = [];
    const record: RecordType = {
      keyword: keyword as RecordType['keyword'],
      members,
      attributes: NO_ATTRIBUTES,
      errors: [],
    };
    const type: CType = { is: 'record', record };
    // At file scope it has a name others know it by.
    const own: CType = name !== undefined && !scope.outer ? { is: 'tag', key } : type;
    if (name !== undefined && scope.outer) scope.defineTag(key, type);
    this.#members(members, scope);
    return own;
  }

  #enumerators(scope: Scope): void {
    const cursor = this.#cursor;
    cursor.expect('{');
    while (!cursor.take('}')) {
      if (cursor.kind !== 'name') throw new NotUnderstood('an enumerator expected');
      scope.declare(cursor.text, { is: 'base', name: 'int' });
      cursor.next();
      if (cursor.take('=')) this.#values.assignment(scope);
      if (!cursor.is('}')) cursor.expect(',');
    }
  }

  #members(members: Member[], scope: Scope): void {
    const cursor = this.#cursor;
    cursor.expect('{');
    while (!cursor.take('}')) {
      if (cursor.take(';')) continue;
      if (/^_?[Ss]tatic_assert$/.test(cursor.text)) {
        cursor.next();
        cursor.skipGroup();
        continue;
      }
      const { type, at } = this.specifiers(scope, true);
      if (cursor.is(';')) members.push(member(undefined, type, undefined));
      while (!cursor.is(';')) {
        const made = cursor.is(':') ? undefined : this.declarator(type, scope);
        const bits = cursor.take(':') ? 'wide' : undefined;
        if (bits) this.#values.assignment(scope);
        else if (made?.type) this.#around.whole(at, made.type);
        if (made) members.push(member(made.name, made.type, bits));
        if (!cursor.is(';')) cursor.expect(',');
      }
      cursor.expect(';');
    }
  }
}

function member(
  name: string | undefined,
  type: CType | undefined,
  bits: string | undefined,
): Member {
  const known: CType = type ?? { is: 'unknown', text: '' };
  return { name, type: known, bits, attributes: NO_ATTRIBUTES };
}

/** What an array or a function is where a value is wanted. */
export function decayed(type: CType | undefined): CType | undefined {
  if (type?.is === 'array') return { is: 'pointer', to: type.of };
  return type?.is === 'function' ? { is: 'pointer', to: type } : type;
}
