/** What a hash of no characters is. */
export const HASH_START = 0;

/**
 * The hash of some characters and one more. It is turned and mixed by operators alone: V8 calls `Math.imul`, with which
 * better hashes begin, as a function, and this runs for every character of a word. Over the names of Linux it is as good.
 */
export function hashOn(hash: number, code: number): number {
  return ((hash << 7) | (hash >>> 25)) ^ code;
}

/** The hash of a name that stands in a text. */
export function hashName(text: string, start = 0, end = text.length): number {
  let hash = HASH_START;
  // Not `hashOn`: this runs for every character of a `.config`, and calls are not inlined everywhere.
  for (let i = start; i < end; i++) hash = ((hash << 7) | (hash >>> 25)) ^ text.charCodeAt(i);
  return hash;
}
