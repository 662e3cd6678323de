import type { Glyphs } from '../theme.ts';

/** A bar of `width` columns, a share of it full. */
export function bar(share: number, width: number, glyphs: Glyphs): string {
  const full = Math.round(Math.max(0, Math.min(1, share)) * width);
  return glyphs.barFull.repeat(full) + glyphs.barEmpty.repeat(width - full);
}
