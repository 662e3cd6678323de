import type { Tone } from '../text/line.ts';
import type { TextStyle, Theme } from '../theme.ts';

/** How many colours a terminal has: none of any kind (nor bold or inverse), 16, 256, or all. */
export type Depth = 'none' | 'basic' | 'many' | 'all';

/** What switches the styles of a theme on, as escape sequences; empty for text as it is. */
export interface Styles {
  readonly tones: Readonly<Record<Tone, string>>;
  readonly selected: string;
}

/** Switches every style off. */
export const RESET = '\u001b[0m';

const CODES: Readonly<Record<string, number>> = {
  black: 30,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
  white: 37,
};

/** The depth for the bits Node tells (`tty.WriteStream.getColorDepth`). */
export function depthOf(bits: number): Depth {
  if (bits >= 24) return 'all';
  if (bits >= 8) return 'many';
  return bits > 1 ? 'basic' : 'none';
}

/** The styles of a theme for a terminal. */
export function stylesOf({ tones, selected }: Theme, depth: Depth): Styles {
  const made = Object.entries(tones).map(([tone, style]) => [tone, sgrOf(style, depth)]);
  return {
    tones: Object.fromEntries(made) as Record<Tone, string>,
    selected: sgrOf(selected, depth),
  };
}

/** What switches a style on. A colour is a name of the first eight, or `#rrggbb`. */
export function sgrOf({ color, bold, dimColor, inverse }: TextStyle, depth: Depth): string {
  if (depth === 'none') return '';
  const codes = [bold ? '1' : '', dimColor ? '2' : '', inverse ? '7' : '', colorCode(color, depth)];
  return codes.map((code) => (code === '' ? '' : `\u001b[${code}m`)).join('');
}

function colorCode(color: string | undefined, depth: Depth): string {
  if (color === undefined) return '';
  const named = CODES[color];
  if (named !== undefined) return String(named);
  if (!/^#[0-9a-f]{6}$/i.test(color)) throw new RangeError(`no colour is called ${color}`);
  const channels = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return depth === 'all' ? `38;2;${channels.join(';')}` : `38;5;${inCube(channels)}`;
}

/** Brightness of the steps of the cube of 6 x 6 x 6 colours that 256-colour terminals have from 16 on. */
const STEPS = [0, 95, 135, 175, 215, 255];

/** The nearest colour of the cube. */
function inCube(channels: readonly number[]): number {
  const away = (channel: number, step: number): number => Math.abs(STEPS[step]! - channel);
  return (
    channels.reduce((sum, channel) => {
      const steps = [...STEPS.keys()];
      return 6 * sum + steps.reduce((a, b) => (away(channel, b) < away(channel, a) ? b : a));
    }, 0) + 16
  );
}
