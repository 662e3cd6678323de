/**
 * What a terminal, a mail reader or a browser acts on instead of showing: C0 and C1 controls,
 * zero-width and bidirectional marks. Names in Kconfig files and on disks are not ours to trust.
 */
const ACTIVE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** What most texts are made of alone. */
const PLAIN = /^[ -~]*$/;

/** Text on one line with everything active in a visible form: ESC becomes `\x1b`. */
export function inert(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replace(/[\t\n\r]+/g, ' ')
    .replace(ACTIVE, (char) => {
      const hex = char.charCodeAt(0).toString(16);
      return hex.length > 2 ? `\\u${hex.padStart(4, '0')}` : `\\x${hex.padStart(2, '0')}`;
    })
    .toWellFormed();
}
