import type { Random } from './random.ts';

/** What can hurt most: bytes with a meaning, words in wrong places, and repetition. */
const SCRAPS = [
  '"',
  "'",
  '\\',
  '\\\n',
  '\n',
  '\t',
  '\0',
  '\r',
  '#',
  '$',
  '$(',
  ')',
  '(((((',
  '!!!!',
  '&&',
  '||',
  '=',
  ':=',
  '+=',
  'é',
  '\u{1f600}',
  '\ud800',
  'config ',
  'choice\n',
  'endchoice\n',
  'menu "',
  'endmenu\n',
  'if ',
  'endif\n',
  'help\n',
  'source "Kconfig"\n',
  'source "Kconfig.0"\n',
  '$(shell,x)',
  'm0 = $(m0)\n',
  'f = $(f,$(1)$(1))\ng := $(f,xx)\n',
  'range 1 ',
  'default ',
  'select S0\n',
  'modules\n',
  'transitional\n',
  'option env="X"\n',
  'optional\n',
  '(a && '.repeat(300),
];

/** A text with some of it cut, moved, repeated or replaced. */
export function damaged(random: Random, text: string): string {
  let out = text;
  for (let n = random.chance(60) ? 1 : 1 + random.below(4); n > 0; n--) {
    const at = random.below(out.length + 1);
    const to = Math.min(out.length, at + random.below(12));
    const roll = random.below(4);
    if (roll === 0) out = out.slice(0, at) + out.slice(to);
    else if (roll === 1) out = out.slice(0, at) + random.pick(SCRAPS) + out.slice(at);
    else if (roll === 2)
      out = out.slice(0, at) + String.fromCharCode(random.below(256)) + out.slice(to);
    else out = out.slice(0, at) + out.slice(random.below(out.length + 1));
  }
  return out;
}
