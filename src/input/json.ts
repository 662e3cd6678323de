/**
 * Write a report, a diff or a measurement as JSON: keys in the order they were built, two spaces,
 * a trailing newline.
 *
 * JSON.stringify leaves C1 controls, bidirectional overrides and line separators as they are, and a
 * terminal obeys some of them; they are written as escapes, which every reader decodes to the same text.
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}
