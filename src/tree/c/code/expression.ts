import { BINDING } from '../../condition/parse-condition.ts';
import { type CType, qualified, type Takes, unqualified } from '../types.ts';
import type { Around, Given } from './code.ts';
import { type Cursor, NotUnderstood } from './cursor.ts';
import { type Declarations, decayed } from './declaration.ts';
import { INT, ZERO } from './numbers.ts';
import type { Scope } from './scope.ts';

const TEXT: CType = { is: 'pointer', to: { is: 'base', name: 'char' } };

const ASSIGN = /^(?:=|[-+*/%&|^]=|<<=|>>=)$/;
const SIZES = /^(?:sizeof|__alignof|__alignof__|_Alignof)$/;
const OFFSET = '__builtin_offsetof';
/** The compiler's own names. */
const BUILT_IN = /^(?:__builtin_|__sync_|__atomic_|__func__$|__FUNCTION__$|__PRETTY_FUNCTION__$)/;

/** Values within values. */
const DEPTH = 400;

/** Reads what stands between braces within parentheses: a value of GNU C. */
export type Block = (scope: Scope) => CType | undefined;

/** Reads values, and tells of what types they are; undefined where that is not told. */
export class Expressions {
  readonly #cursor: Cursor;
  readonly #around: Around;
  readonly #declarations: () => Declarations;
  readonly #block: Block;
  #depth = 0;
  /** The last name that a value ends with, and where what stands behind it. */
  #ended:
    | { readonly name: number | undefined; readonly called: boolean; readonly to: number }
    | undefined;
  /** The last value that is such a name, with what it is a member of and what it is given. */
  #named:
    | {
        readonly name: number;
        readonly called: boolean;
        readonly from: number;
        readonly to: number;
      }
    | undefined;

  constructor(cursor: Cursor, around: Around, declarations: () => Declarations, block: Block) {
    this.#cursor = cursor;
    this.#around = around;
    this.#declarations = declarations;
    this.#block = block;
  }

  /** With commas. */
  expression(scope: Scope): CType | undefined {
    let type = this.assignment(scope);
    while (this.#cursor.take(',')) type = this.assignment(scope);
    return type;
  }

  /** Without commas. */
  assignment(scope: Scope): CType | undefined {
    if (++this.#depth > DEPTH) throw new NotUnderstood('nested too deeply');
    const { at } = this.#cursor;
    const left = this.#conditional(scope);
    if (ASSIGN.test(this.#cursor.text)) {
      const to = this.#nameFrom(at);
      const plain = this.#cursor.take('=');
      if (!plain) this.#cursor.next();
      this.value(plain ? left : undefined, scope, to?.called ? undefined : to?.name);
    }
    this.#depth--;
    return left;
  }

  /** A value that is put where one of a type is wanted: into a member that stands at a position, if it is one. */
  value(wanted: CType | undefined, scope: Scope, to?: number): CType | undefined {
    const given = this.#given(scope);
    if (wanted && given.type) this.#around.given(given, wanted, to);
    return given.type;
  }

  #given(scope: Scope): Given {
    const { at } = this.#cursor;
    const type = this.assignment(scope);
    const named = this.#nameFrom(at);
    return { type, at, name: named?.name, called: named?.called === true };
  }

  /** The name that all is from a position to here. */
  #nameFrom(from: number): { readonly name: number; readonly called: boolean } | undefined {
    const named = this.#named;
    return named?.from === from && named.to === this.#cursor.at ? named : undefined;
  }

  /** What something of a type begins with: a value, or braces around more of them. */
  initializer(type: CType | undefined, scope: Scope, to?: number): CType | undefined {
    if (!this.#cursor.is('{')) return this.value(type, scope, to);
    if (++this.#depth > DEPTH) throw new NotUnderstood('nested too deeply');
    this.#cursor.next();
    const plain = type && this.#around.plain(type);
    const names = plain?.is === 'array' ? undefined : plain && this.#around.fields(plain);
    let position: number | undefined = 0;
    while (!this.#cursor.take('}')) {
      const place = this.#designated(plain, scope);
      if (place) {
        this.initializer(place.type, scope, place.at);
        const field = place.field;
        position = field === undefined || !names ? undefined : names.indexOf(field) + 1;
      } else {
        const name: string | undefined = position === undefined ? undefined : names?.[position];
        const element = plain?.is === 'array' ? plain.of : undefined;
        const braces = this.#cursor.is('{');
        const own = element ?? (braces && name ? this.#quiet(plain, name) : undefined);
        this.initializer(braces ? own : undefined, scope);
        // A value without braces may be the first of several of a member.
        position = position !== undefined && braces ? position + 1 : undefined;
      }
      if (!this.#cursor.is('}')) this.#cursor.expect(',');
    }
    this.#depth--;
    return type;
  }

  #quiet(of: CType | undefined, field: string): CType | undefined {
    return this.#around.member(-1, of, field);
  }

  /** `.a.b[1] =`, `[0 ... 3] =`, `a:`. */
  #designated(
    of: CType | undefined,
    scope: Scope,
  ):
    | {
        readonly type: CType | undefined;
        readonly field: string | undefined;
        /** Where the member stands that is meant. */
        readonly at: number | undefined;
      }
    | undefined {
    const cursor = this.#cursor;
    if (cursor.kind === 'name' && cursor.peek() === ':') {
      const field = cursor.text;
      const { at } = cursor;
      const type = this.#around.member(at, of, field);
      cursor.next();
      cursor.next();
      return { type, field, at };
    }
    if (!cursor.is('.') && !cursor.is('[')) return undefined;
    let type = of;
    let field: string | undefined;
    let at: number | undefined;
    for (let first = true; ; first = false) {
      if (cursor.take('.')) {
        if (cursor.kind !== 'name') throw new NotUnderstood('a member expected');
        if (first) field = cursor.text;
        ({ at } = cursor);
        type = this.#around.member(at, type, cursor.text);
        cursor.next();
      } else if (cursor.take('[')) {
        this.assignment(scope);
        if (cursor.take('...')) this.assignment(scope);
        cursor.expect(']');
        const plain = type && this.#around.plain(type);
        type = plain?.is === 'array' ? plain.of : undefined;
      } else break;
    }
    cursor.expect('=');
    return { type, field, at };
  }

  #conditional(scope: Scope): CType | undefined {
    const condition = this.#binary(scope, 1);
    if (!this.#cursor.take('?')) return condition;
    const left = this.#cursor.is(':') ? condition : this.expression(scope);
    this.#cursor.expect(':');
    if (++this.#depth > DEPTH) throw new NotUnderstood('nested too deeply');
    const right = this.#conditional(scope);
    this.#depth--;
    const [told, other] = this.#isTold(left) ? [left, right] : [right, left];
    return this.#withTargetOf(decayed(told), decayed(other));
  }

  /** A pointer of two branches points to what either does not let be written (6.5.15 of the standard). */
  #withTargetOf(type: CType | undefined, other: CType | undefined): CType | undefined {
    const [one, two] = [type, other].map((all) => all && this.#around.plain(all));
    if (one?.is !== 'pointer' || two?.is !== 'pointer') return type;
    return { ...one, to: qualified(one.to, this.#around.plain(two.to)) };
  }

  /** Is a type one that a branch has of itself: `NULL` and numbers take that of the other. */
  #isTold(type: CType | undefined): boolean {
    const plain = type && this.#around.plain(type);
    if (!plain || plain.is === 'base') return false;
    if (plain.is !== 'pointer') return true;
    const to = this.#around.plain(plain.to);
    return !(to.is === 'base' && to.name === 'void');
  }

  #binary(scope: Scope, least: number): CType | undefined {
    const cursor = this.#cursor;
    let left = this.#unary(scope);
    for (;;) {
      const sign = cursor.text;
      const binds = BINDING[sign];
      if (binds === undefined || binds < least || cursor.kind !== 'sign') return left;
      const at = cursor.next();
      const right = this.#binary(scope, binds + 1);
      left = sign === '+' || sign === '-' ? this.#sum(at, sign, left, right) : INT;
    }
  }

  /** Pointers take numbers, and give pointers; one pointer less another is a number. */
  #sum(
    at: number,
    sign: string,
    left: CType | undefined,
    right: CType | undefined,
  ): CType | undefined {
    const [a, b] = [left, right].map((one) => decayed(one && this.#around.plain(one)));
    const isPointer = (one: CType | undefined): boolean => one?.is === 'pointer';
    const pointer = isPointer(a) ? a : isPointer(b) ? b : undefined;
    if (pointer?.is === 'pointer') this.#around.whole(at, pointer.to);
    if (isPointer(a) && isPointer(b)) return INT;
    if (pointer) return sign === '-' && !isPointer(a) ? undefined : pointer;
    return a && b ? INT : undefined;
  }

  #unary(scope: Scope): CType | undefined {
    const cursor = this.#cursor;
    const { text } = cursor;
    if (++this.#depth > DEPTH) throw new NotUnderstood('nested too deeply');
    try {
      if (text === '*') {
        cursor.next();
        return this.#target(this.#unary(scope));
      }
      if (text === '&') {
        cursor.next();
        const of = this.#unary(scope);
        return of && { is: 'pointer', to: of };
      }
      if (text === '&&') {
        cursor.next();
        cursor.next();
        return { is: 'pointer', to: { is: 'base', name: 'void' } };
      }
      if (text === '!') {
        cursor.next();
        this.#unary(scope);
        return INT;
      }
      if (/^(?:-|\+|~|\+\+|--)$/.test(text)) {
        cursor.next();
        return this.#unary(scope);
      }
      if (/^__(?:real|imag)__$/.test(text)) {
        cursor.next();
        return this.#unary(scope);
      }
      if (SIZES.test(text)) return this.#size(scope);
      if (text === '(' && this.#isType(scope)) return this.#cast(scope);
      const from = cursor.at;
      const type = this.#postfix(scope);
      const { name, called, to } = this.#ended ?? {};
      if (name !== undefined && to === cursor.at) {
        this.#named = { name, called: called === true, from, to };
      }
      return type;
    } finally {
      this.#depth--;
    }
  }

  /** Do the parentheses here hold a type. */
  #isType(scope: Scope): boolean {
    const cursor = this.#cursor;
    const from = cursor.at;
    cursor.next();
    let found = this.#declarations().begins(scope);
    if (!found && cursor.kind === 'name' && this.#declarations().isUnknown(cursor.text, scope)) {
      // `(unknown *)`
      cursor.next();
      if (cursor.is('*')) {
        while (cursor.is('*')) cursor.next();
        found = cursor.is(')');
      }
    }
    cursor.jump(from);
    return found;
  }

  #size(scope: Scope): CType {
    const cursor = this.#cursor;
    let place = cursor.next();
    let type: CType | undefined;
    if (cursor.is('(') && this.#isType(scope)) {
      const from = cursor.at;
      cursor.next();
      place = cursor.at;
      type = this.#declarations().typeName(scope);
      cursor.expect(')');
      if (cursor.is('{')) {
        cursor.jump(from);
        type = this.#unary(scope);
      }
    } else type = this.#unary(scope);
    if (type) this.#around.whole(place, type);
    return { is: 'base', name: 'unsigned long' };
  }

  #cast(scope: Scope): CType | undefined {
    const cursor = this.#cursor;
    cursor.expect('(');
    const { at } = cursor;
    const type = this.#declarations().typeName(scope);
    cursor.expect(')');
    if (!cursor.is('{')) {
      this.#unary(scope);
      return type;
    }
    if (type) this.#around.whole(at, type);
    this.initializer(type, scope);
    return this.#behind(type, scope);
  }

  #postfix(scope: Scope): CType | undefined {
    const cursor = this.#cursor;
    const { text, kind, at } = cursor;
    if (kind === 'number') {
      cursor.next();
      return /^0[xX]?0*[uUlL]*$/.test(text) ? ZERO : INT;
    }
    if (kind === 'text') {
      const type = text.endsWith("'") ? INT : TEXT;
      while (cursor.kind === 'text') cursor.next();
      return this.#behind(type, scope);
    }
    if (text === '(') {
      cursor.next();
      let type: CType | undefined;
      if (cursor.is('{')) {
        // Of what braces give the value alone is left.
        const made = this.#block(scope);
        type = made && unqualified(made);
      } else type = this.expression(scope);
      cursor.expect(')');
      return this.#behind(type, scope);
    }
    if (kind !== 'name') throw new NotUnderstood(`a value expected, not ${text}`);
    if (text === '_Generic') return this.#behind(this.#generic(scope), scope);
    if (BUILT_IN.test(text)) return this.#behind(this.#builtIn(scope), scope);
    cursor.next();
    // `L"wide"`
    if (/^(?:L|u8?|U)$/.test(text) && cursor.kind === 'text') return this.#postfix(scope);
    const local = scope.name(text);
    if (local) return this.#behind(local.type, scope);
    if (!this.#around.isValue(text)) this.#around.unknownValue(at, text);
    return this.#behind(this.#around.value(text), scope, at);
  }

  #builtIn(scope: Scope): CType | undefined {
    const cursor = this.#cursor;
    const { text } = cursor;
    cursor.next();
    if (!cursor.is('(')) return TEXT;
    if (text === OFFSET) return this.#offset(scope);
    if (text === '__builtin_has_attribute') {
      cursor.skipGroup();
      return INT;
    }
    cursor.next();
    const types: (CType | undefined)[] = [];
    while (!cursor.take(')')) {
      const isType = this.#declarations().begins(scope);
      types.push(isType ? this.#declarations().typeName(scope) : this.assignment(scope));
      if (!cursor.is(')')) cursor.expect(',');
    }
    return text === '__builtin_va_arg' ? types[1] : text === '__builtin_expect' ? INT : undefined;
  }

  #offset(scope: Scope): CType {
    const cursor = this.#cursor;
    cursor.expect('(');
    const { at } = cursor;
    let type = this.#declarations().typeName(scope);
    if (type) this.#around.whole(at, type);
    cursor.expect(',');
    do {
      if (cursor.kind !== 'name') throw new NotUnderstood('a member expected');
      type = this.#around.member(cursor.at, type, cursor.text);
      cursor.next();
      while (cursor.take('[')) {
        this.expression(scope);
        cursor.expect(']');
        type = this.#target(type);
      }
    } while (cursor.take('.') || cursor.take('->'));
    cursor.expect(')');
    return { is: 'base', name: 'unsigned long' };
  }

  #generic(scope: Scope): undefined {
    const cursor = this.#cursor;
    cursor.next();
    cursor.expect('(');
    this.assignment(scope);
    while (cursor.take(',')) {
      if (!cursor.take('default')) this.#declarations().typeName(scope);
      cursor.expect(':');
      this.assignment(scope);
    }
    cursor.expect(')');
    return undefined;
  }

  #behind(of: CType | undefined, scope: Scope, name?: number): CType | undefined {
    const cursor = this.#cursor;
    let type = of;
    let called = name;
    for (;;) {
      const { text } = cursor;
      if (text === '.' || text === '->') {
        cursor.next();
        if (cursor.kind !== 'name') throw new NotUnderstood('a member expected');
        called = cursor.at;
        const record = text === '->' ? this.#target(type) : type;
        type = this.#around.member(cursor.at, record, cursor.text);
        cursor.next();
        continue;
      }
      if (text === '[') {
        cursor.next();
        this.expression(scope);
        cursor.expect(']');
        type = this.#target(type);
        if (type) this.#around.whole(cursor.at, type);
      } else if (text === '(') {
        const given = this.#arguments(scope);
        const made = this.#functionOf(type);
        if (made?.takes && called !== undefined) this.#around.called(called, made.takes, given);
        // By a pointer that is no member: of how many there are nothing is told.
        else if (made?.takes?.count === given.length) {
          for (const [i, wanted] of made.takes.types.entries()) {
            if (wanted) this.#around.given(given[i] as Given, wanted, undefined);
          }
        }
        type = made?.gives;
        this.#ended = { name: called, called: true, to: cursor.at };
      } else if (text === '++' || text === '--') cursor.next();
      else {
        if (called !== undefined) this.#ended = { name: called, called: false, to: cursor.at };
        return type;
      }
      called = undefined;
    }
  }

  #arguments(scope: Scope): Given[] {
    const cursor = this.#cursor;
    cursor.expect('(');
    if (cursor.take(')')) return [];
    const given: Given[] = [];
    do {
      given.push(this.#given(scope));
    } while (cursor.take(','));
    cursor.expect(')');
    return given;
  }

  #functionOf(
    type: CType | undefined,
  ): { readonly gives: CType; readonly takes?: Takes | undefined } | undefined {
    let plain = type && this.#around.plain(type);
    for (let i = 0; i < 2 && plain?.is === 'pointer'; i++) plain = this.#around.plain(plain.to);
    return plain?.is === 'function' ? plain : undefined;
  }

  /** What a pointer points to, or an array is of. */
  #target(type: CType | undefined): CType | undefined {
    const plain = type && this.#around.plain(type);
    if (plain?.is === 'pointer') return plain.to;
    return plain?.is === 'array' ? plain.of : plain?.is === 'function' ? plain : undefined;
  }
}
