import { didYouMean, inputError } from '../input/index.ts';
import { editionNamed, editions } from '../kernel/index.ts';

/** The edition of a name the user gave; another name is an input error. */
export function editionOf(name: string): (typeof editions)[number] {
  const found = editionNamed(name);
  if (found) return found;
  const names = editions.map((edition) => edition.name);
  throw inputError(
    'unknown-edition',
    `no edition is called "${name}"`,
    undefined,
    didYouMean(name, names) ?? `editions: ${names.join(', ')}`,
  );
}
