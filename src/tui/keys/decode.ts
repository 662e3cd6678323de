import type { Key } from 'ink';

/** A key by name: a character, `space`, `enter`, `up`, `ctrl+d`, `shift+tab`. */
export type KeyName = string;

/** The flags of Ink's key event that name a key without a character. */
const NAMED: readonly (readonly [keyof Key, KeyName])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
];

/** Control characters that are keys of their own rather than Ctrl with a letter. */
const CONTROL: Readonly<Record<string, KeyName>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  ' ': 'space',
  '\u001b': 'escape',
  '\u007f': 'backspace',
  '\b': 'backspace',
};

/**
 * The keys of one input event, in the order they were pressed.
 *
 * Keys typed ahead of a busy program arrive as one event with several characters, and an Escape followed
 * closely by a letter arrives as that letter with Alt: neither may be lost.
 */
export function decodeKeys(input: string, key: Partial<Key>): KeyName[] {
  if (key.eventType === 'release') return [];
  if (key.tab) return [key.shift ? 'shift+tab' : 'tab'];
  const named = NAMED.find(([flag]) => key[flag]);
  if (named) return [named[1]];
  if (key.ctrl && input !== '') return [`ctrl+${input === ' ' ? 'space' : input.toLowerCase()}`];
  const typed = [...input].map(nameOf);
  if (key.escape || (key.meta && typed.length > 0)) return ['escape', ...typed];
  return typed;
}

function nameOf(character: string): KeyName {
  const name = CONTROL[character];
  if (name) return name;
  const code = character.codePointAt(0)!;
  return code < 0x20 ? `ctrl+${String.fromCharCode(code + 0x60)}` : character;
}

/** How a key is written in the footer and on the help screen. */
export function keyLabel(name: KeyName, ascii: boolean): string {
  const label = LABELS[name];
  if (label) return ascii ? label[1] : label[0];
  return name.startsWith('ctrl+') ? `^${name.slice(5).toUpperCase()}` : name;
}

const LABELS: Readonly<Record<KeyName, readonly [string, string]>> = {
  up: ['↑', 'Up'],
  down: ['↓', 'Down'],
  left: ['←', 'Left'],
  right: ['→', 'Right'],
  pageup: ['PgUp', 'PgUp'],
  pagedown: ['PgDn', 'PgDn'],
  home: ['Home', 'Home'],
  end: ['End', 'End'],
  enter: ['Enter', 'Enter'],
  escape: ['Esc', 'Esc'],
  space: ['Space', 'Space'],
  tab: ['Tab', 'Tab'],
  'shift+tab': ['S-Tab', 'S-Tab'],
  backspace: ['Bksp', 'Bksp'],
};
