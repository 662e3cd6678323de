import { readFileSync, statSync } from 'node:fs';

/** A name made of an option's that stands for its value: `ENABLE_X`, `IF_X(…)`, `__UCLIBC_HAS_X__` of the option UCLIBC_HAS_X. */
export interface Affix {
  readonly before: string;
  readonly after: string;
  /** It is handed arguments, which it gives or leaves out. */
  readonly called: boolean;
  /** It is defined for options that are off, too: as 0, or as nothing. */
  readonly always: boolean;
}

/** Where C files hold statements of other languages: lines that begin so, or a stanza from `config X` to the end of a comment. */
export interface Embedded {
  readonly kconfig?: string;
  readonly makefile?: string;
  readonly stanzas?: true;
}

/** How a project mentions options besides `CONFIG_X`. */
export interface Conventions {
  /** Macros whose first argument is an option without its prefix: `CONFIG` of coreboot, `CONFIG_IS_ENABLED` of U-Boot. */
  readonly macros: readonly string[];
  /** What the macros put before the option in other builds of the same sources: `SPL_`, `TPL_`. Sorted. */
  readonly phases: readonly string[];
  readonly affixes: readonly Affix[];
  /** Makefiles and `.config` name options without any prefix. */
  readonly bare: boolean;
  /** What a part of the sources writes behind `CONFIG_` before an option of its own: `LP_` of libpayload. */
  readonly prefixes: readonly string[];
  readonly embedded: Embedded;
}

/** Where conventions are told. */
export type ReadText = (path: string) => string | undefined;

/**
 * Headers that define macros of option names by pasting `CONFIG_` (kconfig.h of Linux, which pastes nothing, U-Boot and
 * barebox; of coreboot).
 */
const HEADERS = ['include/linux/kconfig.h', 'src/include/kconfig.h'];

/**
 * What writes the header of a configuration: BusyBox's `conf_write`, toybox's scripts/make.sh, and uClibc-ng's
 * extra/scripts/conf-header.sh, the latter two by sed.
 */
const WRITERS = ['scripts/kconfig/confdata.c', 'scripts/make.sh', 'extra/scripts/conf-header.sh'];

/** What takes statements out of C files: `sed -n 's@^//config:@@p'` of BusyBox, `/^config [A-Z]/,$p` of toybox. */
const EXTRACTORS = ['scripts/gen_build_files.sh', 'scripts/genconfig.sh'];

/** Where uClibc-ng builds its `conf` with an empty prefix, and coreboot's libpayload tells it of another one. */
const PREFIX_MAKEFILES = ['extra/config/Makefile', 'payloads/libpayload/Makefile'];

const NONE: Conventions = {
  macros: [],
  phases: [],
  affixes: [],
  bare: false,
  prefixes: [],
  embedded: {},
};

/** What the sources of a project tell of its conventions; undefined if it has no more than Linux. */
export function conventionsOf(read: ReadText): Conventions | undefined {
  const all = (paths: readonly string[]): string =>
    paths.map((path) => read(path) ?? '').join('\n');
  const makefiles = all(PREFIX_MAKEFILES);
  const prefix = /^[ \t]*export[ \t]+CONFIG_[ \t]*:?=[ \t]*CONFIG_(\w+_)[ \t]*$/m.exec(
    makefiles,
  )?.[1];
  const found = {
    ...macrosOf(all(HEADERS)),
    affixes: affixesOf(all(WRITERS)),
    bare: /-DCONFIG_='""'/.test(makefiles),
    prefixes: prefix === undefined ? [] : [prefix],
    embedded: embeddedOf(all(EXTRACTORS)),
  };
  return JSON.stringify({ ...NONE, ...found }) === JSON.stringify(NONE) ? undefined : found;
}

/** An option a macro or name stands for, in a build that puts nothing before it, and that name with what others put. */
export function variants(conventions: Conventions | undefined, symbol: string): string[] {
  return [symbol, ...(conventions?.phases ?? []).map((phase) => phase + symbol)];
}

/** The same of a folder on disk. */
export function conventionsAt(root: string): Conventions | undefined {
  return conventionsOf((path) => {
    const file = `${root}/${path}`;
    // An error takes longer to make than a question.
    const found = statSync(file, { throwIfNoEntry: false });
    if (!found?.isFile() || found.size > MOST) return undefined;
    try {
      return readFileSync(file, 'latin1');
    } catch {
      return undefined;
    }
  });
}

/** None of these files is as large. */
const MOST = 1 << 20;

/** Names made of options' by what a program or a script writes behind `#define`: `%s`, `\1` and `&` are the option. */
function affixesOf(text: string): Affix[] {
  const found = new Map<string, Affix>();
  const pattern =
    /#[ \t]*(?:define|undef)[ \t]+([A-Za-z_]\w*?_)(?:%s|\\1|&)(\w*)(\()?([^\n]?[^\n]?)/g;
  for (const [, before = '', after = '', call, rest = ''] of text.matchAll(pattern)) {
    if (before === 'CONFIG_') continue;
    const called = call !== undefined;
    const key = `${before} ${after} ${called}`;
    const always = called || rest === ' 0' || found.get(key)?.always === true;
    found.set(key, { before, after, called, always });
  }
  return [...found.values()].sort(
    (a, b) => b.before.length - a.before.length || (a.before < b.before ? -1 : 1),
  );
}

function embeddedOf(text: string): Embedded {
  const kconfig = /\bs@\^(\/\/config:)@@p/.exec(text)?.[1];
  const makefile = /\bs@\^(\/\/kbuild:)@@p/.exec(text)?.[1];
  return {
    ...(kconfig !== undefined && { kconfig }),
    ...(makefile !== undefined && { makefile }),
    ...(text.includes('/^config [A-Z]/,$p') && { stanzas: true as const }),
  };
}

/** A macro of a header: its parameters and what it stands for. */
interface Macro {
  readonly name: string;
  readonly parameters: readonly string[] | undefined;
  readonly body: string;
}

/**
 * Macros of a header that paste `CONFIG_` before a parameter, or hand it to one that does. What is pasted between are
 * names of other macros of the header, whose values are the phases.
 */
function macrosOf(text: string): Pick<Conventions, 'macros' | 'phases'> {
  if (!/\bCONFIG_\s*##/.test(text)) return { macros: [], phases: [] };
  const all = macrosIn(text);
  const option = new Set<string>();
  const phase = new Set<string>();
  const phases = new Set<string>();
  const key = ({ name }: Macro, at: number): string => `${name} ${at}`;
  for (let before = -1, n = 0; before < option.size + phase.size && n < DEEPEST; n++) {
    before = option.size + phase.size;
    for (const macro of all) {
      const { parameters, body } = macro;
      if (!parameters) continue;
      const pasted = /\bCONFIG_((?:\s*##\s*\w+)+)/.exec(body)?.[1]?.split('##') ?? [];
      const names = pasted.slice(1).map((one) => one.trim());
      if (parameters.includes(names.at(-1) ?? '')) {
        option.add(key(macro, parameters.indexOf(names.at(-1) as string)));
        for (const one of names.slice(0, -1)) {
          if (parameters.includes(one)) phase.add(key(macro, parameters.indexOf(one)));
        }
      }
      for (const { target, args } of callsIn(body, all)) {
        for (const [at, arg] of args.entries()) {
          const own = parameters.indexOf(arg);
          if (own >= 0 && option.has(key(target, at))) option.add(key(macro, own));
          if (!phase.has(key(target, at))) continue;
          if (own >= 0) phase.add(key(macro, own));
          for (const { name, parameters: none, body: value } of all) {
            if (name === arg && !none && value !== '') phases.add(value);
          }
        }
      }
    }
  }
  const macros = all.filter((one) => option.has(key(one, 0)) && /^[A-Z]/.test(one.name));
  const names = [...new Set(macros.map(({ name }) => name))];
  return { macros: names.sort(), phases: [...phases].sort() };
}

/** A header has some dozens of macros, of a line or two; what has more, or longer ones, is none that tells conventions. */
const MOST_MACROS = 500;
const LONGEST_BODY = 1000;
/** So often a macro may be handed on before it pastes. */
const DEEPEST = 16;

function macrosIn(text: string): Macro[] {
  const plain = withoutComments(text.replace(/\\\r?\n/g, ' '));
  const lines = plain.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)(?:\(([^()]*)\))?[ \t]*(.*)$/gm);
  const found = [...lines].map(([, name = '', parameters, body = '']) => ({
    name,
    parameters: parameters?.split(',').map((one) => one.trim()),
    body: body.trim(),
  }));
  return found.length > MOST_MACROS ? [] : found.filter(({ body }) => body.length <= LONGEST_BODY);
}

/** A comment that is not closed goes on to the end. */
function withoutComments(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf('/*'); at >= 0; at = text.indexOf('/*', from)) {
    parts.push(text.slice(from, at), ' ');
    const end = text.indexOf('*/', at + 2);
    from = end < 0 ? text.length : end + 2;
  }
  return parts.join('') + text.slice(from);
}

/** Calls of macros in a text; the name of one may be pasted of its beginning and something counted. */
function callsIn(body: string, all: readonly Macro[]): { target: Macro; args: string[] }[] {
  const found: { target: Macro; args: string[] }[] = [];
  for (const match of body.matchAll(/\b(\w+)\s*\(/g)) {
    const open = match.index + match[0].length;
    const args = argumentsAt(body, open);
    const targets = all.filter(({ name, parameters }) => parameters && name === match[1]);
    found.push(...targets.map((target) => ({ target, args: args.list })));
    const behind = /^\s*\(/.exec(body.slice(args.end));
    if (!behind || !args.list[0]) continue;
    const { list } = argumentsAt(body, args.end + behind[0].length);
    const pasted = all.filter(
      ({ name, parameters }) =>
        parameters && name !== args.list[0] && name.startsWith(args.list[0] as string),
    );
    found.push(...pasted.map((target) => ({ target, args: list })));
  }
  return found;
}

/** Arguments behind an open parenthesis, and where it is closed. */
function argumentsAt(text: string, open: number): { list: string[]; end: number } {
  const list: string[] = [];
  let depth = 0;
  let from = open;
  for (let at = open; at < text.length; at++) {
    const char = text[at];
    if (char === '(') depth++;
    else if (char === ',' && depth === 0) {
      list.push(text.slice(from, at).trim());
      from = at + 1;
    } else if (char === ')' && depth-- === 0) {
      return { list: [...list, text.slice(from, at).trim()], end: at + 1 };
    }
  }
  return { list, end: text.length };
}
