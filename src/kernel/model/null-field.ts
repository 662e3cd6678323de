/** Which field an access through a NULL pointer meant, and at which byte address the kernel would report it. */
import type { WordStruct } from './machine/index.ts';
import type { NullField } from './machine-spec.ts';
import type { SurfaceStruct } from './surface.ts';

/**
 * @param variable a routine's variable, named as the kernel names its pointers
 * @param words  distance of the access from 0, in words of the model
 * @param pointed what variables of which name point to
 * @param structs byte layouts
 */
export function nullField(
  variable: string,
  words: number,
  pointed: Readonly<Record<string, WordStruct>>,
  structs: readonly SurfaceStruct[],
): NullField | undefined {
  const struct = Object.hasOwn(pointed, variable) ? pointed[variable] : undefined;
  const word = struct?.words[words];
  if (struct === undefined || !word) return undefined;
  const [field = word, inner] = word.split('.');
  const layout = structs.find(({ name }) => name === struct.name);
  const found = layout?.fields.find(({ name }) => name === field);
  // The first member of an embedded structure lies where that begins; of others the layout does not tell.
  const first = inner === undefined || struct.words.find((w) => w.startsWith(`${field}.`)) === word;
  return { struct: struct.name, field: word, offset: found && first ? found.offset : null };
}
