import { didYouMean, inputError, type Span } from '../../input/index.ts';
import { USER_REGISTERS } from '../model/machine-spec.ts';
import type { Place } from './workload.ts';

/**
 * User registers that programs may use. The last ones of thread 0 are the words on which threads meet:
 * see {@link BARRIER_REGISTER} and {@link DONE_REGISTER}.
 */
export const VARIABLE_REGISTERS = USER_REGISTERS - 2;
/** Register of thread 0 that counts arrivals at barriers. */
export const BARRIER_REGISTER = USER_REGISTERS - 2;
/** Register of thread 0 that counts threads that have done their run. */
export const DONE_REGISTER = USER_REGISTERS - 1;

/** The names a thread's program can see while it is read, and the words handed out to them. */
export class Scope {
  readonly #names = new Map<string, Place>();
  readonly #parent: Scope | undefined;
  readonly #registers: { used: number };
  readonly #target: 'register' | 'shared';

  private constructor(
    parent: Scope | undefined,
    registers: { used: number },
    target: 'register' | 'shared',
  ) {
    this.#parent = parent;
    this.#registers = registers;
    this.#target = target;
  }

  /** Scope of the file's own setup: what it defines is seen by all threads. */
  static shared(): Scope {
    return new Scope(undefined, { used: 0 }, 'shared');
  }

  /**
   * Scope of one kind of thread. Its registers start after the shared ones, which lie in thread 0's registers, so
   * that thread 0 never overwrites them.
   */
  thread(): Scope {
    return new Scope(this, { used: this.#registers.used }, 'register');
  }

  /** Scope of a loop body or an arm: what it defines is unknown outside. */
  inner(): Scope {
    return new Scope(this, this.#registers, this.#target);
  }

  /** Names a word of the frame, for a `for`. */
  bind(name: string, place: Place): void {
    this.#names.set(name, place);
  }

  /** The place a statement's `as` writes to: the variable of that name, or a new one. */
  define(name: string, span: Span): Place {
    const known = this.#find(name);
    if (known !== undefined && known.kind === this.#target) return known;
    if (known !== undefined) {
      const what =
        known.kind === 'frame' ? 'the variable of a loop' : "a variable of the file's setup";
      throw inputError('bad-variable', `"${name}" is ${what} and cannot be changed here`, span);
    }
    if (this.#registers.used === VARIABLE_REGISTERS) {
      const most = `at most ${VARIABLE_REGISTERS}`;
      throw inputError('too-many-variables', `a thread can have ${most} variables`, span);
    }
    const place: Place = { kind: this.#target, index: this.#registers.used++ };
    this.#names.set(name, place);
    return place;
  }

  /** The place of a variable that is used. */
  use(name: string, span: Span): Place {
    const place = this.#find(name);
    if (place !== undefined) return place;
    const names = this.#visible();
    throw inputError(
      'unknown-variable',
      `"${name}" is not defined here`,
      span,
      didYouMean(name, names) ??
        (names.length === 0
          ? 'a variable is defined by `as: name` of a statement before this one'
          : `variables defined here: ${names.join(', ')}`),
    );
  }

  #find(name: string): Place | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.#parent) {
      const place = scope.#names.get(name);
      if (place !== undefined) return place;
    }
    return undefined;
  }

  #visible(): string[] {
    const names: string[] = [];
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.#parent) {
      names.unshift(...scope.#names.keys());
    }
    return names;
  }
}
