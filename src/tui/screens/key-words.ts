import type { Binding } from '../keys/binding.ts';

/** Keys by their names, for ears: `escape back, question mark help`. */
export function keyWords(bindings: readonly Binding[]): string {
  return bindings.map(({ keys, label }) => `${SPOKEN[keys[0]!] ?? keys[0]} ${label}`).join(', ');
}

const SPOKEN: Readonly<Record<string, string>> = {
  '?': 'question mark',
  '/': 'slash',
  ':': 'colon',
  '[': 'left bracket',
  ']': 'right bracket',
  '-': 'minus',
  '+': 'plus',
  '.': 'dot',
  ',': 'comma',
};
