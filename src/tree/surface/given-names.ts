import { readMakefile } from '../kbuild/makefile.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { mayHold } from './answers.ts';
import type { Values } from './condition-number.ts';

const GIVEN = /-D\s*["']?([A-Za-z_]\w*)/g;

/** A list whose name says by which option its flags are given. */
const BY_OPTION = /^\s*[\w-]+-\$[({]CONFIG_(\w+)[)}]\s*[:+?]?=/;

/** Flags of other builds than that of C: of modules, assembly, linker scripts, programs that run where the kernel is built. */
const OF_OTHERS =
  /^\s*(?:export\s+)?(?:\w*_MODULE|\w*AFLAGS\w*|asflags-\S+|[\w.-]*\.lds|cppflags-\S+|\w*HOST\w*|\w*USER\w*)\s*[:+?]?=/;

/**
 * Names that Makefiles may have the compiler define (`ccflags-y += -DDEBUG`) for the files of a folder: its own Makefile
 * and those above, and that of the architecture. For which files a flag is, and whether make comes to it, is not looked at.
 */
export class GivenNames {
  readonly #tree: SourceTree;
  readonly #arch: string;
  readonly #values: Values;
  readonly #folders = new Map<string, ReadonlySet<string>>();

  constructor(tree: SourceTree, arch: string, values: Values) {
    this.#tree = tree;
    this.#arch = arch;
    this.#values = values;
  }

  /** Those for the files of a folder. */
  of(folder: string): ReadonlySet<string> {
    let names = this.#folders.get(folder);
    if (!names) {
      const slash = folder.lastIndexOf('/');
      const above =
        folder === ''
          ? this.#in(`arch/${this.#arch}`)
          : this.of(folder.slice(0, Math.max(0, slash)));
      names = new Set([...above, ...this.#in(folder)]);
      this.#folders.set(folder, names);
    }
    return names;
  }

  #in(folder: string): string[] {
    return ['Makefile', 'Kbuild'].flatMap((name) => {
      const path = folder === '' ? name : `${folder}/${name}`;
      const text = this.#tree.has(path) ? (this.#tree.text(path) ?? '') : '';
      return text.includes('-D') ? this.#named(text) : [];
    });
  }

  #named(text: string): string[] {
    const { at } = readMakefile(text);
    const names: string[] = [];
    let begun = '';
    for (const [i, line] of text.split('\n').entries()) {
      const code = begun + line.replace(/(^|\s)#.*$/, '');
      begun = code.endsWith('\\') ? `${code.slice(0, -1)} ` : '';
      if (begun !== '' || !code.includes('-D') || OF_OTHERS.test(code)) continue;
      const option = BY_OPTION.exec(code)?.[1];
      if (option !== undefined && /^n?$/.test(this.#values(option) ?? '')) continue;
      if (!mayHold(at(i + 1), this.#values)) continue;
      for (const [, name] of code.matchAll(GIVEN)) names.push(name as string);
    }
    return names;
  }
}
