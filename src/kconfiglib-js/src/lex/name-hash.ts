/** What a hash of no characters is: FNV-1a, 32 bits. */
export const HASH_START = 0x811c9dc5 | 0;
/** What the hash is multiplied with for each character. */
export const HASH_PRIME = 0x01000193;

/** The hash of some characters and one more. */
export function hashOn(hash: number, code: number): number {
  return Math.imul(hash ^ code, HASH_PRIME);
}

/** FNV-1a over the characters of a name that stands in a text; for ASCII names, what `conf` orders its symbols by. */
export function hashName(text: string, start = 0, end = text.length): number {
  let hash = HASH_START;
  // Not `hashOn`: this runs for every character of a `.config`, and calls are not inlined everywhere.
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), HASH_PRIME);
  return hash;
}
