import { describe, expect, it } from 'vitest';
import type { Tone } from './text/line.ts';
import { makeTheme, type Theme } from './theme.ts';

/**
 * Colour vision without one kind of cone, as matrices on linear RGB (Machado, Oliveira and Fernandes 2009,
 * severity 1).
 */
const VISIONS: Readonly<Record<string, readonly (readonly number[])[]>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** The names of the 16 colours as xterm draws them. */
const XTERM: Readonly<Record<string, string>> = {
  cyan: '#00cdcd',
  yellow: '#cdcd00',
  magenta: '#cd00cd',
  green: '#00cd00',
  red: '#cd0000',
};

/** Clearly another colour; 2 is just noticeable side by side. */
const APART = 15;

function linear(hex: string): number[] {
  return [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
}

function lab([r = 0, g = 0, b = 0]: readonly number[]): number[] {
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** How far apart two colours are to somebody (CIE 1976). */
function distance(one: string, other: string, vision: readonly (readonly number[])[]): number {
  const [a, b] = [one, other].map((hex) => {
    const rgb = linear(hex);
    return lab(
      vision.map((row) =>
        Math.min(
          1,
          Math.max(
            0,
            row.reduce((sum, part, at) => sum + part * rgb[at]!, 0),
          ),
        ),
      ),
    );
  });
  return Math.hypot(...a!.map((value, at) => value - b![at]!));
}

function colourOf(theme: Theme, tone: Tone): string {
  const { color = '' } = theme.tones[tone];
  return XTERM[color] ?? color;
}

/** The least distance between any two tones to somebody. */
function least(
  theme: Theme,
  tones: readonly Tone[],
  vision: readonly (readonly number[])[],
): number {
  const pairs = tones.flatMap((one, at) =>
    tones.slice(at + 1).map((other) => [one, other] as const),
  );
  return Math.min(
    ...pairs.map(([one, other]) => distance(colourOf(theme, one), colourOf(theme, other), vision)),
  );
}

describe.each(Object.keys(VISIONS))('with %s', (name) => {
  const vision = VISIONS[name]!;

  it('states stay apart in both themes', () => {
    const many = { TERM: 'xterm-256color' };
    expect(least(makeTheme({}), ['good', 'warn', 'bad'], vision)).toBeGreaterThan(APART);
    const safe = makeTheme(many, { theme: 'colour-blind' });
    expect(least(safe, ['good', 'warn', 'bad'], vision)).toBeGreaterThan(APART);
  });

  it('the lines of a plot do in the one made for it', () => {
    const safe = makeTheme({ COLORTERM: 'truecolor' }, { theme: 'colour-blind' });
    const series: Tone[] = ['series0', 'series1', 'series2', 'series3'];
    expect(least(safe, series, vision)).toBeGreaterThan(APART);
  });
});

it('the measure itself tells red and green as hard to tell apart', () => {
  expect(distance('#cd0000', '#808000', VISIONS.deuteranopia!)).toBeLessThan(APART + 10);
  expect(distance('#00cd00', '#cdcd00', VISIONS.protanopia!)).toBeLessThan(APART);
});

describe('the theme', () => {
  it('has no colour when none is wanted, but still what is bold', () => {
    for (const theme of [
      makeTheme({ NO_COLOR: '1' }),
      makeTheme({ TERM: 'dumb' }),
      makeTheme({}, { theme: 'mono' }),
      makeTheme({ NO_COLOR: '1', TERM: 'xterm-256color' }, { theme: 'colour-blind' }),
    ]) {
      expect(Object.values(theme.tones).filter(({ color }) => color !== undefined)).toEqual([]);
      expect(theme.tones.accent.bold).toBe(true);
    }
  });

  it('keeps to 16 colours where there are no more', () => {
    const theme = makeTheme({ TERM: 'xterm' }, { theme: 'colour-blind' });
    expect(theme.tones).toBe(makeTheme({}).tones);
  });

  it('has only ASCII where more cannot be drawn', () => {
    for (const env of [
      { TERM: 'linux' },
      { TERM: 'dumb' },
      { LC_ALL: 'C' },
      { LANG: 'de_DE@euro' },
    ]) {
      expect(makeTheme(env).ascii).toBe(true);
    }
    expect(makeTheme({ LANG: 'C.UTF-8' }).ascii).toBe(false);
    expect(makeTheme({ LANG: 'C.UTF-8' }, { ascii: true }).ascii).toBe(true);
  });
});
