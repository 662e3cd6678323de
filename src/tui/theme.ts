import { createContext, useContext } from 'react';
import type { Tone } from './text/line.ts';

/** Everything drawn that is not a letter, digit or punctuation mark of ASCII. */
export interface Glyphs {
  readonly cursor: string;
  readonly present: string;
  readonly stub: string;
  readonly absent: string;
  readonly rejected: string;
  readonly same: string;
  readonly changed: string;
  readonly separator: string;
  readonly rule: string;
  readonly ellipsis: string;
  readonly up: string;
  readonly down: string;
  readonly arrow: string;
  readonly minus: string;
  readonly axisVertical: string;
  readonly axisHorizontal: string;
  readonly axisCorner: string;
  readonly axisTick: string;
  readonly barFull: string;
  readonly barEmpty: string;
  /** From least to most. */
  readonly spark: readonly string[];
  /** Marks of the series of a plot, in order. */
  readonly series: readonly string[];
}

/** Text attributes in the shape of Ink's `<Text>` props; a key is absent where it does not apply. */
export interface TextStyle {
  readonly color?: string;
  readonly bold?: boolean;
  readonly dimColor?: boolean;
  readonly inverse?: boolean;
}

/** How the screen is drawn: with which glyphs, and in colour or not. */
export interface Theme {
  readonly ascii: boolean;
  readonly color: boolean;
  readonly glyphs: Glyphs;
  readonly tones: Readonly<Record<Tone, TextStyle>>;
  readonly selected: TextStyle;
}

const UNICODE: Glyphs = {
  cursor: '▸',
  present: '●',
  stub: '◐',
  absent: '○',
  rejected: '×',
  same: '≡',
  changed: '≠',
  separator: '›',
  rule: '─',
  ellipsis: '…',
  up: '▲',
  down: '▼',
  arrow: '→',
  minus: '−',
  axisVertical: '│',
  axisHorizontal: '─',
  axisCorner: '└',
  axisTick: '┤',
  barFull: '█',
  barEmpty: '░',
  spark: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  series: ['a', 'b', 'c', 'd'],
};

const ASCII: Glyphs = {
  cursor: '>',
  present: '*',
  stub: '~',
  absent: '-',
  rejected: 'x',
  same: '=',
  changed: '!',
  separator: '>',
  rule: '-',
  ellipsis: '~',
  up: '^',
  down: 'v',
  arrow: '->',
  minus: '-',
  axisVertical: '|',
  axisHorizontal: '-',
  axisCorner: '+',
  axisTick: '+',
  barFull: '#',
  barEmpty: '.',
  spark: ['_', '.', ':', '-', '=', '+', '*', '#'],
  series: ['*', '+', 'o', 'x'],
};

/**
 * Only the 16 colours every terminal has, so that the user's own palette applies. State is told by
 * cyan, yellow and magenta, which stay apart for readers who cannot tell red from green.
 */
const COLOURS: Readonly<Record<Tone, TextStyle>> = {
  plain: {},
  // Not bright black: palettes that give it to the background would hide every label.
  muted: { dimColor: true },
  strong: { bold: true },
  good: { color: 'cyan' },
  warn: { color: 'yellow' },
  bad: { color: 'magenta' },
  accent: { color: 'cyan', bold: true },
  block: { inverse: true },
  series0: { color: 'cyan' },
  series1: { color: 'yellow' },
  series2: { color: 'magenta' },
  series3: { color: 'green' },
};

/** The theme for an environment. NO_COLOR is honoured here because Ink and chalk ignore it. */
export function makeTheme(
  env: NodeJS.ProcessEnv,
  wanted: { readonly ascii?: boolean } = {},
): Theme {
  const ascii = wanted.ascii ?? needsAscii(env);
  const color = !env.NO_COLOR && env.TERM !== 'dumb';
  return {
    ascii,
    color,
    glyphs: ascii ? ASCII : UNICODE,
    tones: color ? COLOURS : withoutColour(COLOURS),
    selected: { inverse: true },
  };
}

/**
 * Whether this terminal is known not to draw our glyphs: a dumb one, the Linux console, whose font has
 * no braille, or a locale that names another charset. An unset locale says nothing (containers).
 */
function needsAscii(env: NodeJS.ProcessEnv): boolean {
  if (env.TERM === 'dumb' || env.TERM === 'linux') return true;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  return locale !== undefined && locale !== '' && !/utf-?8/i.test(locale);
}

function withoutColour(tones: Readonly<Record<Tone, TextStyle>>): Record<Tone, TextStyle> {
  const bare = Object.entries(tones).map(([tone, { color: _color, ...rest }]) => [tone, rest]);
  return Object.fromEntries(bare) as Record<Tone, TextStyle>;
}

/** The theme components draw with. */
export const ThemeContext = createContext<Theme>(makeTheme({}));

/** The theme in use. */
export function useTheme(): Theme {
  return useContext(ThemeContext);
}
