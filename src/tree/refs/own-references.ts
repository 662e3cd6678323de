import { and, type Formula } from '../condition/formula.ts';
import type { Defines } from '../condition/parse-condition.ts';
import { embeddedKconfig, embeddedMakefile } from '../scan/embedded.ts';
import { PREFIX } from '../scan/prefix-finder.ts';
import { cReferences } from './c-references.ts';
import { languageOf } from './language.ts';
import { otherReferences } from './other-references.ts';
import type { Reference, Spot } from './reference.ts';

/**
 * Mentions in one file as the file alone tells of them, one for each spot: whether Kbuild compiles it is still to be
 * added. Of `defines` only names that end in `_MODULE` are asked, or all where the project has conventions.
 */
export function ownReferences(
  path: string,
  text: string,
  spots: readonly Spot[],
  defines: Defines,
): Reference[] {
  const language = languageOf(path);
  const references =
    language === 'c'
      ? withEmbedded(path, text, spots, defines)
      : otherReferences(path, text, spots, language);
  return references.map((one, i) => {
    const { offset, symbol } = spots[i] as Spot;
    if (text[offset + symbol.length] !== '(' || !text.endsWith(PREFIX, offset)) return one;
    return { ...one, called: true };
  });
}

/** Mentions in a C file, and in what it holds for others: statements of Kconfig's language, lines of a Makefile. */
function withEmbedded(
  path: string,
  text: string,
  spots: readonly Spot[],
  defines: Defines,
): Reference[] {
  const own = cReferences(path, text, spots, defines);
  const { conventions } = defines;
  if (!conventions) return own;
  const kconfig = embeddedKconfig(conventions, text);
  const makefile = embeddedMakefile(conventions, text);
  return own.map((reference, i) => {
    const spot = spots[i] as Spot;
    const within = (part: string | undefined): part is string =>
      part !== undefined && part.charCodeAt(spot.offset) !== 0x20;
    // Statements of Kconfig have no prefix: a help text may.
    if (within(kconfig) && !text.endsWith(PREFIX, spot.offset))
      return extracted(otherReferences(path, kconfig, [spot], 'kconfig'));
    if (within(makefile)) return extracted(otherReferences(path, makefile, [spot], 'makefile'));
    return within(kconfig) ? extracted([reference]) : reference;
  });
}

function extracted(found: readonly Reference[]): Reference {
  return { ...(found[0] as Reference), extracted: true };
}

/** May what Kbuild says of a file be part of the conditions in it. */
export function isBuilt(path: string): boolean {
  return languageOf(path) === 'c';
}

/** The same mention in a file that is compiled under a condition. */
export function whenBuilt(reference: Reference, built: Formula): Reference {
  if (built === true || reference.extracted) return reference;
  const { reached, holds } = reference;
  return {
    ...reference,
    reached: and(built, reached),
    holds: holds === undefined ? undefined : and(built, holds),
  };
}
