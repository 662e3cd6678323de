import { and, type Formula } from '../condition/formula.ts';
import { byBytes } from '../scan/list-files.ts';
import { type ThreadOptions, Threads } from '../scan/threads.ts';
import { conditionals } from '../source/conditionals.ts';
import { declarations } from '../source/declarations.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { stripComments } from '../source/strip.ts';
import { isCompiled } from '../surface/built.ts';
import {
  type ExportCall,
  ExportMacros,
  type ExportTerms,
  exportCalls,
  homeNamespace,
} from './exports.ts';

/** A place that defines a name for the linker, or exports it to modules. */
export interface LinkSite extends ExportTerms {
  readonly kind: 'definition' | 'export';
  readonly file: string;
  readonly line: number;
  /** What it takes for it to be built. */
  readonly condition: Formula;
}

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
  const files = tree.index.files.filter(
    (path) => /\.[cS]$/.test(path) && isCompiled(path, arch) && tree.kbuild.isFor(path, arch),
  );
  const macros = new ExportMacros(
    tree,
    tree.index.files.filter((path) => isCompiled(path, arch)),
  );
  const threads = new Threads(options);
  try {
    const parts = await threads.words(tree.root, files, names);
    const hits = parts
      .flatMap((part) => part.found)
      .map(([file, list]) => ({
        path: files[file] as string,
        names: list.map((word) => names[word] as string),
      }))
      .sort((a, b) => byBytes(a.path, b.path));
    const read = hits.map((hit) => readNames(tree, hit.path, hit.names));
    await macros.learn(
      read.flatMap(({ calls }) => calls),
      threads,
    );
    for (const one of read) sitesIn(tree, one, macros, found);
  } finally {
    await threads.end();
  }
  return found;
}

/** A file in which some names stand, with what it exports of them. */
interface NamesIn {
  readonly path: string;
  readonly names: readonly string[];
  readonly calls: readonly ExportCall[];
  /** The namespace its exports are in unless they say otherwise. */
  readonly home: string | undefined;
  /** May it define some of them. */
  readonly perhaps: boolean;
}

function readNames(tree: SourceTree, path: string, names: readonly string[]): NamesIn {
  const text = tree.text(path) ?? '';
  const perhaps = path.endsWith('.c') && definesSome(text, names);
  return { path, names, perhaps, ...exportsIn(tree, path, text, names) };
}

function exportsIn(
  tree: SourceTree,
  path: string,
  text: string,
  names: readonly string[],
): Pick<NamesIn, 'calls' | 'home'> {
  // Comments are taken away where one of the names may be exported: most files export others.
  if (!exportsSome(text, new Set(names))) return { calls: [], home: undefined };
  const code = stripComments(text);
  const calls = exportCalls(code).filter(({ name }) => names.includes(name));
  const beside = `${path.slice(0, path.lastIndexOf('/') + 1)}Makefile`;
  return { calls, home: calls.length > 0 ? homeNamespace(code, tree.text(beside)) : undefined };
}

function sitesIn(
  tree: SourceTree,
  { path: file, names, calls, home, perhaps }: NamesIn,
  macros: ExportMacros,
  into: Map<string, LinkSite[]>,
): void {
  if (calls.length === 0 && !perhaps) return;
  const text = tree.text(file);
  if (text === undefined) return;
  const wanted = new Set(names);
  const { at, lines } = conditionals(text, tree.defines);
  const built = tree.kbuild.conditionOf(file);
  const add = (name: string, offset: number, rest: Omit<LinkSite, 'file' | 'line'>): void => {
    const line = lines.lineAt(offset);
    const condition = and(built, at(line), rest.condition);
    into.get(name)?.push({ ...rest, file, line, condition });
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
        condition: true,
      });
    }
  }
  for (const call of calls) {
    for (const terms of macros.terms(call, home)) {
      add(call.name, call.offset, { kind: 'export', ...terms });
    }
  }
}

/** What a call that exports a name takes no more than before that. */
const NEAR = 200;

/** May a file export one of these names: it stands behind such a word. */
function exportsSome(text: string, names: ReadonlySet<string>): boolean {
  for (let at = text.indexOf('EXPORT_'); at >= 0; at = text.indexOf('EXPORT_', at + 1)) {
    for (const [word] of text.slice(at, at + NEAR).matchAll(WORD)) if (names.has(word)) return true;
  }
  return false;
}

const WORD = /\w+/g;

/** May a file define one of these names: a line that is not indented has it before parentheses, or a variable's sign. */
function definesSome(text: string, names: readonly string[]): boolean {
  return names.some((name) => {
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
      const first = text[text.lastIndexOf('\n', at) + 1] as string;
      if (/[ \t#/*}]/.test(first) || /\w/.test(text[at - 1] ?? '')) continue;
      BEHIND.lastIndex = at + name.length;
      if (BEHIND.test(text)) return true;
    }
    return false;
  });
}

const BEHIND = /\s*(?:[(=;[]|(?<=\s)__)/y;
