/**
 * How many terminal columns a text takes.
 *
 * Lines are cut and padded by our own code, so widths must be known here. Ambiguous-width characters
 * count as one column, as terminals outside CJK locales draw them. Nearly everything on the screen is
 * ASCII, which is looked at as a whole and not by character.
 */

/** First and last code point of blocks drawn two columns wide (Unicode's East_Asian_Width W and F). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

/** Emoji that terminals draw as pictures of their own accord are wide, wherever their block is. */
const PICTURE = /^\p{Emoji_Presentation}$/u;

/** Combining marks, joiners and whatever else is drawn into the character before it or not at all. */
const ZERO = /^[\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}]$/u;

const ASCII = /^[\u0020-\u007e]*$/;

/** Widths of the code points that were asked for. */
const known = new Map<number, 0 | 1 | 2>();

/** Columns one code point takes. Control characters count as one: {@link clean} shows them as `?`. */
export function codePointWidth(code: number): 0 | 1 | 2 {
  if (code < 0x300) return 1;
  let width = known.get(code);
  if (width === undefined) known.set(code, (width = lookUp(code)));
  return width;
}

/** Columns a text takes on one line. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += codePointWidth(character.codePointAt(0)!);
  return width;
}

/**
 * The text with control characters shown as `?`: an option's value must not be able to drive the
 * terminal, nor to turn round the order in which it is read.
 */
export function clean(text: string): string {
  return ASCII.test(text) ? text : text.replace(CONTROL, '?');
}

/** Control characters, separators of lines, and what changes the direction of writing. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

function lookUp(code: number): 0 | 1 | 2 {
  const character = String.fromCodePoint(code);
  if (ZERO.test(character)) return 0;
  const wide = WIDE.some(([first, last]) => code >= first && code <= last);
  return wide || PICTURE.test(character) ? 2 : 1;
}
