/**
 * What a delta makes of some bytes: its sizes of these and of the result, then pieces that are copied and pieces that are new. Undefined if it
 * was made for others, is not whole, or the result has more than `limit` bytes. After git's patch-delta.c (patch_delta) and
 * Documentation/gitformat-pack.adoc.
 */
export function deltaApplied(base: Buffer, delta: Buffer, limit: number): Buffer | undefined {
  let at = 0;
  const size = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = delta[at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  if (size() !== base.length) return undefined;
  const wanted = size();
  if (wanted > limit) return undefined;
  const pieces: Buffer[] = [];
  let length = 0;
  while (at < delta.length && length <= wanted) {
    const code = delta[at++] as number;
    if (code === 0) return undefined;
    const number = (bits: number, first: number): number => {
      let value = 0;
      for (let i = 0; i < bits; i++)
        if (code & (first << i)) value += (delta[at++] ?? 0) * 256 ** i;
      return value;
    };
    let piece: Buffer;
    if (code < 128) {
      piece = delta.subarray(at, at + code);
      at += code;
      if (piece.length !== code) return undefined;
    } else {
      const from = number(4, 1);
      const count = number(3, 16) || 65536;
      piece = base.subarray(from, from + count);
      if (piece.length !== count) return undefined;
    }
    pieces.push(piece);
    length += piece.length;
  }
  return length === wanted ? Buffer.concat(pieces) : undefined;
}
