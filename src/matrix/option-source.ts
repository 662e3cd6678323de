import { existsSync } from 'node:fs';
import {
  type Kconfig,
  kernelEnvironment,
  kernelKconfig,
  parse,
  type ToolchainProfile,
} from 'kconfiglib-js';
import { checkKernelTree, packagePath, packageRoot, readingKconfig } from '../input/index.ts';
import type { SymbolType } from './plan.ts';
import type { StageEdition } from './stage.ts';

/** Where the options of an edition come from. */
export interface EditionOptions {
  readonly kconfig: Kconfig;
  /** What to call it in a report: `kconfig/v7.0/Kconfig`, or the tree with its version. */
  readonly label: string;
  /** A remark on every cell of this edition, e.g. that the tree is of another version. */
  readonly note?: string;
}

/** The Kconfig of every edition. Each is read once, when it is first needed. */
export interface OptionSource {
  /** Editions that have one, of those given. */
  editionNames(editions: readonly StageEdition[]): string[];
  optionsOf(edition: StageEdition): EditionOptions;
}

/** The option sets that ship with kmatrix, one per edition. */
export function shippedOptions(): OptionSource {
  const read = memo(({ name, kernelVersion }: StageEdition): EditionOptions => {
    const label = `kconfig/${name}/Kconfig`;
    const dialect = Number.parseInt(kernelVersion, 10) < 7 ? '6.12' : '7.0';
    return {
      label,
      kconfig: readingKconfig(
        () => parse(label, { srctree: packageRoot(), dialect }),
        packageRoot(),
      ),
    };
  });
  return {
    editionNames: (editions) =>
      editions
        .map((edition) => edition.name)
        .filter((name) => existsSync(packagePath('kconfig', name, 'Kconfig'))),
    optionsOf: (edition) => read(edition),
  };
}

/**
 * The Kconfig of a real kernel tree, as x86 reads it, for all editions alike. Nothing of the tree is run: what it asks
 * the compiler is answered from the profile, or the one that ships.
 */
export function treeOptions(tree: string, profile?: ToolchainProfile): OptionSource {
  checkKernelTree(tree);
  const read = memo((): { kconfig: Kconfig; version: string } => {
    const make = (): { kconfig: Kconfig; version: string } => ({
      kconfig: kernelKconfig(tree, { arch: 'x86', ...(profile && { profile }) }),
      version: kernelEnvironment({ tree, arch: 'x86' }).KERNELVERSION ?? '',
    });
    return readingKconfig(make, tree);
  });
  return {
    editionNames: (editions) => editions.map((edition) => edition.name),
    optionsOf(edition) {
      const { kconfig, version } = read('');
      const label = `${tree} (Linux ${version})`;
      if (series(version) === series(edition.kernelVersion)) return { kconfig, label };
      const note =
        `the options are those of Linux ${version}, but the edition ${edition.name} ` +
        `describes Linux ${edition.kernelVersion}`;
      return { kconfig, label, note };
    },
  };
}

/** `6.12` of `6.12.117`: within a series, options do not change. */
function series(version: string): string {
  return /^\d+\.\d+/.exec(version)?.[0] ?? version;
}

function memo<K, T>(make: (key: K) => T): (key: K) => T {
  const made = new Map<K, T>();
  return (key) => {
    let value = made.get(key);
    if (value === undefined) {
      value = make(key);
      made.set(key, value);
    }
    return value;
  };
}

/** The types the editions give a symbol, and all symbols' names. */
export class SymbolIndex {
  readonly #trees: readonly Kconfig[];

  constructor(trees: Iterable<Kconfig>) {
    this.#trees = [...new Set(trees)];
  }

  types(name: string): SymbolType[] {
    const types = new Set<SymbolType>();
    for (const kconfig of this.#trees) {
      const symbol = kconfig.symbols.get(name);
      if (symbol?.defined && symbol.type !== 'unknown') types.add(symbol.type);
    }
    return [...types];
  }

  *names(): Iterable<string> {
    const seen = new Set<string>();
    for (const kconfig of this.#trees) {
      for (const symbol of kconfig.symbols) {
        if (!symbol.defined || seen.has(symbol.name)) continue;
        seen.add(symbol.name);
        yield symbol.name;
      }
    }
  }
}
