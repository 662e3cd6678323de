import { generatedFiles } from '../c/bounds.ts';
import { Unsized } from '../c/constant.ts';
import { Declared } from '../c/declared.ts';
import { type Layout, Layouts, type Placed } from '../c/layout.ts';
import { loadParser, type SyntaxParser } from '../c/parser.ts';
import { Types } from '../c/records.ts';
import { dataModelOf } from '../preprocess/compiler.ts';
import { type Configuration, unitOf } from '../preprocess/configuration.ts';
import { KernelFiles } from '../preprocess/kernel-files.ts';
import { itemsOfFile } from '../preprocess/tokens.ts';
import { byBytes, sortByBytes } from '../scan/list-files.ts';
import type { SourceTree } from '../source/source-tree.ts';
import type { Surface } from './surface.ts';

/** A struct or union on one side. */
export interface SizedSide {
  /** Bytes; null where it cannot be told. */
  readonly size: number | null;
  /** Members in order, with offsets in bytes. */
  readonly layout: readonly Placed[];
  /** The build shuffles the members (`__randomize_layout`): offsets hold without that. */
  readonly randomized: boolean;
  /** Why there is no size. */
  readonly why: string | null;
}

/** A struct or union whose layout differs; null on a side that has none of that name. */
export interface SizedStruct {
  readonly name: string;
  /** Where it is defined on the left, or else on the right. */
  readonly file: string;
  readonly left: SizedSide | null;
  readonly right: SizedSide | null;
}

/** A tree in a configuration. */
export interface LayoutSide {
  readonly tree: SourceTree;
  readonly configuration: Configuration;
}

/** Files beside headers for all that are read to find their types; more take long and are said to be left out. */
const MOST_FILES = 60;

/** Folders whose headers others include, with the name they do it by. */
const HEADER = /^(?:arch\/[^/]+\/)?include\/(?:uapi\/)?(.+\.h)$/;

/**
 * Sizes and offsets of every struct and union whose layout differs between two sides: those whose declarations do, and
 * those that hold such a one. Looked at are the headers that declare a difference with all they include, and files of
 * their own. What has no size is among them with the reason.
 */
export async function structLayouts(
  left: LayoutSide,
  right: LayoutSide,
  { structs, enumerators, macros }: Pick<Surface, 'structs' | 'enumerators' | 'macros'>,
): Promise<{ structs: SizedStruct[]; leftOut: string[] }> {
  const parser = await loadParser();
  // An enumerator or a macro may be the length of an array.
  const lengths = [...enumerators, ...macros].filter(({ file }) => HEADER.test(file));
  const files = sortByBytes([...new Set([...structs, ...lengths].map(({ file }) => file))]);
  const headers = files.filter(
    (file) => HEADER.test(file) && !/^include\/(?:asm-generic|trace)\//.test(file),
  );
  const others = files.filter((file) => !headers.includes(file));
  const changed = new Set(structs.map(({ name }) => name));
  const units: (readonly string[])[] = [
    headers,
    ...others.slice(0, MOST_FILES).map((file) => [file]),
  ];
  const [l, r] = [new Side(left, parser), new Side(right, parser)];
  const found = new Map<string, SizedStruct>();
  for (const unit of units) {
    if (unit.length === 0) continue;
    const [a, b] = [l.layouts(unit), r.layouts(unit)];
    for (const name of new Set([...a.names(), ...b.names()])) {
      if (found.has(name)) continue;
      const one = {
        name,
        file: a.fileOf(name) ?? b.fileOf(name) ?? '',
        left: a.side(name),
        right: b.side(name),
      };
      if (changed.has(name) || isOther(one)) found.set(name, one);
    }
  }
  return {
    structs: [...found.values()].sort((a, b) => byBytes(a.file, b.file) || byBytes(a.name, b.name)),
    leftOut: others.slice(MOST_FILES),
  };
}

function isOther({ left, right }: SizedStruct): boolean {
  // One that only one side defines is told as a declaration that differs.
  if (!left || !right) return false;
  return left.size !== right.size || JSON.stringify(left.layout) !== JSON.stringify(right.layout);
}

class Side {
  readonly #files: KernelFiles;
  readonly #parser: SyntaxParser;
  readonly #configuration: Configuration;
  readonly #generated: ReadonlyMap<string, string>;

  constructor({ tree, configuration }: LayoutSide, parser: SyntaxParser) {
    this.#files = new KernelFiles(tree);
    this.#parser = parser;
    this.#configuration = configuration;
    this.#generated = generatedFiles(this.#files, configuration, parser);
  }

  /** The types of headers, or of one file. */
  layouts(paths: readonly string[]): SideLayouts {
    const [first] = paths as [string];
    const one = paths.length === 1 && !HEADER.test(first);
    const text = paths.map((path) => `#include <${HEADER.exec(path)?.[1]}>\n`).join('');
    const main = one ? first : 'headers.c';
    const items = one ? undefined : itemsOfFile(text);
    const unit = unitOf(
      this.#files,
      main,
      this.#configuration,
      this.#generated,
      items && { items },
    );
    const declared = new Declared(unit);
    const { arch, values } = this.#configuration;
    const layouts = new Layouts(
      new Types(declared, this.#parser),
      dataModelOf(arch, values),
      this.#parser,
    );
    return new SideLayouts(declared, layouts);
  }
}

class SideLayouts {
  readonly #declared: Declared;
  readonly #layouts: Layouts;

  constructor(declared: Declared, layouts: Layouts) {
    this.#declared = declared;
    this.#layouts = layouts;
  }

  names(): string[] {
    return [...this.#declared.tags]
      .filter(([, { keyword }]) => keyword !== 'enum')
      .map(([name]) => name);
  }

  fileOf(name: string): string | undefined {
    const tagged = this.#declared.tags.get(name);
    return tagged && this.#declared.tokens[tagged.from]?.file;
  }

  side(name: string): SizedSide | null {
    if (!this.#declared.tags.has(name)) return null;
    const layout = this.#layouts.of(name);
    return layout instanceof Unsized
      ? { size: null, layout: [], randomized: false, why: layout.message }
      : sided(layout);
  }
}

function sided({ size, members, randomized }: Layout): SizedSide {
  return { size, layout: members, randomized, why: null };
}
