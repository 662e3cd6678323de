import { int } from './load';
import { nameBegin, nameMask, nameRows, nameStride, names, nameTable } from './state';
import { lengthOf, sameBytes, startOf, Text, textFrom } from './text';

/** The name of a symbol. */
export function nameOf(id: i32): Text {
  const row = nameRows + id * nameStride + nameBegin;
  return textFrom(names + int(row), names + int(row + 4));
}

/** The symbol whose name, with this hash (lex/name-hash.ts), stands between two places; -1 if there is none. */
export function idAt(start: usize, end: usize, hash: u32): i32 {
  let slot = hash ^ (hash >> 15);
  for (let tries: i32 = 0; tries <= nameMask; tries++) {
    const id = int(nameTable + ((slot & nameMask) << 2));
    if (id === 0) return -1;
    const name = nameOf(id - 1);
    if (lengthOf(name) === end - start && sameBytes(startOf(name), start, end - start))
      return id - 1;
    slot++;
  }
  return -1;
}
