/**
 * How many terminal columns a text takes.
 *
 * Rows are padded by our own code (one text node per row is what keeps a key press within a frame), so
 * widths must be known here. The ranges are the wide and zero-width blocks that occur in Kconfig prompts
 * and paths; ambiguous-width characters count as one column, as terminals outside CJK locales draw them.
 */

/** First and last code point of blocks drawn two columns wide. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

/** First and last code point of blocks that add nothing to the width: combining marks and joiners. */
const ZERO: readonly (readonly [number, number])[] = [
  [0x0300, 0x036f],
  [0x200b, 0x200f],
  [0x2060, 0x2064],
  [0x20d0, 0x20ff],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
];

/** Columns one code point takes. Control characters count as one: {@link clean} shows them as `?`. */
export function codePointWidth(code: number): 0 | 1 | 2 {
  if (code < 0x300) return 1;
  if (within(ZERO, code)) return 0;
  return within(WIDE, code) ? 2 : 1;
}

/** Columns a text takes on one line. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += codePointWidth(character.codePointAt(0)!);
  return width;
}

/** The text with control characters shown as `?`: an option's value must not be able to drive the terminal. */
export function clean(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}

function within(ranges: readonly (readonly [number, number])[], code: number): boolean {
  return ranges.some(([first, last]) => code >= first && code <= last);
}
