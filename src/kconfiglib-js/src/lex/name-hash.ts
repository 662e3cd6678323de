/** What a hash of no characters is: FNV-1a, 32 bits. */
export const HASH_START = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

/** The hash of some characters and one more. */
export function hashOn(hash: number, code: number): number {
  return Math.imul(hash ^ code, PRIME);
}

/** FNV-1a over the characters of a name that stands in a text; for ASCII names, what `conf` orders its symbols by. */
export function hashName(text: string, start = 0, end = text.length): number {
  let hash = HASH_START;
  for (let i = start; i < end; i++) hash = hashOn(hash, text.charCodeAt(i));
  return hash;
}

/** Is what stands from `start` to `end` this name, byte by byte. */
export function isName(name: string, bytes: Uint8Array, start: number, end: number): boolean {
  const { length } = name;
  if (length !== end - start) return false;
  for (let i = 0; i < length; i++) if (name.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
