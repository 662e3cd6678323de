import { basename, dirname } from 'node:path';
import { type Formula, formulaText, symbolsOf } from '../condition/formula.ts';
import { areLinked, builderOf } from '../preprocess/kbuild-flags.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { mayHold } from '../surface/answers.ts';
import { type Body, bodyOf } from '../surface/surface.ts';
import type { CheckCell } from './api.ts';
import { isAmong, modulesOf } from './exports.ts';
import type { Views } from './facts.ts';
import type { Seen } from './judge.ts';
import type { LinkSite } from './links.ts';

/** Licenses under which a module may use what is exported for the GPL only (include/linux/license.h). */
const COMPATIBLE = /^(?:GPL|GPL v2|GPL and additional rights|Dual (?:BSD|MIT|MPL)\/GPL)$/;

/** What the linker makes of a name. */
export interface Linked {
  readonly fault?: 'unlinked' | 'unexported';
  /** Why it is at fault; null if it is not. */
  readonly reason: string | null;
  readonly body?: Body;
  /** What a stub does. */
  readonly stub?: string;
  /** Nobody was found who defines it. */
  readonly unsure?: true;
}

/** Finds what a file uses of the rest of the kernel: whether it is linked in, and whether modules may use it. */
export class Linker {
  readonly #seen: Seen;
  readonly #all: readonly Seen[];
  readonly #cells: readonly CheckCell[];
  readonly #sites: ReadonlyMap<string, readonly LinkSite[]>;
  readonly #views: readonly Views[];
  readonly #tree: SourceTree;
  readonly #compatible: boolean;
  readonly #imports: ReadonlySet<string>;

  /** `all` are the files checked together, `sites` where names are defined and exported, by name. */
  constructor(
    seen: Seen,
    all: readonly Seen[],
    cells: readonly CheckCell[],
    sites: ReadonlyMap<string, readonly LinkSite[]>,
    views: readonly Views[],
    tree: SourceTree,
  ) {
    this.#seen = seen;
    this.#all = all;
    this.#cells = cells;
    this.#sites = sites;
    this.#views = views;
    this.#tree = tree;
    const license = /\bMODULE_LICENSE\s*\(\s*"([^"]*)"/.exec(seen.text)?.[1];
    this.#compatible = license === undefined || COMPATIBLE.test(license);
    this.#imports = new Set(
      [...seen.text.matchAll(/\bMODULE_IMPORT_NS\s*\(\s*"?(\w+)/g)].map((one) => one[1] as string),
    );
  }

  /** What becomes of a function or variable in a cell. */
  find(name: string, at: number): Linked {
    const cell = this.#cells[at] as CheckCell;
    const { values, module } = cell;
    // Files that are checked together are one module.
    if (this.#all.some(({ observations }) => observations[at]?.defines.has(name))) {
      return { reason: null };
    }
    const sites = this.#sites.get(name) ?? [];
    if (sites.length === 0) {
      return { reason: null, unsure: true };
    }
    const live = sites.filter(({ condition }) => mayHold(condition, values));
    // Other builds of the same sources, SPL of U-Boot, compile files by options of their own.
    if (live.length === 0 && this.#tree.conventions?.phases.length) {
      return { reason: null, unsure: true };
    }
    if (live.length === 0) {
      const conditions = sites.map(({ file, condition }) => `${file} (${shortened(condition)})`);
      return {
        fault: 'unlinked',
        reason: `defined in ${[...new Set(conditions)].join(', ')} only`,
      };
    }
    const exports = live.filter(({ kind }) => kind === 'export');
    const reason = module ? this.#exportFault(live, exports, cell) : undefined;
    if (reason !== undefined) return { fault: 'unexported', reason };
    const place = live.find(({ kind }) => kind === 'definition');
    const item = place && this.#views[at]?.of(place.file).functions.get(name);
    const body = item ? bodyOf(item.body) : 'code';
    return { reason: null, body, ...(item && body !== 'code' && { stub: item.body.slice(1, -1) }) };
  }

  #exportFault(
    live: readonly LinkSite[],
    exports: readonly LinkSite[],
    cell: CheckCell,
  ): string | undefined {
    const [place] = live;
    if (live.some(({ kind, file }) => kind === 'definition' && this.#isBeside(file, cell)))
      return undefined;
    if (exports.length === 0) return `${place?.file}:${place?.line} does not export it to modules`;
    const [first] = exports as [LinkSite];
    const at = `${first.file}:${first.line}`;
    if (!this.#compatible && exports.every(({ gpl }) => gpl)) {
      return `${at} exports it to modules under the GPL only`;
    }
    const { namespace } = first;
    if (namespace === undefined || exports.some((one) => this.#mayUse(one, cell.values))) {
      return undefined;
    }
    const modules = modulesOf(namespace);
    return modules
      ? `${at} exports it to ${modules.length === 1 ? 'the module' : 'the modules'} ${modules.join(', ')} only`
      : `${at} exports it in the namespace ${namespace}, which is not imported`;
  }

  /** Is a file built by the Makefile that builds this one: then it is mostly one module with it. */
  #isBeside(file: string, cell: CheckCell): boolean {
    const { main } = this.#seen;
    if (dirname(file) === dirname(main)) return true;
    if (!this.#tree.has(main)) return false;
    if (builderOf(this.#tree, file, cell) === builderOf(this.#tree, main, cell)) return true;
    return areLinked(this.#tree, main, file, cell);
  }

  /** Is this module one for the namespace of an export. */
  #mayUse({ namespace }: LinkSite, values: CheckCell['values']): boolean {
    if (namespace === undefined) return true;
    const modules = modulesOf(namespace);
    if (modules) return this.#modules.some((name) => isAmong(name, modules));
    const lax = values('MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS') === 'y';
    return lax || this.#imports.has(namespace);
  }

  /** Names the module may have: that of a file, or of what the tree's Makefiles put it into. */
  get #modules(): readonly string[] {
    return this.#all.flatMap(({ main }) => [
      basename(main).replace(/\.\w+$/, ''),
      ...this.#tree.kbuild.compositesOf(main),
    ]);
  }
}

/** A condition of which options are what matters; those of a Makefile can be long. */
function shortened(condition: Formula): string {
  const text = formulaText(condition);
  return text.length <= 120 ? text : `by ${[...symbolsOf(condition)].slice(0, 5).join(', ')}`;
}
