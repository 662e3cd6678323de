import { type CType, unqualified } from '../types.ts';
import type { Around } from './code.ts';
import { type Cursor, NotUnderstood } from './cursor.ts';
import { Declarations, decayed, type Specifiers } from './declaration.ts';
import { Expressions } from './expression.ts';
import { Scope } from './scope.ts';

const ASM = /^(?:asm|__asm|__asm__)$/;
const BEHIND_NAME = /^[;=,[]$/;
/** Statements within statements. */
const DEPTH = 300;

/** Reads declarations and the code of functions as a compiler does, and tells what it meets. */
export class Code {
  readonly #cursor: Cursor;
  readonly #around: Around;
  readonly #declarations: Declarations;
  readonly #expressions: Expressions;
  readonly #file = new Scope();
  #depth = 0;
  /** What the function gives that is read. */
  #result: CType | undefined;

  constructor(cursor: Cursor, around: Around) {
    this.#cursor = cursor;
    this.#around = around;
    this.#expressions = new Expressions(
      cursor,
      around,
      () => this.#declarations,
      (scope) => this.#compound(new Scope(scope)),
    );
    this.#declarations = new Declarations(cursor, around, this.#expressions);
  }

  /** A declaration at file scope, a function with its body among them. */
  external(): void {
    const cursor = this.#cursor;
    if (/^_?[Ss]tatic_assert$/.test(cursor.text)) this.#assertion(this.#file);
    // An asm(), or a call of a macro that nobody defined.
    else if (ASM.test(cursor.text) || cursor.peek() === '(') return;
    else this.#declaration(this.#file);
  }

  /** The type a declaration at file scope gives a name. */
  typeOf(name: string): CType | undefined {
    const { type } = this.#declarations.specifiers(this.#file, false);
    for (;;) {
      const made = this.#declarations.declarator(type, this.#file);
      if (made.name === name) return made.type;
      if (made.name === undefined || !this.#toNext()) return undefined;
    }
  }

  /** Behind the comma that ends this declarator. */
  #toNext(): boolean {
    const cursor = this.#cursor;
    while (!cursor.is('') && !cursor.is(';')) {
      if (cursor.take(',')) return true;
      if (/^[({[]$/.test(cursor.text)) cursor.skipGroup();
      else cursor.next();
    }
    return false;
  }

  #declaration(scope: Scope): void {
    const cursor = this.#cursor;
    const outside = scope === this.#file;
    const head = this.#declarations.specifiers(scope, true);
    if (cursor.take(';')) return;
    for (;;) {
      const { name, type, parameters } = this.#declarations.declarator(head.type, scope);
      if (name === undefined) throw new NotUnderstood('a name expected');
      if (outside && parameters && cursor.is('{')) {
        this.#function(type, parameters, head, scope);
        return;
      }
      this.#declare(name, type, head, scope);
      if (cursor.take(';')) return;
      cursor.expect(',');
    }
  }

  #declare(name: string, type: CType | undefined, head: Specifiers, scope: Scope): void {
    const cursor = this.#cursor;
    const { storage, auto, at } = head;
    const outside = scope === this.#file;
    if (storage.has('typedef')) {
      if (!outside) scope.define(name, type);
      return;
    }
    if (!outside) scope.declare(name, type);
    if (type && !storage.has('extern')) this.#around.whole(at, type);
    if (!cursor.take('=')) return;
    const value = this.#expressions.initializer(type, scope);
    const made = decayed(value);
    if (auto && !outside) scope.declare(name, made && unqualified(made));
  }

  #function(
    type: CType | undefined,
    parameters: readonly { name: string | undefined; type: CType | undefined; at: number }[],
    { at }: Specifiers,
    outer: Scope,
  ): void {
    if (type?.is === 'function') this.#around.whole(at, type.gives);
    const scope = new Scope(outer);
    for (const one of parameters) {
      if (one.type) this.#around.whole(one.at, one.type);
      if (one.name !== undefined) scope.declare(one.name, one.type);
    }
    const result = type?.is === 'function' ? type.gives : undefined;
    this.#result = result?.is === 'base' && result.name === 'void' ? undefined : result;
    this.#compound(scope);
  }

  #assertion(scope: Scope): void {
    const cursor = this.#cursor;
    cursor.next();
    cursor.expect('(');
    this.#expressions.expression(scope);
    cursor.expect(')');
    cursor.expect(';');
  }

  /** Braces with statements; gives the type of the last, where that is a value. */
  #compound(scope: Scope): CType | undefined {
    const cursor = this.#cursor;
    cursor.expect('{');
    let type: CType | undefined;
    while (!cursor.take('}')) {
      if (cursor.is('')) throw new NotUnderstood('braces are not closed');
      type = this.#item(scope);
    }
    return type;
  }

  #item(scope: Scope): CType | undefined {
    const cursor = this.#cursor;
    if (cursor.is('__label__')) {
      while (!cursor.take(';')) cursor.next();
    } else if (/^_?[Ss]tatic_assert$/.test(cursor.text)) this.#assertion(scope);
    else if (this.#declares(scope)) this.#declaration(scope);
    else return this.#statement(scope);
    return undefined;
  }

  #declares(scope: Scope): boolean {
    const cursor = this.#cursor;
    if (cursor.kind !== 'name') return false;
    if (this.#declarations.begins(scope)) return cursor.peek() !== ':';
    if (!this.#declarations.isUnknown(cursor.text, scope)) return false;
    // `unknown *a, b;`: nothing else begins so, but a product that nobody wants.
    const from = cursor.at;
    cursor.next();
    while (cursor.is('*')) cursor.next();
    const named = cursor.kind === 'name' && BEHIND_NAME.test(cursor.peek());
    cursor.jump(from);
    return named;
  }

  #statement(scope: Scope): CType | undefined {
    if (++this.#depth > DEPTH) throw new NotUnderstood('nested too deeply');
    const type = this.#labels(scope) ? this.#labelled(scope) : this.#one(scope);
    this.#depth--;
    return type;
  }

  /** Reads the labels that stand here; were there any. */
  #labels(scope: Scope): boolean {
    const cursor = this.#cursor;
    const from = cursor.at;
    for (;;) {
      if (cursor.take('case')) {
        this.#expressions.assignment(scope);
        if (cursor.take('...')) this.#expressions.assignment(scope);
      } else if (cursor.kind === 'name' && cursor.peek() === ':') cursor.next();
      else return cursor.at > from;
      cursor.expect(':');
    }
  }

  /** A chain of `else if` is as long as one likes. */
  #if(scope: Scope): void {
    const cursor = this.#cursor;
    do {
      this.#condition(scope);
      this.#statement(scope);
      if (!cursor.take('else')) return;
    } while (cursor.take('if'));
    this.#statement(scope);
  }

  #one(scope: Scope): CType | undefined {
    const cursor = this.#cursor;
    const { text } = cursor;
    if (ASM.test(text)) return this.#assembly(scope);
    switch (text) {
      case ';':
        cursor.next();
        return undefined;
      case '{':
        this.#compound(new Scope(scope));
        return undefined;
      case 'if':
        cursor.next();
        this.#if(scope);
        return undefined;
      case 'while':
      case 'switch':
        cursor.next();
        this.#condition(scope);
        this.#statement(scope);
        return undefined;
      case 'do':
        cursor.next();
        this.#statement(scope);
        cursor.expect('while');
        this.#condition(scope);
        cursor.expect(';');
        return undefined;
      case 'for':
        this.#for(new Scope(scope));
        return undefined;
      case 'return':
        cursor.next();
        if (!cursor.is(';')) this.#returned(scope);
        cursor.expect(';');
        return undefined;
      case 'break':
      case 'continue':
        cursor.next();
        cursor.expect(';');
        return undefined;
      case 'goto':
        cursor.next();
        if (cursor.take('*')) this.#expressions.expression(scope);
        else cursor.next();
        cursor.expect(';');
        return undefined;
    }
    const type = this.#expressions.expression(scope);
    cursor.expect(';');
    return type;
  }

  #returned(scope: Scope): void {
    this.#expressions.value(this.#result, scope);
    if (this.#cursor.take(',')) this.#expressions.expression(scope);
  }

  /** Behind a label may be a declaration, and at the end of braces nothing. */
  #labelled(scope: Scope): CType | undefined {
    return this.#cursor.is('}') ? undefined : this.#item(scope);
  }

  #condition(scope: Scope): void {
    this.#cursor.expect('(');
    this.#expressions.expression(scope);
    this.#cursor.expect(')');
  }

  #for(scope: Scope): void {
    const cursor = this.#cursor;
    cursor.next();
    cursor.expect('(');
    if (this.#declares(scope)) this.#declaration(scope);
    else {
      if (!cursor.is(';')) this.#expressions.expression(scope);
      cursor.expect(';');
    }
    if (!cursor.is(';')) this.#expressions.expression(scope);
    cursor.expect(';');
    if (!cursor.is(')')) this.#expressions.expression(scope);
    cursor.expect(')');
    this.#statement(scope);
  }

  /** The values in the parentheses of its operands. */
  #assembly(scope: Scope): undefined {
    const cursor = this.#cursor;
    while (!cursor.is('(')) cursor.next();
    const close = cursor.closing();
    cursor.next();
    while (cursor.at < close) {
      if (cursor.take('(')) {
        this.#expressions.expression(scope);
        cursor.expect(')');
      } else if (cursor.is('[')) cursor.skipGroup();
      else cursor.next();
    }
    cursor.jump(close + 1);
    cursor.expect(';');
    return undefined;
  }
}
