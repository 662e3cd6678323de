import { Declared } from '../c/declared.ts';
import { Layouts } from '../c/layout.ts';
import type { SyntaxParser } from '../c/parser.ts';
import { Prototypes } from '../c/prototypes.ts';
import type { CType } from '../c/types.ts';
import { dataModelOf } from '../preprocess/compiler.ts';
import type { Configuration } from '../preprocess/configuration.ts';
import { expander } from '../preprocess/preprocessor.ts';
import { GIVEN_UP, type Unit } from '../preprocess/unit.ts';
import { closingParenthesis } from '../source/parentheses.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { besideTexts } from './beside-text.ts';
import { type Callback, callbacksOf } from './callbacks.ts';
import { type Conflict, conflictsOf } from './conflicts.ts';
import type { TypesOfNames } from './expression-type.ts';
import { type Fact, Facts, Views } from './facts.ts';
import { folded } from './fold.ts';
import { masked } from './mask.ts';
import { type MemberUse, memberUses } from './members.ts';
import { type Met, metIn, type QualifierWarning } from './met.ts';
import { namedByTypeof, nameUses } from './name-uses.ts';
import { Places } from './places.ts';
import { shapesOf } from './shapes.ts';
import { better, type Call, type Uses, usesOf } from './uses.ts';

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

/** A struct, union or enum the file needs to know whole, by `struct x`. */
export interface TypeUse extends Place {
  readonly name: string;
  /** Where a header defines it; undefined if nobody does. */
  readonly fact: Fact | undefined;
}

/** A name nobody declares: where it stands for a type, or for a value. */
export interface Undeclared {
  readonly kind: 'type' | 'value';
  readonly places: readonly Place[];
}

/** A pointer that is put where what it points to has less qualifiers, or others: of which API, and what of it. */
export interface Discard extends Place {
  /** As it is listed: `struct x.member`. */
  readonly name: string;
  readonly kind: 'function' | 'variable' | 'field';
  readonly reason: string;
  /** What gcc calls it. */
  readonly warning: QualifierWarning;
}

/** What one configuration shows of a file: kept, while the unit it was read from is not. */
export interface Observation {
  readonly facts: ReadonlyMap<string, Fact>;
  readonly uses: ReadonlyMap<string, readonly NameUse[]>;
  /** Names the file defines itself, or that are local to its functions. */
  readonly own: ReadonlySet<string>;
  /** Names that are left when macros are replaced: others were pasted or turned into texts. */
  readonly left: ReadonlySet<string>;
  readonly undeclared: ReadonlyMap<string, Undeclared>;
  readonly types: readonly TypeUse[];
  /** What the file declares otherwise than headers do. */
  readonly conflicts: readonly (Place & Pick<Conflict, 'kind' | 'name' | 'reason'>)[];
  /** Where pointers to what may not be written are put where it may be. */
  readonly discards: readonly Discard[];
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

/** A file that is looked at. */
export interface LookedAt {
  readonly main: string;
  readonly text: string;
  /** All names that stand in it, whatever its conditionals say. */
  readonly names: ReadonlySet<string>;
  /** The file it is compiled within; undefined for one that is compiled by itself. */
  readonly whole: string | undefined;
}

/**
 * Look at a file in a configuration. Of the tree only files of the unit are read again: whatever else of it decided had to
 * be told to those who keep what was seen.
 */
export function observe(
  tree: SourceTree,
  unit: Unit,
  { main, text, names, whole }: LookedAt,
  configuration: Configuration,
  parser: SyntaxParser,
): Observation {
  const declared = new Declared(unit);
  const views = new Views(tree, configuration.values);
  const facts = new Facts(unit, declared, main, parser, views);
  const types = typesOf(facts, declared);
  const fold = folder(unit, facts, configuration, parser);
  const read = (mask: string): Uses =>
    parser.with(mask, (root) => usesOf(root, types, configuration.values, fold));
  const plain = read(masked(text, unit));
  const uses =
    plain.unread.length === 0 ? plain : better(plain, read(masked(text, unit, shapesOf)));
  const prototypes = new Prototypes(declared, parser);
  const met = metIn(declared, main, facts);
  const places = new Places(unit);
  const callbacks = callbacksOf(
    declared,
    main,
    facts,
    { ...types, fields: (of) => facts.fields(of) },
    prototypes,
    parser,
  );
  const typed = namedByTypeof(unit);
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
  // A compiler has no such end: where this one gave up it is no fault of the file.
  const end = unit.problems.findIndex(({ message }) => message === GIVEN_UP);
  const before = end < 0 ? unit.problems : unit.problems.slice(0, end);
  const problems = before.filter(({ file }) => file !== main);
  const left = new Set(unit.own.map((at) => unit.tokens[at]?.token.text as string));
  return {
    facts: known,
    uses: nameUses(unit, main, uses, { own, known, places }),
    own,
    left,
    undeclared: undeclaredNames(met, places),
    types: typeUses(met, declared, main, facts, places),
    conflicts: [
      ...conflictsOf(declared, main, prototypes).map(({ at, kind, name, reason }) => ({
        ...places.of(at),
        kind,
        name,
        reason,
      })),
      ...met.calls.flatMap(({ at, of, name, has, but, counted }) => {
        // How many functions are given is counted with the macros they may be.
        if (of !== undefined || counted) return [];
        if (!declared.functions.has(name) || facts.owns(name)) return [];
        const place = places.of(at);
        const reason = `${has}, line ${place.line} ${but}`;
        return [{ ...place, kind: 'function' as const, name, reason }];
      }),
    ],
    discards: discardsOf(met, declared, places),
    defines: new Set(
      declared.segments
        .filter(({ from, kind, body }) => {
          if (declared.tokens[from]?.file !== main) return false;
          return body !== undefined || (kind === 'variable' && declared.text(from) !== 'extern');
        })
        .map(({ name }) => name),
    ),
    members: memberUses(unit, { uses: uses.fields, met, places }, facts),
    callbacks,
    behind: behindMacros(unit, known, facts),
    faults: [
      ...before.filter(({ file }) => file === main),
      ...(end < 0 && declared.broken?.file === main
        ? [{ line: declared.broken.line, message: 'brackets do not add up' }]
        : []),
      ...besideTexts(unit),
    ].map(({ line, message }) => ({ line, message })),
    notes: [
      ...(whole !== undefined && unit.written.length === 0
        ? [
            `${whole}, which includes it, leaves it out in some configuration: nothing of it is compiled there`,
          ]
        : []),
      ...problems.map(({ file, line, message }) => `${file}:${line}: ${message}`),
    ],
    unread: [
      ...(end < 0 ? [] : [{ line: 1, text: GIVEN_UP }]),
      ...uses.unread,
      ...met.notUnderstood.map(({ at, why }) => ({ line: places.of(at).line, text: why })),
    ],
  };
}

/** What is seen of a file that nobody can read: why. */
export function notRead(why: string): Observation {
  return {
    facts: new Map(),
    uses: new Map(),
    own: new Set(),
    left: new Set(),
    undeclared: new Map(),
    types: [],
    conflicts: [],
    discards: [],
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
  { declared, types }: Facts,
  { arch, values }: Configuration,
  parser: SyntaxParser,
): (condition: string) => boolean | undefined {
  const expand = expander(unit);
  const layouts = new Layouts(types, dataModelOf(arch, values), parser);
  const enumerators = (text: string): string =>
    text.replace(/[A-Za-z_]\w*/g, (name) => {
      const value = layouts.enumerator(name);
      return value === undefined ? name : `(${value})`;
    });
  return (condition) => {
    const names = condition.match(/[A-Za-z_]\w*/g) ?? [];
    // One beside a variable decides by being 0, or not.
    const decides = names.length === 1 || /[&|*]/.test(condition);
    const told = (name: string): boolean =>
      unit.macros.has(name) ||
      constantOf(declared, name) !== undefined ||
      (decides && declared.enumerators.has(name));
    if (names.length > 0 && !names.some(told)) return undefined;
    const text = `int x = (${enumerators(withConstants(expand(condition), declared))});`;
    const value = parser.with(text, (root) =>
      root.hasError
        ? undefined
        : folded(root.descendantsOfType('init_declarator')[0]?.childForFieldName('value') ?? null),
    );
    return value && value.value !== 0n;
  };
}

/** Functions that return what others do are followed so far. */
const RETURNS = 8;

/** Calls of functions that do no more than return a constant replaced by that, whatever they are given. */
function withConstants(text: string, declared: Declared): string {
  let out = '';
  let from = 0;
  for (const { 0: word, 1: name, index } of text.matchAll(/\b([A-Za-z_]\w*) *\(/g)) {
    const constant = index < from ? undefined : constantOf(declared, name as string);
    if (constant === undefined) continue;
    out += text.slice(from, index) + constant;
    from = closingParenthesis(text, index + word.length - 1) + 1;
  }
  return out + text.slice(from);
}

function constantOf(declared: Declared, name: string, depth = 0): string | undefined {
  const body = declared.functions.get(name)?.body;
  if (!body || depth > RETURNS) return undefined;
  const text = declared.source(body[0], body[1] + 1).trim();
  const found = /^\{ return (?:(true|false|\d+)|([A-Za-z_]\w*) \(.*\)) ; \}$/.exec(text);
  const [, constant, other] = found ?? [];
  if (other === undefined) return constant;
  // The call is all that is returned.
  const open = text.indexOf('(');
  const isAll = closingParenthesis(text, open) === text.lastIndexOf(')');
  return isAll ? constantOf(declared, other, depth + 1) : undefined;
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

function discardsOf({ discards }: Met, declared: Declared, places: Places): Discard[] {
  return discards.map(({ at, of, name, has, but, lost, warning }) => {
    const place = places.of(at);
    const kind = declared.functions.has(name) ? 'function' : 'variable';
    return {
      ...place,
      name: of === undefined ? name : `${of}.${name}`,
      kind: of === undefined ? kind : 'field',
      reason: `${has}, line ${place.line} ${but}: ${lost}`,
      warning,
    };
  });
}

/** Names that nobody declares, with where they stand. */
function undeclaredNames({ unknown }: Met, places: Places): Map<string, Undeclared> {
  const found = new Map<string, { kind: Undeclared['kind']; places: Place[] }>();
  for (const { at, name, kind } of unknown) {
    const known = found.get(name);
    if (known) known.places.push(places.of(at));
    else found.set(name, { kind, places: [places.of(at)] });
  }
  return found;
}

/** The structs, unions and enums of others that the file needs whole, each place once. */
function typeUses(
  { types }: Met,
  declared: Declared,
  main: string,
  facts: Facts,
  places: Places,
): TypeUse[] {
  const found = new Map<string, TypeUse>();
  for (const { at, name, there } of types) {
    const tagged = there ? declared.tags.get(name) : undefined;
    if (tagged && declared.tokens[tagged.from]?.file === main) continue;
    // What macros of headers do with what they have is theirs.
    if (there && !places.isWritten(at)) continue;
    const place = places.of(at);
    found.set(`${place.line}:${place.column} ${name}`, { ...place, name, fact: facts.tag(name) });
  }
  return [...found.values()];
}

function behindMacros(
  { tokens, own }: Unit,
  known: ReadonlyMap<string, Fact>,
  facts: Facts,
): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const at of own) {
    const { token, macro } = tokens[at] as Unit['tokens'][number];
    if (macro === undefined || token.kind !== 'name') continue;
    if (tokens[at + 1]?.token.text !== '(' || !known.has(macro) || token.text === macro) continue;
    if (known.has(token.text) || !facts.of(token.text)?.linked) continue;
    if (facts.redeclares(token.text)) continue;
    const list = found.get(macro) ?? new Set();
    found.set(macro, list.add(token.text));
  }
  return found;
}
