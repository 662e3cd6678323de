import { createContext, useContext } from 'react';
import type { Tone } from './text/line.ts';

/** Everything drawn that is not a letter, digit or punctuation mark of ASCII. */
export interface Glyphs {
  readonly cursor: string;
  readonly present: string;
  readonly stub: string;
  readonly absent: string;
  readonly rejected: string;
  /** In front of a group whose rows are shown, and of one whose are not. */
  readonly open: string;
  readonly closed: string;
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
  /** Along the steps of a trace that go round for ever. */
  readonly loop: { readonly first: string; readonly middle: string; readonly last: string };
  /** Along the time of a trace: no step, a step, the present one, and what goes round for ever. */
  readonly lane: {
    readonly empty: string;
    readonly step: string;
    readonly present: string;
    readonly loop: string;
  };
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

/** Which colours: those of the terminal, ones that stay apart for everybody, or none. */
export type ThemeName = 'default' | 'colour-blind' | 'mono';

/** How the screen is drawn: with which glyphs, and in colour or not. */
export interface Theme {
  /** For a screen reader: lines to be read out in place of a picture of columns and rules. */
  readonly reader: boolean;
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
  open: '▾',
  closed: '▹',
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
  loop: { first: '╭', middle: '│', last: '╰' },
  lane: { empty: '─', step: '●', present: '◆', loop: '═' },
  spark: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  series: ['a', 'b', 'c', 'd'],
};

const ASCII: Glyphs = {
  cursor: '>',
  present: '*',
  stub: '~',
  absent: '-',
  rejected: 'x',
  open: '-',
  closed: '+',
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
  loop: { first: ',', middle: '|', last: "'" },
  lane: { empty: '-', step: '*', present: '#', loop: '=' },
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

/**
 * The colours of Okabe and Ito, which stay apart with any colour vision; for terminals with 256 colours
 * or more, since in 16 of an unknown palette they would not.
 */
const COLOUR_BLIND: Readonly<Record<Tone, TextStyle>> = {
  ...COLOURS,
  good: { color: '#56b4e9' },
  warn: { color: '#f0e442' },
  bad: { color: '#d55e00' },
  accent: { color: '#56b4e9', bold: true },
  series0: { color: '#56b4e9' },
  series1: { color: '#e69f00' },
  series2: { color: '#009e73' },
  series3: { color: '#cc79a7' },
};

/** For screen readers nothing that is only drawn, and words for the signs that say something. */
const READER: Glyphs = {
  ...ASCII,
  cursor: '',
  present: '',
  stub: '',
  absent: '',
  rejected: '',
  same: 'same',
  changed: 'differs',
  separator: 'then',
  rule: '',
  ellipsis: '...',
  up: 'ascending',
  down: 'descending',
  arrow: 'to',
  minus: 'none',
  spark: [''],
};

/** The theme for an environment. NO_COLOR is honoured here because Ink and chalk ignore it. */
export function makeTheme(
  env: NodeJS.ProcessEnv,
  wanted: {
    readonly ascii?: boolean;
    readonly reader?: boolean;
    readonly theme?: ThemeName;
  } = {},
): Theme {
  const ascii = wanted.ascii ?? needsAscii(env);
  const reader = wanted.reader ?? env.INK_SCREEN_READER === 'true';
  const color = !env.NO_COLOR && env.TERM !== 'dumb' && wanted.theme !== 'mono' && !reader;
  const colours = wanted.theme === 'colour-blind' && hasManyColours(env) ? COLOUR_BLIND : COLOURS;
  return {
    reader,
    ascii: ascii || reader,
    color,
    glyphs: reader ? READER : ascii ? ASCII : UNICODE,
    tones: color ? colours : withoutColour(colours),
    selected: { inverse: true },
  };
}

function hasManyColours({ COLORTERM, TERM = '' }: NodeJS.ProcessEnv): boolean {
  return COLORTERM === 'truecolor' || COLORTERM === '24bit' || /256|direct/.test(TERM);
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
