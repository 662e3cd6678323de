import type { Conventions } from './conventions.ts';
import { embeddedKconfig, PROBER, probed } from './embedded.ts';
import { HIT } from './hits.ts';
import type { HitsOfFiles } from './hits-of-files.ts';
import { kconfigHits } from './kconfig-hits.ts';
import { PREFIX } from './prefix-finder.ts';
import { isMakefile } from './what-file.ts';

/** Finds what the conventions of a project mention in files that are no Kconfig files. */
export class ConventionFinder {
  readonly #conventions: Conventions;
  /** Each match ends with the name of an option, which is its first group; a match of a macro's name alone has none. */
  readonly #sure: RegExp | undefined;
  /** The same for what names much else. */
  readonly #perhaps: RegExp | undefined;
  readonly #bare: RegExp | undefined;

  constructor(conventions: Conventions) {
    this.#conventions = conventions;
    const { macros, affixes, phases, bare } = conventions;
    const sure = affixes.filter(({ before }) => /[A-Za-z]/.test(before));
    const perhaps = affixes.filter((one) => !sure.includes(one));
    this.#sure = oneOf([
      ...(macros.length > 0 ? [`(?:${macros.join('|')})\\b(?:[ \\t]*\\(\\s*(\\w+)\\b)?`] : []),
      ...(phases.length > 0 ? [`${PREFIX}\\$[({]\\w+_[)}](\\w+)`] : []),
      ...sure.map(affixPattern),
    ]);
    this.#perhaps = oneOf(perhaps.map(affixPattern));
    this.#bare = bare ? /\$[({](\w+)(?=[)}])|^(?:# )?(\w+)(?==| is not set$)/gm : undefined;
  }

  /**
   * Add to the mentions of `CONFIG_X` in a file, which are those from a row on, what its other conventions mention; names
   * of macros that are handed options are none.
   */
  find(path: string, bytes: Buffer, hits: HitsOfFiles, before: number): void {
    const text = bytes.toString('latin1');
    const gone = new Set<number>();
    const all = hits.length;
    for (const match of this.#sure ? text.matchAll(this.#sure) : []) {
      if (match[0].startsWith(PREFIX)) gone.add(match.index + PREFIX.length);
      take(match, HIT.CONVENTION, hits);
    }
    for (const match of this.#perhaps ? text.matchAll(this.#perhaps) : []) {
      take(match, HIT.PERHAPS, hits);
    }
    if (this.#bare && (isMakefile(path) || /config/.test(path))) {
      for (const match of text.matchAll(this.#bare)) take(match, HIT.PERHAPS, hits);
    }
    const embedded = path.endsWith('.c') && embeddedKconfig(this.#conventions, text);
    if (embedded) kconfigHits(Buffer.from(embedded, 'latin1'), text.length, hits);
    if (this.#conventions.embedded.stanzas && path.endsWith(PROBER)) {
      for (const { name, offset } of probed(text)) {
        addName(name, offset, HIT.DEFINES, hits);
      }
    }
    if (gone.size > 0 || hits.length > all) hits.arrange(before, gone);
  }
}

/** A name is no part of a longer one, unless it is a `-D` of a compiler's command line. */
function oneOf(patterns: readonly string[]): RegExp | undefined {
  return patterns.length === 0
    ? undefined
    : new RegExp(`(?<=\\b|-D)(?:${patterns.join('|')})`, 'g');
}

function affixPattern({ before, after, called }: Conventions['affixes'][number]): string {
  const behind = called ? '(?=\\()' : '\\b';
  return after === '' ? `${before}(\\w+)${behind}` : `${before}(\\w+?)(?=${after}${behind})`;
}

function take(match: RegExpMatchArray, kind: number, hits: HitsOfFiles): void {
  const name = match.slice(1).find((one) => one !== undefined);
  // Whoever hands on a prefix has it found anyway; names of options are told as those behind it are.
  if (name === undefined || name.startsWith(PREFIX) || name.endsWith('_')) return;
  if (name.replace(/[^A-Z0-9]/g, '').length < 2) return;
  const end = (match.index as number) + (match[0] as string).length;
  addName(name, end - name.length, kind, hits);
}

function addName(name: string, offset: number, kind: number, hits: HitsOfFiles): void {
  const bytes = Buffer.from(name, 'latin1');
  hits.add(bytes, 0, bytes.length, offset, kind);
}
