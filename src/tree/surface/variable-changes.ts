import type { Written } from './items.ts';

/** A declaration that is no longer is told whole. */
const WHOLE = 120;
/** Of a longer one what differs is told, with so much before it, and so much in all. */
const BEFORE = 24;
const MOST = 160;

/** What a variable is declared as on each side: of long initializers only where they differ. */
export function variableTexts(
  left: Written | undefined,
  right: Written | undefined,
): { left: string | null; right: string | null } {
  if (!left || !right) {
    return { left: left ? headOf(left.text) : null, right: right ? headOf(right.text) : null };
  }
  const [l, r] = [left.text, right.text];
  if (l.length <= WHOLE && r.length <= WHOLE) return { left: l, right: r };
  const shorter = Math.min(l.length, r.length);
  let same = 0;
  while (same < shorter && l[same] === r[same]) same++;
  let behind = 0;
  while (behind < shorter - same && l.at(-1 - behind) === r.at(-1 - behind)) behind++;
  return { left: partOf(l, same, behind), right: partOf(r, same, behind) };
}

/** A declaration without a long initializer. */
function headOf(text: string): string {
  if (text.length <= WHOLE) return text;
  const equals = text.indexOf('=');
  return `${text.slice(0, equals < 0 ? WHOLE : Math.min(equals + 1, WHOLE))}...`;
}

function partOf(text: string, same: number, behind: number): string {
  // Not from the middle of a word.
  let from = Math.max(0, same - BEFORE);
  while (from > 0 && from < same && /\w/.test(text[from - 1] as string)) from++;
  let to = text.length - behind;
  while (to < text.length && /\w/.test(text[to] as string)) to++;
  const cut = to - from > MOST ? from + MOST : to;
  return `${from > 0 ? '...' : ''}${text.slice(from, cut)}${cut < text.length ? '...' : ''}`;
}
