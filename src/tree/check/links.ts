import { and, type Formula } from '../condition/formula.ts';
import { byBytes } from '../scan/list-files.ts';
import { type ThreadOptions, Threads } from '../scan/threads.ts';
import { conditionals } from '../source/conditionals.ts';
import { declarations } from '../source/declarations.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { stripComments } from '../source/strip.ts';
import { isCompiled } from '../surface/surface.ts';

/** A place that defines a name for the linker, or exports it to modules. */
export interface LinkSite {
  readonly kind: 'definition' | 'export';
  readonly file: string;
  readonly line: number;
  /** What it takes for it to be built. */
  readonly condition: Formula;
  /** Of an export: only for modules whose license is compatible with the GPL. */
  readonly gpl: boolean;
  /** Of an export: the namespace a module has to import. */
  readonly namespace: string | undefined;
}

/** Macros that export (include/linux/export.h, percpu-defs.h, tracepoint.h). */
const EXPORTS = ['', '_GPL', '_NS', '_NS_GPL'].map((end) => `EXPORT_SYMBOL${end}`);
const OTHER_EXPORTS = ['PER_CPU', 'TRACEPOINT'].flatMap((what) => [
  `EXPORT_${what}_SYMBOL`,
  `EXPORT_${what}_SYMBOL_GPL`,
]);

const EXPORT =
  /\bEXPORT_(?:(?:PER_CPU|TRACEPOINT)_)?SYMBOL(_NS)?(_GPL)?\s*\(\s*(\w+)\s*(?:,\s*"?(\w+)"?\s*)?\)/g;

/**
 * Where names are defined and exported, in the files an architecture compiles. Names that macros or assembler make have
 * no definition here, only an export, or nothing at all.
 */
export async function linkSites(
  tree: SourceTree,
  names: readonly string[],
  arch: string,
  options: ThreadOptions = {},
): Promise<Map<string, LinkSite[]>> {
  const found = new Map<string, LinkSite[]>(names.map((name) => [name, []]));
  if (names.length === 0) return found;
  const files = tree.index.files.filter((path) => /\.[cS]$/.test(path) && isCompiled(path, arch));
  const words = [...names, ...EXPORTS, ...OTHER_EXPORTS];
  const threads = new Threads(options);
  try {
    const parts = await threads.words(tree.root, files, words);
    const hits = parts
      .flatMap((part) => part.found)
      .filter(([, list]) => list.some((word) => word < names.length))
      .map(([file, list]) => ({
        path: files[file] as string,
        names: list.filter((word) => word < names.length).map((word) => names[word] as string),
      }))
      .sort((a, b) => byBytes(a.path, b.path));
    for (const { path, names: here } of hits) sitesIn(tree, path, here, found);
  } finally {
    await threads.end();
  }
  return found;
}

function sitesIn(
  tree: SourceTree,
  file: string,
  names: readonly string[],
  into: Map<string, LinkSite[]>,
): void {
  const text = tree.text(file);
  if (text === undefined) return;
  const wanted = new Set(names);
  const exported = text.includes('EXPORT_')
    ? [...stripComments(text).matchAll(EXPORT)].filter((one) => wanted.has(one[3] as string))
    : [];
  const perhaps = file.endsWith('.c') && definesSome(text, names);
  if (exported.length === 0 && !perhaps) return;
  const { at, lines } = conditionals(text, tree.defines);
  const built = tree.kbuild.conditionOf(file);
  const add = (
    name: string,
    offset: number,
    rest: Pick<LinkSite, 'kind' | 'gpl' | 'namespace'>,
  ): void => {
    const line = lines.lineAt(offset);
    into.get(name)?.push({ ...rest, file, line, condition: and(built, at(line)) });
  };
  if (perhaps) {
    for (const { kind, name, start, bodyStart } of declarations(text).list) {
      if (!wanted.has(name) || (kind !== 'function' && kind !== 'variable')) continue;
      const head = text.slice(start, bodyStart);
      if (/\bextern\b|\bstatic\b/.test(head)) continue;
      add(name, text.indexOf(name, start), {
        kind: 'definition',
        gpl: false,
        namespace: undefined,
      });
    }
  }
  for (const one of exported) {
    const [, namespaced, gpl, name, namespace] = one;
    add(name as string, one.index, {
      kind: 'export',
      gpl: gpl !== undefined,
      namespace: namespaced === undefined ? undefined : namespace,
    });
  }
}

/** May a file define one of these names: a line that is not indented has it before parentheses, or a variable's sign. */
function definesSome(text: string, names: readonly string[]): boolean {
  return new RegExp(`^(?![ \\t#/*}]).*\\b(?:${names.join('|')})\\b\\s*(?:[(=;[]|__)`, 'm').test(
    text,
  );
}
