/**
 * Values as one character each, from zero to `max`. A value there is none of is a space: a gap is not
 * the same as nothing per second.
 */
export function spark(
  values: readonly (number | null)[],
  max: number,
  glyphs: readonly string[],
): string {
  return values
    .map((value) => {
      if (value === null) return ' ';
      const share = max > 0 ? value / max : 0;
      return glyphs[
        Math.max(0, Math.min(glyphs.length - 1, Math.ceil(share * glyphs.length) - 1))
      ]!;
    })
    .join('');
}
