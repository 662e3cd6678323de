import type { KeyName } from './decode.ts';

const NAMED: readonly KeyName[] = [
  'space',
  'enter',
  'escape',
  'tab',
  'shift+tab',
  'backspace',
  'delete',
  'insert',
  'up',
  'down',
  'left',
  'right',
  'home',
  'end',
  'pageup',
  'pagedown',
  ...Array.from({ length: 12 }, (_, index) => `f${index + 1}`),
];

/** Modifiers that keys without a character may have. */
const MODIFIED = ['ctrl', 'shift', 'alt', 'alt+ctrl', 'ctrl+shift', 'alt+shift'];

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => `ctrl+${letter}`);

/** Names of keys that are not just the character they send. */
export const KEY_NAMES: readonly KeyName[] = [...NAMED, ...LETTERS, 'ctrl+space'];

/**
 * The key a user means by a word: a name, a character, a name with modifiers. `null` if no terminal sends
 * such a key: Ctrl-I is Tab and Ctrl-M is Enter there.
 */
export function keyNamed(word: string): KeyName | null {
  if ([...word].length === 1) return word === ' ' ? 'space' : word;
  const lower = word.toLowerCase();
  if (['ctrl+i', 'ctrl+m', 'ctrl+j', 'ctrl+h', 'ctrl+['].includes(lower)) return null;
  if (KEY_NAMES.includes(lower)) return lower;
  const at = lower.lastIndexOf('+');
  const modifier = MODIFIED.find((one) => one === lower.slice(0, at));
  const key = lower.slice(at + 1);
  return modifier && NAMED.includes(key) && key.length > 1 ? lower : null;
}
