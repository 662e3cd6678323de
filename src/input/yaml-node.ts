import type { Span } from 'kconfiglib-js';
import { type InputError, inputError } from './input-error.ts';
import { didYouMean } from './suggest.ts';

/** What a node is: `null` also stands for a key without a value. */
export type YamlKind = 'map' | 'seq' | 'scalar' | 'null';

/** An entry of a map, in file order. */
export interface YamlEntry {
  readonly name: string;
  readonly span: Span;
  readonly value: YamlNode;
}

/** What a node holds, by kind. Made by `parseYaml` only. */
export type YamlContent =
  | { readonly kind: 'map'; readonly entries: readonly YamlEntry[] }
  | { readonly kind: 'seq'; readonly items: readonly YamlNode[] }
  | { readonly kind: 'scalar'; readonly value: string | number | boolean; readonly text: string }
  | { readonly kind: 'null' };

/** Bounds of a number, both included. */
export interface NumberBounds {
  readonly min?: number;
  readonly max?: number;
}

/**
 * A node of a YAML file that knows its place, so that whatever is wrong with it is told with file, line
 * and column. The `as…` methods check and convert; they throw an `InputError` where the node is something else.
 */
export class YamlNode {
  readonly span: Span;
  /** Where the node is in the file: `matrix.include[2].cpus`; empty for the whole file. */
  readonly path: string;
  readonly #content: YamlContent;

  constructor(content: YamlContent, span: Span, path: string) {
    this.#content = content;
    this.span = span;
    this.path = path;
  }

  get kind(): YamlKind {
    return this.#content.kind;
  }

  /** The value of a key; `undefined` where the map has no such key or the node is `null`. */
  get(key: string): YamlNode | undefined {
    if (this.kind === 'null') return undefined;
    return this.#entries().find((e) => e.name === key)?.value;
  }

  /** The value of a key that has to be there. */
  require(key: string): YamlNode {
    const value = this.get(key);
    if (!value || value.kind === 'null') {
      throw inputError(
        'missing-key',
        `${this.#name()} needs a key "${key}"`,
        value?.span ?? this.span,
      );
    }
    return value;
  }

  /** The keys of a map with their places, in file order. */
  keys(): { name: string; span: Span }[] {
    return this.#entries().map(({ name, span }) => ({ name, span }));
  }

  /** The values of a list. */
  items(): YamlNode[] {
    if (this.#content.kind !== 'seq') throw this.#wrongKind('a list');
    return [...this.#content.items];
  }

  /** Keys and values of a map, in file order. */
  entries(): [string, YamlNode][] {
    return this.#entries().map(({ name, value }) => [name, value]);
  }

  /** A text. A number or `true` has to be quoted to be one. */
  asString(): string {
    const c = this.#content;
    if (c.kind !== 'scalar') throw this.#wrongKind('text');
    if (typeof c.value !== 'string') {
      this.fail(
        'wrong-type',
        `${this.#name()} must be text, not ${this.#describe()}`,
        `write "${c.text}" in quotes`,
      );
    }
    return c.value;
  }

  /** A scalar as it is written: `y`, `64`, `0x1000`, `true`. Quotes are not part of it. */
  asScalarText(): string {
    if (this.#content.kind !== 'scalar') throw this.#wrongKind('a single value');
    return this.#content.text;
  }

  asInteger(bounds: NumberBounds = {}): number {
    const value = this.#number('a whole number');
    if (!Number.isSafeInteger(value)) {
      this.fail('wrong-type', `${this.#name()} must be a whole number, not ${this.asScalarText()}`);
    }
    return this.#within(value, bounds);
  }

  asNumber(bounds: NumberBounds = {}): number {
    const value = this.#number('a number');
    if (!Number.isFinite(value)) {
      this.fail('wrong-type', `${this.#name()} must be a number, not ${this.asScalarText()}`);
    }
    return this.#within(value, bounds);
  }

  /** `true` or `false`. */
  asBoolean(): boolean {
    const c = this.#content;
    if (c.kind === 'scalar' && typeof c.value === 'boolean') return c.value;
    throw this.#wrongKind('true or false');
  }

  /** A scalar that is one of a few words. */
  asOneOf<const T extends string>(list: readonly T[]): T {
    const text = this.asScalarText();
    const found = list.find((word) => word === text);
    if (found !== undefined) return found;
    return this.fail(
      'unknown-value',
      `${this.#name()} must be ${oneOf(list)}, not "${text}"`,
      didYouMean(text, list),
    );
  }

  /** Refuse every key that is not known, all of them in one error. */
  onlyKeys(known: readonly string[]): void {
    for (const { name, span } of this.#entries()) {
      if (known.includes(name)) continue;
      const where = this.path === '' ? 'this file' : `"${this.path}"`;
      throw inputError(
        'unknown-key',
        `unknown key "${name}"`,
        span,
        didYouMean(name, known) ?? `${where} takes ${known.join(', ')}`,
      );
    }
  }

  /** Throw an error about this node. */
  fail(code: string, message: string, hint?: string): never {
    throw inputError(code, message, this.span, hint);
  }

  #entries(): readonly YamlEntry[] {
    if (this.#content.kind !== 'map') throw this.#wrongKind('a map of keys and values');
    return this.#content.entries;
  }

  #number(wanted: string): number {
    const c = this.#content;
    if (c.kind === 'scalar' && typeof c.value === 'number') return c.value;
    throw this.#wrongKind(wanted);
  }

  #within(value: number, { min, max }: NumberBounds): number {
    const bad = (min !== undefined && value < min) || (max !== undefined && value > max);
    if (!bad) return value;
    const bounds =
      min === undefined
        ? `at most ${max}`
        : max === undefined
          ? `at least ${min}`
          : `from ${min} to ${max}`;
    return this.fail(
      'out-of-range',
      `${this.#name()} must be ${bounds}, not ${this.asScalarText()}`,
    );
  }

  #wrongKind(wanted: string): InputError {
    return inputError(
      'wrong-type',
      `${this.#name()} must be ${wanted}, not ${this.#describe()}`,
      this.span,
    );
  }

  #describe(): string {
    const c = this.#content;
    if (c.kind === 'map') return 'a map';
    if (c.kind === 'seq') return 'a list';
    if (c.kind === 'null') return 'empty';
    return typeof c.value === 'string' ? `the text "${c.text}"` : c.text;
  }

  #name(): string {
    return this.path === '' ? 'the file' : `"${this.path}"`;
  }
}

function oneOf(list: readonly string[]): string {
  return list.length < 2 ? list.join('') : `${list.slice(0, -1).join(', ')} or ${list.at(-1)}`;
}
