import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { paintedOf } from '../painted.ts';
import { svgOf } from './svg.ts';

async function painted(text: string) {
  const terminal = new xterm.Terminal({ cols: 20, rows: 2, allowProposedApi: true });
  await new Promise<void>((done) => terminal.write(text, done));
  return paintedOf(terminal);
}

describe('a painted screen', () => {
  it('has a piece for each look and for characters that fonts may draw wider', async () => {
    const { lines } = await painted('ab\u001b[1;36mcd\u001b[0;7me\u001b[0m──漢ü');
    const pieces = lines[0]?.map(({ text, column, columns }) => [text, column, columns]);
    expect(pieces?.slice(0, 6)).toEqual([
      ['ab', 0, 2],
      ['cd', 2, 2],
      ['e', 4, 1],
      ['──', 5, 2],
      ['漢', 7, 2],
      ['ü', 9, 1],
    ]);
    expect(lines[0]?.[1]?.look).toMatchObject({ ink: 6, bold: true, inverse: false });
    expect(lines[0]?.[2]?.look).toMatchObject({ ink: null, inverse: true });
  });
});

describe('its picture', () => {
  it('keeps the text, escaped, in its columns and colours', async () => {
    const svg = svgOf(await painted('\u001b[33m  a<b&c\u001b[0m \u001b[38;5;196mx'), 'a & b');
    expect(svg).toContain('<title>a &amp; b</title>');
    expect(svg).toMatch(/x="28.86"[^>]* style="fill:#e9b95c">a&lt;b&amp;c</);
    expect(svg).toContain('style="fill:#ff0000">x<');
  });

  it('swaps the colours of what is selected, blanks too', async () => {
    const svg = svgOf(await painted('\u001b[7m   \u001b[0m'), '');
    expect(svg).toMatch(/<rect x="12" y="12" width="25.29" height="17" fill="#d4d4d0"\/>/);
    expect(svg.match(/<text /g)).toBeNull();
  });

  it('is the same for the same screen', async () => {
    const text = '\u001b[1mone\u001b[0m two\r\n⣀⠤⠒';
    expect(svgOf(await painted(text), '')).toBe(svgOf(await painted(text), ''));
  });
});
