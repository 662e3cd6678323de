import type { KeyName } from '../keys/decode.ts';

/**
 * What terminals send for keys without a character: xterm and what imitates it, rxvt, the Linux console,
 * screen and tmux. Final letters of `CSI` and `SS3` sequences first, then the numbers before `~`.
 */
const LETTERS: Readonly<Record<string, KeyName>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  E: 'begin',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  Z: 'shift+tab',
  // The keypad in application mode.
  M: 'enter',
};

const NUMBERS: Readonly<Record<number, KeyName>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
};

/** Modifiers as xterm numbers them, less one: a bit each. */
const MODIFIERS = ['shift', 'alt', 'ctrl'] as const;

/** The key of `CSI <text>`, e.g. `A`, `5~`, `1;5C`; `null` for what is no key, such as replies. */
export function csiKey(text: string): KeyName | null {
  // The Linux console's function keys.
  const linux = /^\[([A-E])$/.exec(text);
  if (linux) return `f${linux[1]!.charCodeAt(0) - 64}`;
  const parts = /^(\d*)(?:;(\d+))?([A-Z~$^])$/.exec(text);
  if (!parts) return null;
  const [, number = '', modifier, final = ''] = parts;
  // `CSI <row>;<column>R` tells where the cursor is, but `CSI 1;<modifier>R` is a key.
  if (final === 'M' || (number !== '' && number !== '1' && /[A-Z]/.test(final))) return null;
  const key = /[A-Z]/.test(final) ? LETTERS[final] : NUMBERS[Number(number)];
  if (key === undefined) return null;
  const rxvt = final === '$' ? 2 : final === '^' ? 5 : 1;
  return modified(key, modifier === undefined ? rxvt : Number(modifier));
}

/** The key of `SS3 <letter>`. */
export function ss3Key(letter: string): KeyName | null {
  return LETTERS[letter] ?? null;
}

/** A key with modifiers: `ctrl+left`. */
function modified(key: KeyName, code: number): KeyName {
  const held = MODIFIERS.filter((_, bit) => ((code - 1) >> bit) & 1);
  if (key === 'shift+tab') return key;
  return [...held.toReversed(), key].join('+');
}

/** A mouse report `CSI < button ; column ; row` that ends in `M` (pressed) or `m` (let go); `null` if none. */
export function mouseReport(
  text: string,
): { button: number; column: number; row: number; pressed: boolean } | null {
  const parts = /^<(\d+);(\d+);(\d+)([Mm])$/.exec(text);
  if (!parts) return null;
  const [button, column, row] = [1, 2, 3].map((index) => Number(parts[index]));
  return { button: button!, column: column! - 1, row: row! - 1, pressed: parts[4] === 'M' };
}
