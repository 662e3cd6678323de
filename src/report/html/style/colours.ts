const LIGHT = {
  page: '#ffffff',
  raised: '#f4f5f7',
  text: '#1b1f24',
  quiet: '#565e68',
  rule: '#c9ced6',
  link: '#0b57a4',
  mark: '#fff2a8',
  good: '#d5e8f7',
  'good-text': '#0c3d66',
  mixed: '#fdebc8',
  'mixed-text': '#5f3d00',
  bad: '#f9d8cf',
  'bad-text': '#7a1f0b',
  none: '#eceef1',
  'none-text': '#4b535d',
  tone0: '#0063a6',
  tone1: '#b3500a',
  tone2: '#00704f',
  tone3: '#a23f79',
  tone4: '#4a4a4a',
  tone5: '#8a6d00',
} as const;

const DARK: Readonly<Record<keyof typeof LIGHT, string>> = {
  page: '#14171b',
  raised: '#1e2329',
  text: '#e7eaee',
  quiet: '#a7b0bb',
  rule: '#3b434d',
  link: '#82bdf5',
  mark: '#4d4400',
  good: '#15364f',
  'good-text': '#b9dcf8',
  mixed: '#4a3508',
  'mixed-text': '#f8dba0',
  bad: '#54231a',
  'bad-text': '#fbcabd',
  none: '#262c33',
  'none-text': '#aeb7c2',
  tone0: '#6bb5f2',
  tone1: '#f2a361',
  tone2: '#4fc9a0',
  tone3: '#e59cc6',
  tone4: '#c9ced6',
  tone5: '#dfc64a',
};

function variables(colours: Readonly<Record<string, string>>): string {
  return Object.entries(colours)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}

/**
 * Colours for light and dark: what the system asks for unless the reader chose. Every text stands at
 * 4.5:1 or better on what it lies on; states differ in lightness as well as in hue.
 * Paper is always light.
 */
export const COLOURS = `
:root{color-scheme:light;${variables(LIGHT)}}
@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${variables(DARK)}}}
@media screen{:root[data-theme=dark]{color-scheme:dark;${variables(DARK)}}}
`;
