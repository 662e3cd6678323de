import type { SyntaxParser } from '../c/parser.ts';
import type { Declaration } from '../source/declaration.ts';
import { declarations } from '../source/declarations.ts';
import { stripComments } from '../source/strip.ts';
import { type Called, callsOf } from './calls.ts';
import { type FailingBranch, failingBranch, reachedSpans } from './flow/failing-branch.ts';
import type { Known } from './flow/tried-value.ts';
import { takesLock } from './lock-names.ts';

/** Stands for the first argument of a call that is given no object: it works on what the running task has. */
export const CURRENT = 'current';

/** The other way of a function for where a call in it failed. */
export interface OtherWay {
  /** Locks it takes there, in the order of the function. */
  readonly locks: readonly string[];
  /** Does it take a lock of something else there. */
  readonly locksOther: boolean;
  /** What the function gives back there, where that is known and one thing. */
  readonly gives: Known | undefined;
}

/** Whatever the head of a function is, its body is read behind this. */
const HEAD = 'void f(void) ';

/** What a call may give that fails, where that is not known. */
const FAILURES: readonly Known[] = [
  { is: 'zero', text: 'NULL', tried: true },
  { is: 'negative', text: '-EAGAIN', tried: true },
  { is: 'error', text: 'ERR_PTR(-EAGAIN)', tried: true },
];

/** Calls within calls that are followed to a lock. */
const DEPTH = 3;

/** A source file in which functions call what can fail. */
export class CallerFile {
  readonly functions: readonly Declaration[];
  readonly #code: string;
  readonly #parser: SyntaxParser;
  /** Names that take no lock in some configuration. */
  readonly #stubbed: ReadonlySet<string>;
  readonly #calls = new Map<Declaration, readonly Called[]>();
  readonly #branches = new Map<string, FailingBranch | undefined>();
  /** Locks a function takes of an object, by its name, that of the object in it, and how deep it was looked for. */
  readonly #taken = new Map<string, readonly string[]>();
  readonly #named: ReadonlyMap<string, Declaration>;

  constructor(text: string, parser: SyntaxParser, stubbed: ReadonlySet<string>) {
    this.#code = stripComments(text, true);
    this.functions = declarations(text).list.filter((one) => one.kind === 'function');
    this.#named = new Map(this.functions.map((one) => [one.name, one]));
    this.#parser = parser;
    this.#stubbed = stubbed;
  }

  calls(one: Declaration): readonly Called[] {
    let calls = this.#calls.get(one);
    if (!calls) this.#calls.set(one, (calls = callsOf(this.#code, one)));
    return calls;
  }

  /** Can a function take a lock of an object. */
  canLock(one: Declaration, object: string): boolean {
    return this.calls(one).some((call) => this.#locks(call, object, one).length > 0);
  }

  /** Functions that call another and can take a lock of an object. */
  callersThatLock({ name }: Declaration, object: string): Declaration[] {
    const call = new RegExp(`\\b${name}\\s*\\(`);
    return this.functions.filter(
      (one) =>
        one.name !== name &&
        call.test(this.#code.slice(one.bodyStart, one.bodyEnd)) &&
        this.canLock(one, object),
    );
  }

  /** Where a function goes because a call failed; undefined if nothing in it looks at what the call gives. */
  otherWay(one: Declaration, call: string, failed: Known, object: string): OtherWay | undefined {
    const branch = this.#branch(one, call, failed);
    if (!branch) return undefined;
    const on = this.#within(one, branch.spans).filter(({ name }) => name !== call);
    const locks = this.locksBy(on, one, object);
    const locksOther = on.some(({ name }) => takesLock(name) && !locks.includes(name));
    return { locks, locksOther, gives: branch.gives };
  }

  /** As many calls as there are of one name, they all fail together. */
  #branch(one: Declaration, call: string, failed: Known): FailingBranch | undefined {
    const key = `${one.start} ${call} ${failed.is} ${failed.text}`;
    if (!this.#branches.has(key)) {
      this.#branches.set(key, failingBranch(this.#parser, this.#text(one), call, failed));
    }
    return this.#branches.get(key);
  }

  /** The locks of the same object a function takes where a call fails, whatever that gives then. */
  locksOnFailure(one: Declaration, { name, object }: Called): string[] {
    return FAILURES.flatMap((failed) => this.otherWay(one, name, failed, object)?.locks ?? []);
  }

  /** Calls of a function that can be reached, by the constants in it. */
  reached(one: Declaration): Called[] {
    return this.#within(one, reachedSpans(this.#parser, this.#text(one)));
  }

  /** The locks of an object that some calls in a function take. */
  locksBy(calls: readonly Called[], one: Declaration, object: string): string[] {
    return [...new Set(calls.flatMap((call) => this.#locks(call, object, one)))];
  }

  #text(one: Declaration): string {
    return HEAD + this.#code.slice(one.bodyStart, one.bodyEnd + 1);
  }

  #within(one: Declaration, spans: readonly (readonly [number, number])[]): Called[] {
    const start = one.bodyStart - HEAD.length;
    return this.calls(one).filter(({ offset }) =>
      spans.some(([from, to]) => from <= offset - start && offset - start < to),
    );
  }

  /** The locks a call in a function takes of an object, itself or in what it calls in this file. */
  #locks(call: Called, object: string, by: Declaration, depth = DEPTH): readonly string[] {
    const callee = this.#named.get(call.name);
    const first = callee && this.#firstParameter(callee);
    const isGiven = this.#isOf(call, object, by);
    // What is given no object either works on the same.
    if (!isGiven && (object !== CURRENT || !first || first.isPointer)) return [];
    if (this.#stubbed.has(call.name)) return [];
    if (isGiven && takesLock(call.name)) return [call.name];
    if (!callee || !first || depth === 0) return [];
    const inner = isGiven ? first.name : CURRENT;
    const key = `${call.name} ${inner} ${depth}`;
    let taken = this.#taken.get(key);
    if (!taken) {
      const calls = this.calls(callee);
      taken = [...new Set(calls.flatMap((one) => this.#locks(one, inner, callee, depth - 1)))];
      this.#taken.set(key, taken);
    }
    return taken;
  }

  /** Is a call in a function given an object, or a member of it. */
  #isOf({ path }: Called, object: string, by: Declaration): boolean {
    if (object !== CURRENT) return path.slice(-2).includes(object);
    const [first = ''] = path;
    if (first === CURRENT) return path.length > 1;
    const body = this.#code.slice(by.bodyStart, by.bodyEnd);
    return body.includes(CURRENT) && new RegExp(`\\b${first}\\s*=\\s*${CURRENT}->`).test(body);
  }

  #firstParameter({
    name,
    start,
    bodyStart,
  }: Declaration): { readonly name: string; readonly isPointer: boolean } | undefined {
    const head = this.#code.slice(start, bodyStart);
    const [, type, first] =
      new RegExp(`\\b${name}\\s*\\(([^,()]*?)(\\w+)\\s*[,)]`).exec(head) ?? [];
    return first === undefined
      ? undefined
      : { name: first, isPointer: type?.includes('*') ?? false };
  }
}
