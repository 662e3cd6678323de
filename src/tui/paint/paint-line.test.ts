import xterm from '@xterm/headless';
import fc from 'fast-check';
import sliceAnsi from 'slice-ansi';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { paintedOf } from '../testing/painted.ts';
import { fitLine, type Line, lineText, seg, type Tone } from '../text/line.ts';
import { textWidth } from '../text/width.ts';
import { makeTheme } from '../theme.ts';
import { paintLine } from './paint-line.ts';
import { depthOf, RESET, sgrOf, stylesOf } from './sgr.ts';

const theme = makeTheme({ TERM: 'xterm-256color' });
const styles = stylesOf(theme, 'basic');
const bare = stylesOf(theme, 'none');
const TONES = Object.keys(theme.tones) as Tone[];

/** Letters, spaces, wide characters, and marks that belong to the letter before. */
const text = fc
  .array(
    fc.constantFrom('a', 'Z', '0', ' ', '  ', '─', '●', '漢', '字', '🙂', 'e\u0301', 'ศ\u0e34'),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(''));
const line = (of: fc.Arbitrary<string>): fc.Arbitrary<Line> =>
  fc.array(
    fc
      .record({ text: of, tone: fc.constantFrom(...TONES) })
      .map(({ text: t, tone }) => seg(t, tone)),
    { maxLength: 6 },
  );
const width = fc.integer({ min: 1, max: 40 });

/** What a terminal of `columns` shows. */
async function shown(columns: number, written: string): Promise<unknown> {
  const terminal = new xterm.Terminal({ cols: columns, rows: 2, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(`\u001b[?7l${written}`, resolve));
  const painted = paintedOf(terminal);
  terminal.dispose();
  return painted;
}

/** The same with every style switched on and off by itself, cut by a package made for that. */
function slowly(of: Line, columns: number, selected: boolean): string {
  const styled = selected
    ? `${styles.selected}${lineText(of)}\u001b[27m`
    : of.map(({ text: t, tone = 'plain' }) => `${styles.tones[tone]}${t}\u001b[22;27;39m`).join('');
  return sliceAnsi(styled, 0, columns);
}

describe('a painted line', () => {
  it('looks like the one cut by slice-ansi', async () => {
    await fc.assert(
      fc.asyncProperty(line(text), width, fc.boolean(), async (of, columns, selected) => {
        const painted = await shown(columns, paintLine(of, columns, styles, selected));
        expect(painted).toEqual(await shown(columns, slowly(of, columns, selected)));
      }),
      { numRuns: 150 },
    );
  });

  it('is as wide as string-width finds it, and never wider than asked', () => {
    fc.assert(
      fc.property(line(text), width, (of, columns) => {
        const painted = paintLine(of, columns, styles);
        expect(stringWidth(painted)).toBeLessThanOrEqual(columns);
        expect(textWidth(lineText(of))).toBe(stringWidth(lineText(of)));
        const fitted = fitLine(of, columns);
        expect(stringWidth(lineText(fitted))).toBe(columns);
        expect(paintLine(fitted, columns, bare).padEnd(lineText(fitted).length)).toBe(
          lineText(fitted),
        );
      }),
    );
  });

  it('ends with no style on', () => {
    fc.assert(
      fc.property(line(text), width, fc.boolean(), (of, columns, selected) => {
        const painted = paintLine(of, columns, styles, selected);
        const last = painted.lastIndexOf('\u001b[');
        expect(last < 0 || painted.startsWith(RESET, last)).toBe(true);
      }),
    );
  });

  it('has no escape sequence but those of its styles, whatever its text', () => {
    const hostile = fc.string({ unit: 'binary', maxLength: 12 });
    fc.assert(
      fc.property(line(hostile), width, fc.boolean(), (of, columns, selected) => {
        const painted = paintLine(of, columns, styles, selected).replace(/\u001b\[[\d;]*m/g, '');
        expect(painted).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
        expect(textWidth(painted)).toBeLessThanOrEqual(columns);
      }),
    );
    const driving = [seg('a\u001b[2J\u009b1mb\u202ec\u001b]52;c;eA==\u0007')];
    expect(paintLine(driving, 40, styles)).toBe('a?[2J?1mb?c?]52;c;eA==?');
    expect(paintLine(driving, 3, styles)).toBe('a?[');
  });

  it('writes no more than is seen', () => {
    const of = [
      seg('ab', 'good'),
      seg('cd', 'good'),
      seg('  '),
      seg('e'),
      seg('   ', 'muted'),
      seg('  '),
    ];
    expect(paintLine(of, 40, styles)).toBe('\u001b[36mabcd\u001b[0m  e\u001b[2m   \u001b[0m');
    expect(paintLine([seg('  '), seg(' ')], 40, styles)).toBe('');
    expect(paintLine([seg('ab '), seg(' ')], 4, styles, true)).toBe('\u001b[7mab  \u001b[0m');
    expect(paintLine(of, 40, bare)).toBe('abcd  e');
  });
});

describe('styles', () => {
  it('name colours where there are 16, and come near others where there are 256', () => {
    expect(sgrOf({ color: 'cyan', bold: true }, 'basic')).toBe('\u001b[1m\u001b[36m');
    expect(sgrOf({ color: '#d55e00' }, 'many')).toBe('\u001b[38;5;166m');
    expect(sgrOf({ color: '#d55e00' }, 'all')).toBe('\u001b[38;2;213;94;0m');
    expect(sgrOf({ inverse: true, dimColor: true }, 'none')).toBe('');
    expect(() => sgrOf({ color: 'puce' }, 'basic')).toThrow('puce');
  });

  it('go by the bits Node tells', () => {
    expect([1, 4, 8, 24].map(depthOf)).toEqual(['none', 'basic', 'many', 'all']);
  });
});
