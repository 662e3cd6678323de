import type { Binding } from '../keys/binding.ts';
import type { EDITS } from '../text/edit-line.ts';

/** The keys of a shell's line editor, as bindings of the commands `<kind>:<edit>`. */
export function editBindings(kind: string, edits: readonly (keyof typeof EDITS)[]): Binding[] {
  return edits.map((edit) => ({
    command: `${kind}:${edit}`,
    ...KEYS[edit],
    group: 'In a dialog' as const,
  }));
}

const KEYS: Readonly<Record<keyof typeof EDITS, Pick<Binding, 'keys' | 'label' | 'help'>>> = {
  left: { keys: ['left', 'ctrl+b'], label: 'left', help: 'one character left' },
  right: { keys: ['right', 'ctrl+f'], label: 'right', help: 'one character right' },
  home: { keys: ['home', 'ctrl+a'], label: 'start', help: 'to the start of the line' },
  end: { keys: ['end', 'ctrl+e'], label: 'end', help: 'to the end of the line' },
  erase: { keys: ['backspace'], label: 'erase', help: 'erase the character before' },
  delete: { keys: ['delete', 'ctrl+d'], label: 'delete', help: 'erase the character here' },
  'erase-word': { keys: ['ctrl+w'], label: 'erase word', help: 'erase the word before' },
  'erase-before': { keys: ['ctrl+u'], label: 'erase line', help: 'erase all before' },
  'erase-after': { keys: ['ctrl+k'], label: 'erase rest', help: 'erase all after' },
};
