/** A key by name: a character, `space`, `enter`, `up`, `ctrl+d`, `shift+tab`. */
export type KeyName = string;

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

/** The name of a key by the character it sends. */
export function nameOfCharacter(character: string): KeyName {
  const name = CONTROL[character];
  if (name) return name;
  const code = character.codePointAt(0)!;
  return code < 0x20 ? `ctrl+${String.fromCharCode(code + 0x60)}` : character;
}

/** How a key is written in the footer and on the help screen. */
export function keyLabel(name: KeyName, ascii: boolean): string {
  const label = LABELS[name];
  if (label) return ascii ? label[1] : label[0];
  if (/^f\d+$/.test(name)) return name.toUpperCase();
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
  delete: ['Del', 'Del'],
  insert: ['Ins', 'Ins'],
};
