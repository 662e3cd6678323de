import { type Macro, macroOf } from '../preprocess/macro.ts';
import { preprocess } from '../preprocess/preprocessor.ts';
import { type Item, itemsOfFile, type Token, tokensOf } from '../preprocess/tokens.ts';
import type { Files } from '../preprocess/unit.ts';
import { type FileCall, fileCalls, type OwnDefinition } from './file-calls.ts';
import { type Items, itemsOf } from './items.ts';

/** What calls of a file may come to: some times more than the largest files of a kernel have in them. */
const LONGEST = 1_000_000;

/** Names that are made anew by each build, or by each line above them. */
const COUNTED = /__COUNTER__|__LINE__/;

/** Of what is declared they tell nothing. */
const ATTRIBUTE = /__attribute__ \( \((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\) \) /g;

const WORD = /[A-Za-z_]\w*/g;

/** What a name is that is no macro of the file itself; undefined where none is known. */
export type KnownMacro = (name: string) => Macro | undefined;

/** Calls of macros at file scope, which may declare functions, types and variables: `DEFINE_SHOW(name)`. */
export class MadeItems {
  readonly calls: readonly FileCall[];
  readonly #definitions: readonly OwnDefinition[];
  readonly #byName: ReadonlyMap<string, readonly OwnDefinition[]>;

  /** Those of a view, of which all else was read. */
  constructor(text: string, { list }: Pick<Items, 'list'>) {
    const { calls, definitions } = fileCalls(text, list);
    this.calls = calls;
    this.#definitions = definitions;
    this.#byName = Map.groupBy(definitions, ({ name }) => name);
  }

  /** Equal for calls that come to the same where headers define the same: with the macros of the file itself. */
  keyOf({ head, names, at }: FileCall): string {
    if (!names.some((name) => this.#byName.has(name))) return head;
    const lines = this.#own(names, (list) => {
      const last = list.findLast((one) => one.at < at);
      return last ? [last] : [];
    });
    return [head, ...lines.map(({ line }) => line)].join('\n');
  }

  /** Those of all calls. */
  keys(): ReadonlySet<string> {
    return new Set(this.calls.map((call) => this.keyOf(call)));
  }

  /** What some calls declare; `known` tells of macros of other files, `before` of those a file defines only if no other did. */
  of(calls: readonly FileCall[], known: KnownMacro, before: KnownMacro): Items {
    if (calls.length === 0) return itemsOf('');
    const own = this.#own(
      calls.flatMap(({ head }) => head.match(WORD) ?? []),
      (list) => list,
    );
    const given = new Map(
      own.flatMap(({ name }) => {
        const macro = before(name);
        return macro ? [[name, macro] as const] : [];
      }),
    );
    const needed = own.filter(({ name }) => !given.has(name));
    const parts = [...needed, ...calls].sort((a, b) => a.at - b.at);
    const items = parts.flatMap((one): readonly Item[] =>
      'line' in one ? itemsOfFile(one.line) : [itemOf(one)],
    );
    const { tokens } = preprocess(MAIN, NO_FILES, given.values(), {
      items,
      limit: LONGEST,
      declaring: (name) => this.#last(name) ?? known(name),
    });
    const text: string[] = [];
    for (const { token } of tokens) text.push(token.text, /^[;}]/.test(token.text) ? '\n' : ' ');
    return meant(itemsOf(text.join('').replace(ATTRIBUTE, '')));
  }

  /** What a name stands for where the file ends: only when they are put together some names are seen to be its macros'. */
  #last(name: string): Macro | undefined {
    const line = this.#byName.get(name)?.at(-1)?.line;
    const [item] = itemsOfFile(line ?? '');
    return item?.directive === 'define' ? macroOf(item.tokens, '', 0) : undefined;
  }

  /** Own definitions of names, and of those in them. */
  #own(
    names: readonly string[],
    choose: (list: readonly OwnDefinition[]) => readonly OwnDefinition[],
  ): OwnDefinition[] {
    if (this.#definitions.length === 0) return [];
    const found: OwnDefinition[] = [];
    const seen = new Set(names);
    for (const name of seen) {
      const chosen = choose(this.#byName.get(name) ?? []);
      found.push(...chosen);
      for (const { line } of chosen) for (const word of line.match(WORD) ?? []) seen.add(word);
    }
    return found;
  }
}

const MAIN = 'calls';

const NO_FILES: Files = { items: () => undefined, resolve: () => undefined };

/** A call as the preprocessor reads it; the body of a function is left as it is. */
function itemOf({ head, body }: FileCall): Item {
  const tokens = [...tokensOf(head)];
  const at = { space: true, line: 1, column: 1 };
  const put = (kind: Token['kind'], text: string): number => tokens.push({ ...at, kind, text });
  if (body !== '') put('text', body);
  if (tokens.at(-1)?.text !== ';') put('sign', ';');
  return { directive: '', line: 1, tokens, rest: '' };
}

/** Without what nobody can mean by its name, and what is declared to be what it is. */
function meant(items: Items): Items {
  const named = <T>(all: ReadonlyMap<string, T>): Map<string, T> =>
    new Map([...all].filter(([name]) => !COUNTED.test(name)));
  const variables = named(items.variables);
  for (const [name, { text }] of variables) {
    const head = text.replace(/=.*/, '');
    const own = new RegExp(`typeof(?:__)?\\(${name.replace(/\W.*/, '')}\\)`);
    // Such a one is kept for the section it lies in.
    const isKept = /^static\b.*\b__used\b/.test(head);
    if (isKept || COUNTED.test(head) || own.test(head)) variables.delete(name);
  }
  return { ...items, functions: named(items.functions), structs: named(items.structs), variables };
}

/** What a file has as it is written, with what calls in it declare. */
export function withMade(items: Items, made: Items): Items {
  const both = <T>(written: ReadonlyMap<string, T>, more: ReadonlyMap<string, T>): Map<string, T> =>
    new Map([...written, ...[...more].filter(([name]) => !written.has(name))]);
  // As it is written a variable has the name of all that the macro is given.
  const called = [...items.variables.keys()].filter((name) => name.includes('('));
  const isWritten = (name: string): boolean =>
    called.some((one) => one.match(WORD)?.includes(name) === true);
  const variables = new Map([...made.variables].filter(([name]) => !isWritten(name)));
  return {
    ...items,
    functions: both(items.functions, made.functions),
    structs: both(items.structs, made.structs),
    enumerators: both(items.enumerators, made.enumerators),
    variables: both(items.variables, variables),
    prototypes: new Set([...items.prototypes, ...made.prototypes]),
  };
}

/** What calls declare that files do not have as it is written. */
export function withoutWritten(made: Items, files: readonly Items[]): Items {
  const rest = <T>(kind: (items: Items) => ReadonlyMap<string, T>): Map<string, T> =>
    new Map([...kind(made)].filter(([name]) => !files.some((one) => kind(one).has(name))));
  return {
    ...made,
    structs: rest(({ structs }) => structs),
    enumerators: rest(({ enumerators }) => enumerators),
    variables: rest(({ variables }) => variables),
  };
}
