import { Declared } from '../c/declared.ts';
import type { SyntaxParser } from '../c/parser.ts';
import type { CType } from '../c/types.ts';
import { type Configuration, unitOf } from '../preprocess/configuration.ts';
import type { Generated, KernelFiles } from '../preprocess/kernel-files.ts';
import { expander } from '../preprocess/preprocessor.ts';
import type { Unit, Written } from '../preprocess/unit.ts';
import { includerOf } from '../surface/built.ts';
import { besideTexts } from './beside-text.ts';
import { type Callback, callbacksOf } from './callbacks.ts';
import type { TypesOfNames } from './expression-type.ts';
import { type Fact, Facts, Views } from './facts.ts';
import { folded } from './fold.ts';
import { masked } from './mask.ts';
import { valuesOnly } from './undeclared.ts';
import { type Call, type Uses, usesOf } from './uses.ts';

/** A place in the file that is checked. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A use of a name. */
export interface NameUse extends Place {
  /** Thrown away by the compiler: nothing is left for the linker. */
  readonly dead: boolean;
  readonly call: Call | undefined;
  /** How many arguments calls of a function by this name in this line have; of a macro those of this one. */
  readonly gives: readonly number[];
}

/** Uses of a member, and whether its type has it; undefined where the type could not be told. */
export interface MemberUse extends Place {
  /** `struct x.member`, or `.member` of what could not be told. */
  readonly name: string;
  readonly there: boolean;
}

/** What one configuration shows of a file: kept, while the unit it was read from is not. */
export interface Observation {
  readonly facts: ReadonlyMap<string, Fact>;
  readonly uses: ReadonlyMap<string, readonly NameUse[]>;
  /** Names the file defines itself, or that are local to its functions. */
  readonly own: ReadonlySet<string>;
  /** Names that are left when macros are replaced: others were pasted or turned into texts. */
  readonly left: ReadonlySet<string>;
  /** Of these what is used as a value, and that nothing can have declared unknown to us. */
  readonly values: ReadonlySet<string>;
  /** Functions and variables the file defines for the linker. */
  readonly defines: ReadonlySet<string>;
  readonly members: readonly MemberUse[];
  /** Functions the file hands over, with what is wanted of them. */
  readonly callbacks: readonly Callback[];
  /** Functions that are declared only, by the macro whose replacement calls them. */
  readonly behind: ReadonlyMap<string, ReadonlySet<string>>;
  readonly faults: readonly { readonly line: number; readonly message: string }[];
  /** What the preprocessor could not do in headers. */
  readonly notes: readonly string[];
  readonly unread: Uses['unread'];
}

/** Look at a file in a configuration. `names` are all that stand in it, whatever its conditionals say. */
export function observe(
  files: KernelFiles,
  main: string,
  text: string,
  configuration: Configuration,
  generated: Generated,
  names: ReadonlySet<string>,
  parser: SyntaxParser,
): Observation {
  const { tree } = files;
  const whole = tree.has(main) ? includerOf(main, { ...configuration, tree }) : undefined;
  const unit = unitOf(files, whole ?? main, configuration, generated, { focus: main });
  const declared = new Declared(unit);
  const views = new Views(files.tree, configuration.values);
  const facts = new Facts(unit, declared, main, parser, views);
  const types = typesOf(facts, declared);
  const uses = parser.with(masked(text, unit), (root) =>
    usesOf(root, types, configuration.values, folder(unit, declared, parser)),
  );
  const callbacks = callbacksOf(
    declared,
    main,
    facts,
    { ...types, fields: (of) => facts.fields(of) },
    parser,
  );
  const typed = namedByTypeof(unit, main);
  const own = new Set(
    [...names].filter((name) => facts.owns(name) || uses.locals.has(name) || typed.has(name)),
  );
  const known = new Map<string, Fact>();
  for (const name of names) {
    const fact = facts.of(name);
    // What the source around has is as good as the file's own.
    if (fact && fact.file === whole) own.add(name);
    else if (fact) known.set(name, fact);
  }
  // What macros call is spoken of where it does not take what is handed to it.
  for (const { name, kind, fits } of callbacks) {
    const fact = kind === 'function' && !fits && !known.has(name) ? facts.of(name) : undefined;
    if (fact) known.set(name, fact);
  }
  const problems = unit.problems.filter(({ file }) => file !== main);
  const left = new Set(
    unit.tokens.filter(({ file }) => file === main).map(({ token }) => token.text),
  );
  return {
    facts: known,
    uses: nameUses(unit, main, uses, own),
    own,
    left,
    values: valuesOnly(unit, main),
    defines: new Set(
      declared.segments
        .filter(({ from, kind, body }) => {
          if (declared.tokens[from]?.file !== main) return false;
          return body !== undefined || (kind === 'variable' && declared.text(from) !== 'extern');
        })
        .map(({ name }) => name),
    ),
    members: memberUses(unit, uses, facts, waysLeft(unit, main)),
    callbacks,
    behind: behindMacros(unit, main, known, facts),
    faults: [
      ...unit.problems.filter(({ file }) => file === main),
      ...(declared.broken?.file === main
        ? [{ line: declared.broken.line, message: 'brackets do not add up' }]
        : []),
      ...besideTexts(unit, main),
    ].map(({ line, message }) => ({ line, message })),
    notes: [
      ...(whole !== undefined && unit.written.length === 0
        ? [
            `${whole}, which includes it, leaves it out in some configuration: nothing of it is compiled there`,
          ]
        : []),
      ...problems.map(({ file, line, message }) => `${file}:${line}: ${message}`),
    ],
    unread: uses.unread,
  };
}

/** What is seen of a file that nobody can read: why. */
export function notRead(why: string): Observation {
  return {
    facts: new Map(),
    uses: new Map(),
    own: new Set(),
    left: new Set(),
    values: new Set(),
    defines: new Set(),
    members: [],
    callbacks: [],
    behind: new Map(),
    faults: [],
    notes: [],
    unread: [{ line: 1, text: why }],
  };
}

/** What a condition is once its macros are replaced. */
function folder(
  unit: Unit,
  declared: Declared,
  parser: SyntaxParser,
): (condition: string) => boolean | undefined {
  const expand = expander(unit);
  return (condition) => {
    const names = condition.match(/[A-Za-z_]\w*/g) ?? [];
    const told = (name: string): boolean =>
      unit.macros.has(name) || constantOf(declared, name) !== undefined;
    if (names.length > 0 && !names.some(told)) return undefined;
    const text = `int x = (${withConstants(expand(condition), declared)});`;
    const value = parser.with(text, (root) =>
      root.hasError
        ? undefined
        : folded(root.descendantsOfType('init_declarator')[0]?.childForFieldName('value') ?? null),
    );
    return value && value.value !== 0n;
  };
}

/** Calls of functions that do no more than return a constant replaced by that. */
function withConstants(text: string, declared: Declared): string {
  return text.replace(
    /\b([A-Za-z_]\w*) *\( *\)/g,
    (all, name: string) => constantOf(declared, name) ?? all,
  );
}

function constantOf(declared: Declared, name: string): string | undefined {
  const body = declared.functions.get(name)?.body;
  if (!body) return undefined;
  const found = /^\{ return (true|false|\d+) ; \}$/.exec(
    declared.source(body[0], body[1] + 1).trim(),
  );
  return found?.[1];
}

function typesOf(facts: Facts, declared: Declared): TypesOfNames {
  return {
    variable: (name) => declaredType(declared, name),
    result: (name) => facts.of(name)?.signature?.result,
    member: (of, field) => facts.member(of, field) ?? undefined,
  };
}

/** Type of a variable of a header: by its declaration. */
function declaredType(declared: Declared, name: string): CType | undefined {
  const segment = declared.variables.get(name);
  const words = segment && declared.source(segment.from, segment.to);
  const tag = words && /\b(struct|union) (\w+) (\*?)/.exec(words);
  if (!tag) return undefined;
  const type: CType = { is: 'tag', key: `${tag[1]} ${tag[2]}` };
  return tag[3] === '*' ? { is: 'pointer', to: type } : type;
}

const WORDS =
  /^(?:auto|break|case|char|const|continue|default|do|double|else|enum|extern|float|for|goto|if|inline|int|long|register|restrict|return|short|signed|sizeof|static|struct|switch|typedef|union|unsigned|void|volatile|while|_Bool|asm|typeof|__attribute__|__asm__|__typeof__|__func__|defined|__builtin_\w+|_Static_assert)$/;

/** Is this a name a file uses, of C's own words none. */
export function isName(word: string): boolean {
  return /^(?!CONFIG_)[A-Za-z_]/.test(word) && !WORDS.test(word);
}

/** Names declared with the type of something else, which macros like typeof_member() and `auto` write. */
function namedByTypeof({ tokens }: Unit, main: string): Set<string> {
  const found = new Set<string>();
  const text = (at: number): string => tokens[at]?.token.text ?? '';
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at]?.file !== main) continue;
    let end = at;
    if (/^(?:typeof|__typeof__|__typeof)$/.test(text(at))) {
      let depth = 0;
      end++;
      do {
        if (text(end) === '(') depth++;
        else if (text(end) === ')') depth--;
      } while (depth > 0 && ++end < tokens.length);
    } else if (text(at) !== '__auto_type') continue;
    while (text(end + 1) === '*') end++;
    if (/^[A-Za-z_]/.test(text(end + 1)) && /^[;=,]$/.test(text(end + 2))) found.add(text(end + 1));
  }
  return found;
}

/**
 * How many arguments calls by name have when macros are replaced, one of which may stand for several; by name and line, in
 * which there may be more of them.
 */
function argumentCounts({ tokens }: Unit, main: string): Map<string, number[]> {
  const found = new Map<string, number[]>();
  const open: { key: string; count: number; empty: boolean; depth: number }[] = [];
  let depth = 0;
  for (let at = 0; at < tokens.length; at++) {
    const { file, token } = tokens[at] as Unit['tokens'][number];
    if (file !== main) continue;
    const top = open.at(-1);
    if (top && top.depth === depth && token.text !== ')') top.empty = false;
    if (/^[({[]$/.test(token.text)) {
      depth++;
      const before = tokens[at - 1];
      if (token.text === '(' && before?.token.kind === 'name' && before.file === main) {
        const key = `${before.token.text}:${before.line}`;
        open.push({ key, count: 1, empty: true, depth });
      }
    } else if (token.text === ',' && top?.depth === depth) top.count++;
    else if (/^[)}\]]$/.test(token.text)) {
      if (top?.depth === depth) {
        open.pop();
        const list = found.get(top.key);
        const count = top.empty ? 0 : top.count;
        if (list) list.push(count);
        else found.set(top.key, [count]);
      }
      depth--;
    }
  }
  return found;
}

function nameUses(
  unit: Unit,
  main: string,
  uses: Uses,
  own: ReadonlySet<string>,
): Map<string, NameUse[]> {
  const { written } = unit;
  const counts = argumentCounts(unit, main);
  const calls = new Map(uses.calls.map((call) => [`${call.line}:${call.column}`, call]));
  const found = new Map<string, NameUse[]>();
  // Words of the compiler's, up to this place.
  let attribute = -1;
  for (const [at, { token, macro }] of written.entries()) {
    const { text, line, column } = token;
    if (text === '__attribute__' || text === '__attribute') {
      attribute = closingOf(written, at + 1);
    }
    if (at <= attribute || token.kind !== 'name' || !isName(text)) continue;
    if (isAside(written, at)) continue;
    const called = written[at + 1]?.token.text === '(';
    const replaced = macro !== undefined && (macro.params === undefined || called);
    if (!replaced && own.has(text)) continue;
    const call = calls.get(`${line}:${column}`);
    const list = found.get(text) ?? [];
    const gives = replaced ? [argumentsOf(written, at + 1)] : (counts.get(`${text}:${line}`) ?? []);
    list.push({ line, column, call, gives, dead: call?.dead ?? uses.dead(line, column) });
    found.set(text, list);
  }
  return found;
}

/** How many arguments stand between the parentheses that open at a place. */
function argumentsOf(written: readonly Written[], open: number): number {
  const close = closingOf(written, open);
  let depth = 0;
  let count = close > open + 1 ? 1 : 0;
  for (let at = open; at < close; at++) {
    const text = written[at]?.token.text;
    if (text === '(') depth++;
    else if (text === ')') depth--;
    else if (text === ',' && depth === 1) count++;
  }
  return count;
}

/** Where the parentheses end that open at a place; the place before where there are none. */
function closingOf(written: readonly Written[], open: number): number {
  let depth = 0;
  for (let at = open; at < written.length; at++) {
    const text = written[at]?.token.text;
    if (text === '(') depth++;
    else if (text === ')') depth--;
    if (depth === 0) return text === ')' ? at : open - 1;
  }
  return open - 1;
}

/** Members, tags and labels have names of their own. */
function isAside(written: readonly Written[], at: number): boolean {
  const before = written[at - 1]?.token.text ?? '';
  if (/^(?:\.|->|struct|union|enum|goto)$/.test(before)) return true;
  const label = written[at + 1]?.token.text === ':' && /^[;{}]$/.test(before);
  return label;
}

/** What stands before the members that are left when macros are replaced, with them: `vma->vm_mm`; `->vm_mm`. */
function waysLeft({ tokens }: Unit, main: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (let at = 1; at < tokens.length; at++) {
    const sign = tokens[at - 1]?.token.text as string;
    if (tokens[at]?.file !== main || (sign !== '.' && sign !== '->')) continue;
    const way = `${sign}${tokens[at]?.token.text}`;
    found.add(way).add(`${tokens[at - 2]?.token.text}${way}`);
  }
  return found;
}

function memberUses(
  { macros, written }: Unit,
  uses: Uses,
  facts: Facts,
  left: ReadonlySet<string>,
): MemberUse[] {
  const places = new Map(written.map(({ token }, at) => [`${token.line}:${token.column}`, at]));
  /** Did a macro throw it away that it was handed to. */
  const isGone = ({ field, line, column }: Uses['fields'][number]): boolean => {
    const at = places.get(`${line}:${column}`);
    const sign = at === undefined ? undefined : written[at - 1]?.token.text;
    if (at === undefined || (sign !== '.' && sign !== '->')) return false;
    const before = written[at - 2];
    const plain = before?.token.kind === 'name' && before.macro === undefined;
    return !left.has(`${plain ? before.token.text : ''}${sign}${field}`);
  };
  let all: Set<string> | undefined;
  return uses.fields.flatMap((use): MemberUse[] => {
    const { field, line, column, of } = use;
    const known = macros.get(field);
    const macro = known?.params === undefined ? known : undefined;
    if (!macro && isGone(use)) return [];
    const type = of && facts.member(of, field);
    const key = of && facts.keyOf(of);
    if (type === undefined || key === undefined) {
      all ??= memberNames(facts.declared);
      return [{ name: `.${field}`, line, column, there: all.has(macro?.body[0]?.text ?? field) }];
    }
    if (facts.owns(key)) return [];
    return [{ name: `${key}.${field}`, line, column, there: type !== null }];
  });
}

/** Every name within the braces of a struct or union, wherever it is declared. */
function memberNames(declared: Declared): Set<string> {
  const found = new Set<string>();
  for (let at = 0; at < declared.tokens.length; at++) {
    if (!/^(?:struct|union)$/.test(declared.text(at))) continue;
    let open = at + 1;
    while (open < at + BEFORE_BRACE && !/^[{;]$/.test(declared.text(open))) open++;
    if (declared.text(open) !== '{') continue;
    const close = declared.closing(open);
    for (at = open; at < close; at++) {
      const { kind, text } = declared.tokens[at]?.token ?? {};
      if (kind === 'name' && text !== undefined) found.add(text);
    }
  }
  return found;
}

/** A tag and attributes stand between the word and the brace. */
const BEFORE_BRACE = 12;

function behindMacros(
  { tokens }: Unit,
  main: string,
  known: ReadonlyMap<string, Fact>,
  facts: Facts,
): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [at, { token, file, macro }] of tokens.entries()) {
    if (file !== main || macro === undefined || token.kind !== 'name') continue;
    if (tokens[at + 1]?.token.text !== '(' || !known.has(macro) || token.text === macro) continue;
    if (known.has(token.text) || !facts.of(token.text)?.linked) continue;
    if (facts.redeclares(token.text)) continue;
    const list = found.get(macro) ?? new Set();
    found.set(macro, list.add(token.text));
  }
  return found;
}
