/** What a hash of no characters is: FNV-1a, 32 bits. */
export const HASH_START = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

/** The hash of some characters and one more. */
export function hashOn(hash: number, code: number): number {
  return Math.imul(hash ^ code, PRIME);
}

/** FNV-1a over the characters of a name; for ASCII names, what `conf` orders its symbols by. */
export function hashName(name: string): number {
  let hash = HASH_START;
  for (let i = 0; i < name.length; i++) hash = hashOn(hash, name.charCodeAt(i));
  return hash;
}
