import { byBytes } from '../scan/list-files.ts';
import { detached } from '../source/detached.ts';
import type { FunctionItem, Items } from './items.ts';
import { withoutParameterNames } from './parameter-names.ts';

/** What a function is in a configuration. A stub does nothing, or returns one thing. */
export type Body = 'code' | 'stub-empty' | 'stub-constant' | 'absent';

/** A function whose presence, body or signature differs. */
export interface FunctionChange {
  readonly name: string;
  readonly file: string;
  readonly left: Body;
  readonly right: Body;
  /** What the stub does: `return NULL;`; null where neither side is one. */
  readonly stub: string | null;
  /**
   * What is different: presence, the body, the signature, or only what a macro stands for. Parameters that have other names
   * are no other signature, since callers do not see these: there the body is different, or nothing.
   */
  readonly differs: 'presence' | 'signature' | 'body' | 'macro';
  /** The macros, where only they are different. */
  readonly macros?: readonly string[];
  /** Present where no other file can call it: it is static in a source file. */
  readonly private?: true;
}

/** A function that only one side has in a file: it may have another file on the other. */
interface Lone {
  readonly change: FunctionChange;
  /** Of what it is called by and of what it does. */
  readonly signature: string;
  readonly body: string;
  /** Nobody outside of the file can mean it. */
  readonly private: boolean;
  /** The linker takes another of its name instead, if there is one. */
  readonly weak: boolean;
  /** The other side declares it in the same file. */
  readonly declared: boolean;
}

/** Gathers the differences of functions, file after file. */
export class FunctionChanges {
  /** By file and name. */
  readonly #known = new Map<string, FunctionChange>();
  readonly #lone = new Map<FunctionChange, Lone>();
  /** Names of functions that macros or assembly make. */
  readonly #made = { left: new Set<string>(), right: new Set<string>() };

  /** Compare a function of a file. */
  take(name: string, file: string, leftItems: Items, rightItems: Items): void {
    const [left, right] = [leftItems.functions.get(name), rightItems.functions.get(name)];
    const change = functionChange(name, file, left, right);
    if (!change) return;
    this.#known.set(keyOf(file, name), change);
    const one = left ?? right;
    if (change.differs !== 'presence' || !one) return;
    this.#lone.set(change, {
      change,
      signature: digest(callerSignature(one)),
      body: digest(one.body),
      private: change.private === true,
      weak: /\b__weak\b/.test(one.signature),
      declared: (left ? rightItems : leftItems).prototypes.has(name),
    });
  }

  /** Names of functions that have no text of C in a file. */
  make(left: ReadonlySet<string>, right: ReadonlySet<string>): void {
    for (const name of left) this.#made.left.add(name);
    for (const name of right) this.#made.right.add(name);
  }

  has(file: string, name: string): boolean {
    return this.#known.has(keyOf(file, name));
  }

  /** A function that only uses macros which are different. */
  addUser(name: string, file: string, { body }: FunctionItem, macros: readonly string[]): void {
    const state = bodyOf(body);
    this.#known.set(keyOf(file, name), {
      name: detached(name),
      file,
      left: state,
      right: state,
      stub: null,
      differs: 'macro',
      macros: macros.map(detached),
    });
  }

  /** All of them, by file and name. */
  sorted(): FunctionChange[] {
    const groups = Map.groupBy(this.#known.values(), ({ name }) => name);
    return [...groups.values()]
      .flatMap((list) => (list.length === 1 ? list : this.#joined(list)))
      .map((one) => this.#withMade(one))
      .sort((a, b) => byBytes(a.file, b.file) || byBytes(a.name, b.name));
  }

  /** What is declared where the other side has a stub, and made by a macro or by assembly, is there. */
  #withMade(change: FunctionChange): FunctionChange {
    if (!this.#lone.get(change)?.declared) return change;
    const side = change.left === 'absent' ? 'left' : 'right';
    if (!this.#made[side].has(change.name)) return change;
    return { ...change, [side]: 'code', differs: 'body' };
  }

  /**
   * Functions of one name: one that left a file and is as it was in another is no difference, and one that is real in one
   * file on one side and something else in another on the other is one function: what is known by a header is told at
   * the place of the code. What is private to files of both sides has the name by chance.
   */
  #joined(list: readonly FunctionChange[]): FunctionChange[] {
    const lone = (side: 'left' | 'right'): Lone[] => {
      const all = list.flatMap((one) =>
        one[side] === 'absent' ? [] : (this.#lone.get(one) ?? []),
      );
      const isLinked = (one: Lone): boolean => !one.weak && !one.private;
      return all.some(isLinked) ? all.filter(({ weak }) => !weak) : all;
    };
    const [lefts, rights] = [lone('left'), lone('right')];
    const gone = new Set<FunctionChange>();
    for (const l of lefts) {
      const same = rights.find((r) => !gone.has(r.change) && isMoved(l, r));
      if (same) gone.add(l.change).add(same.change);
    }
    const rest = list.filter((one) => !gone.has(one));
    const [l, r] = [lefts, rights].map((own) => own.filter(({ change }) => !gone.has(change)));
    const [a, b] = [l?.[0], r?.[0]];
    if (l?.length !== 1 || r?.length !== 1 || !a || !b || a.private || b.private) return rest;
    return [merged(a, b), ...rest.filter((one) => one !== a.change && one !== b.change)];
  }
}

/** Two private functions that do nothing are alike by chance. */
function isMoved(l: Lone, r: Lone): boolean {
  if ((l.private || r.private) && l.change.left !== 'code') return false;
  return l.body === r.body && l.signature === r.signature;
}

function merged(l: Lone, r: Lone): FunctionChange {
  const [a, b] = [l.change, r.change];
  const place = b.right === 'code' && a.left !== 'code' ? b : a;
  // Of a stub there may be one for each way a function is declared.
  const real = a.left === 'code' && b.right === 'code';
  const differs = real && l.signature !== r.signature ? 'signature' : 'body';
  return { ...place, left: a.left, right: b.right, stub: a.stub ?? b.stub, differs };
}

function keyOf(file: string, name: string): string {
  return `${file} ${name}`;
}

function digest(text: string): string {
  // Loaded where there is something to hash, which is seldom.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha1').update(text, 'latin1').digest('base64');
}

function functionChange(
  name: string,
  file: string,
  left: FunctionItem | undefined,
  right: FunctionItem | undefined,
): FunctionChange | undefined {
  const same = left && right && left.code.equals(right.code);
  if (same && (left.head.equals(right.head) || callerSignature(left) === callerSignature(right))) {
    return undefined;
  }
  const [l, r] = [left, right].map((one): Body => (one ? bodyOf(one.body) : 'absent')) as [
    Body,
    Body,
  ];
  const stub = [left, right].find((one) => one && bodyOf(one.body) !== 'code');
  const differs =
    !left || !right
      ? 'presence'
      : callerSignature(left) === callerSignature(right)
        ? 'body'
        : 'signature';
  const isPrivate =
    !file.endsWith('.h') && [left, right].every((one) => !one || /\bstatic\b/.test(one.signature));
  return {
    name: detached(name),
    file,
    left: l,
    right: r,
    stub: stub ? detached(stub.body.slice(1, -1)) || '(nothing)' : null,
    differs,
    ...(isPrivate && { private: true }),
  };
}

/** Without what says where a function is kept, attributes and names of parameters: callers do not see these. */
function callerSignature({ signature }: FunctionItem): string {
  const bare = signature
    .replace(BEHIND, ')')
    .replace(/\b__\w+\([\d,]*\) ?/g, '')
    .replace(/\b(?:static|inline|extern|noinline|asmlinkage|__\w+(?=[ *]))(?: |\b)/g, '')
    .trim();
  return withoutParameterNames(bare);
}

/** Attributes behind the parameters: `__acquires(lock)`, `__must_hold(&lock)`. */
const BEHIND = /\)(?: ?__\w+(?:\((?:[^()]|\([^()]*\))*\))?)+$/;

/** What a body does, by its text without white space that means nothing. */
export function bodyOf(body: string): Body {
  if (/^\{(?:[\s;]|return ?;)*\}$/.test(body)) return 'stub-empty';
  const constant = /^\{return ?(?:-?\w+|\(?\(?\w+ ?\*?\)?-?\w+\)?|-?\(\w+\)|ERR_PTR\(-\w+\));\}$/;
  return constant.test(body) &&
    !/^\{return ?[a-z]\w*;\}$/.test(body.replace(/return ?(?:true|false)/, 'return 1'))
    ? 'stub-constant'
    : 'code';
}
