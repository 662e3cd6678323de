import { freeOf } from '../condition/formula.ts';
import { compilerMacros } from '../preprocess/compiler.ts';
import { type Macro, macroOf } from '../preprocess/macro.ts';
import { tokensOf } from '../preprocess/tokens.ts';
import { conditionals } from '../source/conditionals.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { answerTo, mayHold } from './answers.ts';
import { type Macros, type Meaning, numberOfTokens, type Values } from './condition-number.ts';
import { GivenNames } from './given-names.ts';
import type { HeaderNames } from './header-names.ts';
import { viewOf } from './view.ts';

const DEFINITION = /^[ \t]*#[ \t]*(?:define|(undef))[ \t]+(\w+)((?:.*\\\n)*.*)/gm;

/** What a header leaves defined in a configuration. */
interface Left {
  /** The names, with all that stands behind each. */
  readonly macros: ReadonlyMap<string, string>;
  /** Names it may define, or not: under a condition that is not answered. */
  readonly open: ReadonlySet<string>;
}

/**
 * Macros that the compiler and the headers of a tree define in a configuration: by those of the architecture the headers for all
 * learn what they need not give, `#ifndef pmd_mkwrite`, and by all how large things are, `#if MAX_NUMNODES > 1`.
 */
export class HeaderMacros {
  readonly #tree: SourceTree;
  readonly #names: HeaderNames;
  readonly #values: Values;
  readonly #compiler: ReadonlyMap<string, Macro>;
  readonly #byMake: GivenNames;
  readonly #left = new Map<string, Left>();
  readonly #meanings = new Map<string, Map<string, Meaning>>();
  readonly #definitions = new Map<string, Meaning>();
  readonly #given = new Map<string, boolean>();

  constructor(tree: SourceTree, names: HeaderNames, arch: string, values: Values) {
    this.#tree = tree;
    this.#names = names;
    this.#values = values;
    this.#byMake = new GivenNames(tree, arch, values);
    this.#compiler = new Map(compilerMacros(arch, values).map((macro) => [macro.name, macro]));
  }

  /** Those a file of the tree meets. */
  for(path: string): Macros {
    // The headers of an architecture are looked at themselves.
    const isOfArch = path.startsWith('arch/');
    return {
      isDefined: (name, included = []) =>
        this.#compiler.has(name) ||
        (!isOfArch && this.#isGiven(name)) ||
        this.#isIncluded(name, path, included),
      meaning: (name) => this.#meaning(name, path),
      mayBeDefined: (name) => this.#mayBeDefined(name, path),
      ...(this.#tree.conventions && { defines: this.#tree.defines }),
    };
  }

  /** What a macro of a file stands for where the file ends. */
  definition(name: string, path: string): Meaning {
    const key = `${path}\0${name}`;
    if (!this.#definitions.has(key)) {
      // One that names itself stands for none.
      this.#definitions.set(key, null);
      this.#definitions.set(key, this.#defined(name, path));
    }
    return this.#definitions.get(key);
  }

  /** A macro without arguments that a file meets, if all headers that define it say the same. */
  plain(name: string, path: string): Macro | undefined {
    const macros = this.#names.within(path, name).flatMap((at) => this.#macroOf(name, at) ?? []);
    const same = new Set(macros.map((macro) => keyOf(macro))).size === 1;
    return same && macros[0]?.params === undefined ? macros[0] : undefined;
  }

  /** Does a file define a name only where it is not defined yet. */
  isDefault(name: string, path: string): boolean {
    return isDefault(name, this.#tree.text(path) ?? '');
  }

  /** Does a header of the architecture define it. */
  #isGiven(name: string): boolean {
    let given = this.#given.get(name);
    if (given === undefined) {
      given = this.#names.ofArch(name).some((path) => this.#leftBy(path).macros.has(name));
      this.#given.set(name, given);
    }
    return given;
  }

  /**
   * Does a header that a source has included so far define it, for sure. Headers ask such questions for what others leave to
   * be defined, which come before them in who includes both.
   */
  #isIncluded(name: string, path: string, included: readonly string[]): boolean {
    const headers = this.#names.within(path, name).filter((header) => {
      const { macros, open } = this.#leftBy(header);
      return macros.has(name) && !open.has(name) && !this.#names.canReach(header, path);
    });
    if (headers.length === 0) return false;
    const first = this.#names.named(included, path);
    return headers.some((header) => this.#isReached(header, path, first));
  }

  /** May make have the compiler define it, or a header do it under a condition that is not answered. */
  #mayBeDefined(name: string, path: string): boolean {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    return (
      this.#byMake.of(folder).has(name) ||
      this.#names.within(path, name).some((header) => this.#leftBy(header).open.has(name))
    );
  }

  /** Do some files include a header, at first hand or through others, whatever is not known. */
  #isReached(
    header: string,
    from: string,
    by: ReadonlySet<string>,
    seen = new Set<string>([from]),
  ): boolean {
    if (by.has(header)) return true;
    seen.add(header);
    return this.#names
      .includersOf(header, from)
      .some(
        (path) =>
          !seen.has(path) &&
          this.#isReached(path, from, by, seen) &&
          this.#names
            .conditionsOf(path, header)
            .some((one) => answerTo(one, this.#values, this.for(path)) === true),
      );
  }

  #meaning(name: string, path: string): Meaning {
    const known = this.#compiler.get(name);
    if (known) return known.params ? known : this.#number(known, path);
    let meanings = this.#meanings.get(path);
    if (!meanings) this.#meanings.set(path, (meanings = new Map()));
    if (!meanings.has(name)) {
      const within = this.#names.within(path, name);
      const known = within.length > 0 ? within : this.#names.ofArch(name);
      // A header may leave it to who includes it to have included what it asks for.
      const places = known.length > 0 ? known : this.#names.anywhere(name);
      // Whoever asks meanwhile: it names itself.
      meanings.set(name, null);
      meanings.set(name, this.#agreed(name, places, path));
    }
    return meanings.get(name);
  }

  /** What all files that define a name make of it for one that includes them; null where they do not agree. */
  #agreed(name: string, places: readonly string[], from: string): Meaning {
    let left = places
      .map((path) => ({ path, meaning: this.#definitionFor(name, path, from) }))
      .filter(({ meaning }) => meaning !== undefined);
    const others = (path: string): boolean =>
      left.some((one) => one.path !== path && this.#names.includedBy(one.path).includes(path));
    const filters = [
      (path: string) => this.#mayInclude(path, from),
      // It is there only where nobody gives another.
      (path: string) => !this.isDefault(name, path),
      // Whoever includes it defines it anew.
      (path: string) => !others(path),
    ];
    for (const isMeant of filters) {
      if (left.length < 2 || new Set(left.map(({ meaning }) => keyOf(meaning))).size === 1) break;
      const some = left.filter(({ path }) => isMeant(path));
      if (some.length > 0) left = some;
    }
    const keys = new Set(left.map(({ meaning }) => keyOf(meaning)));
    return keys.size > 1 ? null : left[0]?.meaning;
  }

  /** What a macro of a file stands for where another includes that, which may know more of the names in it. */
  #definitionFor(name: string, path: string, from: string): Meaning {
    const meaning = this.definition(name, path);
    if (meaning !== null || this.#leftBy(path).open.has(name)) return meaning;
    const macro = this.#macroOf(name, path);
    return macro ? this.#number(macro, path, from) : meaning;
  }

  /** Is there a way to a header by `#include`s whose conditions options do not refute. */
  #mayInclude(header: string, from: string, seen = new Set<string>()): boolean {
    const includers = this.#names.includersOf(header, from);
    seen.add(header);
    return (
      header === from ||
      includers.length === 0 ||
      includers.some(
        (path) =>
          !seen.has(path) &&
          this.#names.conditionsOf(path, header).some((one) => mayHold(one, this.#values)) &&
          this.#mayInclude(path, from, seen),
      )
    );
  }

  #defined(name: string, path: string): Meaning {
    if (this.#leftBy(path).open.has(name)) return null;
    const macro = this.#macroOf(name, path);
    return macro?.params ? macro : macro && this.#number(macro, path);
  }

  #macroOf(name: string, path: string): Macro | undefined {
    const rest = this.#leftBy(path).macros.get(name);
    return rest === undefined ? undefined : macroOf(tokensOf(`${name}${rest}`), path, 0);
  }

  /** The number a macro of a file stands for, other names in it being those another file sees. */
  #number({ body }: Macro, path: string, from = path): bigint | null {
    const others = this.for(from);
    const own = (name: string): Meaning => {
      const meaning = this.definition(name, path);
      return meaning === undefined ? others.meaning(name) : meaning;
    };
    return numberOfTokens(body, this.#values, { ...others, meaning: own }) ?? null;
  }

  #leftBy(path: string): Left {
    let left = this.#left.get(path);
    if (!left) {
      // Whoever asks meanwhile gets no answer: two headers that ask each other.
      this.#left.set(path, { macros: new Map(), open: new Set() });
      this.#left.set(path, (left = this.#read(path)));
    }
    return left;
  }

  #read(path: string): Left {
    const text = this.#tree.text(path) ?? '';
    const view = viewOf(text, this.#values, this.for(path));
    const macros = new Map<string, string>();
    for (const [, undefines, name, rest] of view.text.matchAll(DEFINITION)) {
      if (undefines === undefined) macros.set(name as string, rest as string);
      else macros.delete(name as string);
    }
    const open = new Set<string>();
    for (const { line, last, defined } of view.unanswered) {
      if (defined) continue;
      const within = text
        .split('\n')
        .slice(line - 1, last)
        .join('\n');
      for (const [, , name] of within.matchAll(DEFINITION)) open.add(name as string);
    }
    return { macros, open };
  }
}

/** Does a text define a name only where it is not defined yet. */
export function isDefault(name: string, text: string): boolean {
  const { at, lines } = conditionals(text);
  const defined = [...text.matchAll(DEFINITION)].filter(
    (one) => one[1] === undefined && one[2] === name,
  );
  return defined.every(({ index }) => freeOf(at(lines.lineAt(index))).has(`defined(${name})`));
}

/** Equal for what is the same. */
function keyOf(meaning: Meaning): string {
  if (!meaning || typeof meaning === 'bigint') return String(meaning);
  return [...(meaning.params ?? []), '=', ...meaning.body.map(({ text }) => text)].join(' ');
}
