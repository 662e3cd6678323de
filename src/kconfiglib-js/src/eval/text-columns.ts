/** Texts in UTF-8, one behind the other, and where each begins; the last place is where all end. */
export function textColumns(texts: readonly string[]): { bytes: Uint8Array; start: Int32Array } {
  const all = texts.join('');
  const bytes = Buffer.from(all);
  const narrow = bytes.length === all.length;
  const start = new Int32Array(texts.length + 1);
  for (const [i, text] of texts.entries())
    start[i + 1] = (start[i] as number) + (narrow ? text.length : Buffer.byteLength(text));
  return { bytes, start };
}
