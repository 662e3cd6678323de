/** An option's value for readers: an undefined option is not an empty text. */
export function valueText(value: string | null): string {
  if (value === null) return 'not defined';
  return value === '' ? '""' : value;
}
