const UNITS = ['', 'k', 'M', 'G', 'T', 'P'] as const;

/** A number in three significant digits with a decimal unit: `999`, `1.23M`, `45.6k`. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '-';
  let scaled = Math.abs(value);
  let unit = 0;
  // 999.5 would print as 1000: it belongs to the next unit.
  while (scaled >= 999.5 && unit < UNITS.length - 1) {
    scaled /= 1000;
    unit++;
  }
  const sign = value < 0 ? '-' : '';
  const digits = scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
  const text = unit === 0 && Number.isInteger(value) ? String(scaled) : trimZeros(scaled, digits);
  return sign + text + UNITS[unit];
}

/** A time given in nanoseconds: `883 ns`, `1.13 us`, `2.5 ms`. */
export function duration(nanoseconds: number): string {
  const units = ['ns', 'us', 'ms', 's'] as const;
  let value = nanoseconds;
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${short(value)} ${units[unit]}`;
}

/** A share as a percentage with one decimal: `0.4%`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** A whole number in groups of three, every digit kept: counts are compared digit by digit. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 cell`, `2 cells`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function trimZeros(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
