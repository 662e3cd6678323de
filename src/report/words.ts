/** Whole part in groups of three, without a locale's help: `1,234,567`. */
export function grouped(value: number): string {
  const [whole = '', fraction] = String(Math.abs(value)).split('.');
  const sign = value < 0 ? '-' : '';
  const digits = /^\d+$/.test(whole) ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole;
  return `${sign}${digits}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** A share as a percentage with one decimal: 0.0123 is `1.2%`; what is not zero never reads as zero. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0005) return '<0.1%';
  if (share < 0 && share > -0.0005) return '>-0.1%';
  return `${(share * 100).toFixed(1)}%`;
}

/** `1 cell`, `3 cells`. */
export function count(n: number, one: string, many: string = `${one}s`): string {
  return `${grouped(n)} ${n === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2
    ? words.join('')
    : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** `3` or `3 to 7`. */
export function range(values: readonly number[]): string {
  const least = Math.min(...values);
  const most = Math.max(...values);
  return least === most ? grouped(least) : `${grouped(least)} to ${grouped(most)}`;
}

/** A change in bytes with its sign: `+16`, `-8`, `0`. */
export function signed(value: number): string {
  return value > 0 ? `+${grouped(value)}` : grouped(value);
}

/** The part of a cell's id after its edition; the edition itself where there is nothing after it. */
export function axesLabel(id: string): string {
  const colon = id.indexOf(':');
  return colon < 0 || colon === id.length - 1 ? id : id.slice(colon + 1);
}
