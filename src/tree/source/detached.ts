/**
 * The same text on its own: what is cut out of a text keeps all of that alive. One unit per byte, as texts of files have
 * here.
 */
export function detached(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** The same of a text that may not be there. */
export function detachedOr(text: string | null): string | null {
  return text === null ? null : detached(text);
}
