import { and, type Formula } from '../condition/formula.ts';
import type { Threads } from '../scan/threads.ts';
import { conditionals } from '../source/conditionals.ts';
import { declarations } from '../source/declarations.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { stripComments } from '../source/strip.ts';

/** What an export says of who may use a name. */
export interface ExportTerms {
  /** Only modules whose license is compatible with the GPL. */
  readonly gpl: boolean;
  /** The namespace a module has to import; `module:a,b*` where only modules of these names may, which import nothing. */
  readonly namespace: string | undefined;
}

/** A macro as one place of a tree defines it. */
interface Definition {
  readonly parameter: string | undefined;
  readonly body: string;
  /** What it takes for the place to be compiled. */
  readonly condition: Formula;
}

/** The macros of include/linux/export.h, percpu-defs.h and tracepoint.h, whose names say what they do. */
const BASE = /^EXPORT_(?:(?:PER_CPU|TRACEPOINT)_)?SYMBOL(_NS)?(_GPL)?(_FOR_MODULES)?$/;

/** Macros that stand for each other are followed so far. */
const DEPTH = 4;

/** Where a text exports a name: the macro, and what it is given behind the name. */
export interface ExportCall {
  readonly macro: string;
  readonly name: string;
  readonly rest: string;
  readonly offset: number;
}

/** Some have a name of their own before it: `ACPI_EXPORT_SYMBOL`. */
const CALL =
  /\b((?:[A-Z0-9]+_)*EXPORT_\w+)\s*\(\s*(\w+)\s*(?:,((?:[^()"]|"[^"\n]*"|\([^()]*\))*))?\)/g;

/** All of them, in the order of the text, which is without comments. */
export function exportCalls(code: string): ExportCall[] {
  return [...code.matchAll(CALL)].map(({ 1: macro, 2: name, 3: rest, index }) => ({
    macro: macro as string,
    name: name as string,
    rest: (rest ?? '').trim(),
    offset: index,
  }));
}

/** Reads exports by what the tree defines their macros as. */
export class ExportMacros {
  readonly #tree: SourceTree;
  readonly #files: readonly string[];
  readonly #known = new Map<string, readonly Definition[]>();

  /** `files` are those that may define macros. */
  constructor(tree: SourceTree, files: readonly string[]) {
    this.#tree = tree;
    this.#files = files;
  }

  /** Look for the definitions of all macros these calls are made of. */
  async learn(calls: readonly ExportCall[], threads: Threads): Promise<void> {
    let wanted = calls.flatMap(({ macro, rest }) => [macro, ...stringified(rest)]);
    for (let depth = 0; depth < DEPTH; depth++) {
      const words = [...new Set(wanted)].filter((one) => !BASE.test(one) && !this.#known.has(one));
      if (words.length === 0) return;
      const found = new Map<string, Definition[]>(words.map((word) => [word, []]));
      for (const { found: files } of await threads.words(this.#tree.root, this.#files, words)) {
        for (const [file] of files) this.#define(this.#files[file] as string, found);
      }
      for (const [word, list] of found) this.#known.set(word, list);
      wanted = [...found.values()].flatMap((list) =>
        list.flatMap(({ body }) =>
          exportCalls(body).flatMap(({ macro, rest }) => [macro, ...stringified(rest)]),
        ),
      );
    }
  }

  #define(path: string, into: ReadonlyMap<string, Definition[]>): void {
    const text = this.#tree.text(path);
    if (text === undefined) return;
    const own = declarations(text).list.filter(
      ({ kind, name }) => kind === 'macro' && into.has(name),
    );
    if (own.length === 0) return;
    const code = stripComments(text);
    const { at, lines } = conditionals(text, this.#tree.defines);
    for (const { name, start, bodyStart, end } of own) {
      const [, parameter, body] = /^(?:\(\s*(\w*)[^)]*\))?([\s\S]*)$/.exec(
        code.slice(bodyStart, end).replaceAll('\\\n', ' '),
      ) as unknown as [string, string | undefined, string];
      into.get(name)?.push({ parameter, body: body.trim(), condition: at(lines.lineAt(start)) });
    }
  }

  /** What an export comes to, and what that takes; nothing where it exports nothing. */
  terms(
    call: ExportCall,
    home: string | undefined,
    depth = 0,
  ): (ExportTerms & { condition: Formula })[] {
    const base = BASE.exec(call.macro);
    if (base) return this.#basic(base, call.rest, home);
    if (depth >= DEPTH) return [];
    return (this.#known.get(call.macro) ?? []).flatMap(({ parameter, body, condition }) =>
      exportCalls(body)
        .filter(({ name }) => name === parameter)
        .flatMap((inner) => this.terms(inner, home, depth + 1))
        .map((one) => ({ ...one, condition: and(condition, one.condition) })),
    );
  }

  #basic(
    [, named, gpl, modules]: RegExpExecArray,
    rest: string,
    home: string | undefined,
  ): (ExportTerms & { condition: Formula })[] {
    if (modules !== undefined) {
      return this.#texts(rest).map(({ text, condition }) => ({
        gpl: true,
        namespace: `${MODULES}${text}`,
        condition,
      }));
    }
    const namespace = named === undefined ? home : plain(rest);
    return [{ gpl: gpl !== undefined, namespace, condition: true }];
  }

  /** What texts beside each other may come to: `"kvm," __stringify(SUB_MODULES)`. */
  #texts(written: string): { text: string; condition: Formula }[] {
    let all: { text: string; condition: Formula }[] = [{ text: '', condition: true }];
    for (const [part, name] of written.matchAll(/__stringify\s*\(\s*(\w+)\s*\)|"[^"]*"|\w+/g)) {
      const values = (name === undefined ? undefined : this.#known.get(name)) ?? [];
      const ways =
        values.length > 0
          ? values.map(({ body, condition }) => ({ text: body, condition }))
          : [{ text: name ?? plain(part) ?? '', condition: true as Formula }];
      all = all.flatMap((before) =>
        ways.map((way) => ({
          text: before.text + way.text,
          condition: and(before.condition, way.condition),
        })),
      );
    }
    return all;
  }
}

/** Beginning of the namespace of what is exported to some modules only (kernel/module/main.c, verify_module_namespace). */
const MODULES = 'module:';

/** The modules a namespace is for, `x*` for all that begin so; undefined where it is one to import. */
export function modulesOf(namespace: string): readonly string[] | undefined {
  return namespace.startsWith(MODULES) ? namespace.slice(MODULES.length).split(',') : undefined;
}

/** Is a module one of these (verify_module_namespace: `-` and `_` are the same, and a star ends a pattern). */
export function isAmong(name: string, patterns: readonly string[]): boolean {
  const same = (text: string): string => text.trim().replaceAll('-', '_');
  return patterns.some((pattern) =>
    pattern.endsWith('*')
      ? same(name).startsWith(same(pattern.slice(0, -1)))
      : same(name) === same(pattern),
  );
}

/** The namespace a file or the Makefile beside it gives to all its exports (Documentation/core-api/symbol-namespaces.rst). */
export function homeNamespace(code: string, makefile: string | undefined): string | undefined {
  const own = /^[ \t]*#[ \t]*define[ \t]+DEFAULT_SYMBOL_NAMESPACE[ \t]+(\S+)/m.exec(code)?.[1];
  const all = /-DDEFAULT_SYMBOL_NAMESPACE=(\S+)/.exec(makefile ?? '')?.[1];
  const written = own ?? all;
  return written === undefined ? undefined : plain(written);
}

function stringified(rest: string): string[] {
  return [...rest.matchAll(/__stringify\s*\(\s*(\w+)/g)].map(([, name]) => name as string);
}

/** Without quotes of any kind. */
function plain(text: string): string | undefined {
  const bare = text.replace(/["'\\]/g, '').trim();
  return bare === '' ? undefined : bare;
}
