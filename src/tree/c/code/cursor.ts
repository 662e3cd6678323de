import type { Token } from '../../preprocess/tokens.ts';
import type { Declared } from '../declared.ts';

/** The code is none the reader understands: nothing is told of it. */
export class NotUnderstood extends Error {}

const ATTRIBUTES = /^__attribute(?:__)?$/;

/** A place in the tokens of a unit; attributes and `__extension__` are not seen. */
export class Cursor {
  readonly #declared: Declared;
  #at: number;
  #end: number;

  constructor(declared: Declared, from: number, to: number) {
    this.#declared = declared;
    this.#at = from;
    this.#end = to;
    this.#skip();
  }

  /** Position of the token here. */
  get at(): number {
    return this.#at;
  }

  /** '' at the end. */
  get text(): string {
    return this.#at < this.#end ? this.#declared.text(this.#at) : '';
  }

  is(text: string): boolean {
    return this.text === text;
  }

  get kind(): Token['kind'] | undefined {
    return this.#at < this.#end ? this.#declared.tokens[this.#at]?.token.kind : undefined;
  }

  /** The text of a token behind this one. */
  peek(by = 1): string {
    const from = this.#at;
    for (let i = 0; i < by; i++) this.#step();
    const { text } = this;
    this.#at = from;
    return text;
  }

  /** Go on by one token, and give the position of this one. @throws NotUnderstood at the end */
  next(): number {
    if (this.#at >= this.#end) throw new NotUnderstood('it ends too early');
    return this.#step();
  }

  #step(): number {
    const at = this.#at++;
    this.#skip();
    return at;
  }

  /** Go on if this text stands here. */
  take(text: string): boolean {
    if (this.text !== text) return false;
    this.next();
    return true;
  }

  expect(text: string): number {
    if (this.text !== text) throw new NotUnderstood(`${text} expected, not ${this.text}`);
    return this.next();
  }

  /** Position of the bracket that closes the one here. */
  closing(): number {
    const close = this.#declared.closing(this.#at);
    if (close < 0 || close >= this.#end) throw new NotUnderstood('a bracket is not closed');
    return close;
  }

  /** Go to a position. */
  jump(at: number): void {
    this.#at = at;
    this.#skip();
  }

  /** Go behind the bracket that closes the one here. */
  skipGroup(): void {
    this.jump(this.closing() + 1);
  }

  #skip(): void {
    while (this.#at < this.#end) {
      const text = this.#declared.text(this.#at);
      if (text === '__extension__') this.#at++;
      else if (ATTRIBUTES.test(text) && this.#declared.text(this.#at + 1) === '(') {
        this.#at = this.#declared.closing(this.#at + 1) + 1;
        if (this.#at === 0) throw new NotUnderstood('an attribute is not closed');
      } else return;
    }
  }
}
