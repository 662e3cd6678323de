import type { Defines } from '../condition/parse-condition.ts';
import type { Thinner } from '../source/thin-text.ts';
import { ownReferences } from './own-references.ts';
import type { Reference, Spot } from './reference.ts';

/**
 * Mentions in a C file, whose bytes lie in the room of a thinner, without a look at most of it. Undefined if all of it
 * has to be looked at, for which it is to be read again.
 */
export function thinReferences(
  path: string,
  length: number,
  spots: readonly Spot[],
  defines: Defines,
  thinner: Thinner,
): Reference[] | undefined {
  const offsets = spots.map(({ offset }) => offset);
  const thin = thinner.thin(length, offsets);
  if (!thin) return undefined;
  const { text, places, lines } = thin;
  const moved = spots.map(({ symbol }, i) => ({ symbol, offset: places[i] as number }));
  const found = ownReferences(path, text, moved, defines);
  return found.map((one, i) => ({ ...one, line: lines[i] as number }));
}
