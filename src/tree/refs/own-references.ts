import { and, type Formula } from '../condition/formula.ts';
import type { Defines } from '../condition/parse-condition.ts';
import { cReferences } from './c-references.ts';
import { languageOf } from './language.ts';
import { otherReferences } from './other-references.ts';
import type { Reference, Spot } from './reference.ts';

/**
 * Mentions in one file as the file alone tells of them, one for each spot: whether Kbuild compiles it is still to be
 * added. Of `defines` only names that end in `_MODULE` are asked.
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
      ? cReferences(path, text, spots, defines)
      : otherReferences(path, text, spots, language);
  return references.map((one, i) => {
    const { offset, symbol } = spots[i] as Spot;
    return text[offset + symbol.length] === '(' ? { ...one, called: true } : one;
  });
}

/** May what Kbuild says of a file be part of the conditions in it. */
export function isBuilt(path: string): boolean {
  return languageOf(path) === 'c';
}

/** The same mention in a file that is compiled under a condition. */
export function whenBuilt(reference: Reference, built: Formula): Reference {
  if (built === true) return reference;
  const { reached, holds } = reference;
  return {
    ...reference,
    reached: and(built, reached),
    holds: holds === undefined ? undefined : and(built, holds),
  };
}
