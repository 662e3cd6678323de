import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Binding } from '../keys/binding.ts';
import { footerBindings } from '../keys/key-table.ts';
import { matrixScreen } from '../screens/cells/screen.ts';
import { initialState } from '../state/model.ts';
import { reduce } from '../state/reducer.ts';
import { headingRow, NO_DETAIL, type Row } from '../state/row.ts';
import { nowOf, scopeOf } from '../state/scope.ts';
import { fixtureReport } from '../testing/fixture.ts';
import { fixtureWorld } from '../testing/world.ts';
import { lineText, seg } from '../text/line.ts';
import { short } from '../text/number.ts';
import { textWidth } from '../text/width.ts';
import { makeTheme } from '../theme.ts';
import { breadcrumbLine } from './breadcrumb.ts';
import { detailLines } from './detail-lines.ts';
import { footerLine } from './footer.ts';
import { type PlotOptions, plot } from './plot.ts';
import { niceScale } from './plot-scale.ts';
import { spark } from './spark.ts';
import { columnWidths, headerLine, rowLine } from './table.ts';
import { tabsLine } from './tabs.ts';

const unicode = makeTheme({}, { ascii: false });
const ascii = makeTheme({}, { ascii: true });

describe('spark', () => {
  it('rises from the least to the greatest glyph, with a gap where there is nothing', () => {
    expect(spark([0, 1, null, 4, 8], 8, unicode.glyphs.spark)).toBe('▁▁ ▄█');
    expect(spark([0, 0], 0, ascii.glyphs.spark)).toBe('__');
  });
});

describe('table', () => {
  const row = (...texts: string[]): Row => ({
    key: texts.join(),
    cells: texts.map((text) => seg(text)),
    search: '',
    detail: NO_DETAIL,
  });
  const columns = [
    { title: 'name' },
    { title: 'n', align: 'right' as const, drop: 1 },
    { title: 'why', shrink: 6, drop: 2 },
  ];
  const rows = [
    headingRow('h', 'a heading that is longer than all'),
    row('lock', '12', 'because of something'),
  ];

  it('gives columns what they need, then shrinks, then drops', () => {
    expect(columnWidths(columns, rows, 40)).toEqual([4, 2, 20]);
    expect(columnWidths(columns, rows, 20)).toEqual([4, 2, 10]);
    expect(columnWidths(columns, rows, 15)).toEqual([4, 2, 0]);
    expect(columnWidths(columns, rows, 7)).toEqual([4, 0, 0]);
  });

  it('draws header, heading and row in one width', () => {
    const widths = columnWidths(columns, rows, 18);
    expect(lineText(headerLine(columns, widths, 20, '…'))).toBe('  name   n  why     ');
    expect(lineText(rowLine(rows[1]!, columns, widths, 20, '▸', '…'))).toBe('▸ lock  12  because…');
    expect(lineText(rowLine(rows[0]!, columns, widths, 20, ' ', '…'))).toBe('a heading that is l…');
  });
});

describe('tabsLine', () => {
  const tabs = [
    { title: 'Options and why', short: 'Options' },
    { title: 'API surface', short: 'API', count: 3 },
  ];

  it('puts the open one in brackets, and shortens where it must', () => {
    expect(lineText(tabsLine(tabs, 1, 50, unicode.glyphs)).trimEnd()).toBe(
      ' 1 Options and why  [2 API surface 3]',
    );
    expect(lineText(tabsLine(tabs, 1, 30, unicode.glyphs)).trimEnd()).toBe(' 1 Options  [2 API 3]');
    expect(lineText(tabsLine(tabs, 1, 15, unicode.glyphs)).trimEnd()).toBe(' 1  [2 API]');
  });
});

describe('breadcrumbLine', () => {
  it('gives up the oldest crumbs first', () => {
    const crumbs = ['per-vma-lock', 'v7.0:SMP=y', 'keys'];
    const at = (width: number): string =>
      lineText(breadcrumbLine(crumbs, '12 rows', width, unicode.glyphs));
    expect(at(50)).toBe('per-vma-lock › v7.0:SMP=y › keys           12 rows');
    expect(at(30)).toBe('v7.0:SMP=y › keys      12 rows');
    expect(at(14)).toBe('keys   12 rows');
  });

  it('is as wide as asked', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { minLength: 1 }),
        fc.string(),
        fc.integer({ min: 20, max: 120 }),
        (crumbs, status, width) => {
          expect(textWidth(lineText(breadcrumbLine(crumbs, status, width, unicode.glyphs)))).toBe(
            width,
          );
        },
      ),
    );
  });
});

describe('footerLine', () => {
  const size = { columns: 120, rows: 40 };

  /** The keys the footer may show after some keys were pressed. */
  function bindingsAfter(keys: readonly string[], report = fixtureReport()): readonly Binding[] {
    const world = fixtureWorld(report);
    let state = reduce(initialState(size, matrixScreen()), { type: 'resize', size }, world);
    state = reduce(state, { type: 'keys', keys }, world);
    return footerBindings(world.keys, scopeOf(state), nowOf(state, world));
  }

  it.each([[], ['d'], ['enter'], ['enter', '5'], ['space', 'space', 'd']])(
    'shows five to seven keys after %s',
    (...keys) => {
      const bindings = bindingsAfter(keys);
      const line = lineText(footerLine(bindings, 120, unicode));
      const shown = bindings.filter(({ label }) => line.includes(` ${label} `));
      expect(shown.length).toBeGreaterThanOrEqual(5);
      expect(shown.length).toBeLessThanOrEqual(7);
      expect(line).toContain('? help');
      expect(line).toContain('q quit');
    },
  );

  it('gives up keys from the right but keeps the way back, help and quit', () => {
    const line = lineText(footerLine(bindingsAfter(['enter']), 36, unicode));
    expect(line.trim()).toBe('Esc back  ? help  q quit');
  });

  it('leaves out keys that do nothing now', () => {
    const line = lineText(
      footerLine(bindingsAfter([], { ...fixtureReport(), cells: [] }), 120, unicode),
    );
    expect(line).not.toContain('Space');
    expect(line).not.toContain('Esc');
  });
});

describe('detailLines', () => {
  it('wraps beside the label', () => {
    const lines = detailLines([{ label: 'why', text: 'one two three four' }], 20, '…').map(
      lineText,
    );
    expect(lines.map((line) => line.trimEnd())).toEqual([' why  one two three', '      four']);
  });
});

describe('niceScale', () => {
  it('marks round steps up to the highest value', () => {
    expect(niceScale(6.18e6, 6).ticks).toEqual([0, 2e6, 4e6, 6e6]);
    expect(niceScale(10, 6).ticks).toEqual([0, 2, 4, 6, 8, 10]);
    expect(niceScale(0, 5).ticks).toEqual([0]);
    expect(niceScale(Number.MIN_VALUE, 5).ticks).toEqual([0]);
  });

  it('never has more ticks than asked for, nor one above the scale', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e15, noNaN: true }),
        fc.integer({ min: 2, max: 12 }),
        (highest, most) => {
          const { ticks, max } = niceScale(highest, most);
          expect(ticks.length).toBeLessThanOrEqual(most);
          expect(ticks.at(-1)!).toBeLessThanOrEqual(max * 1.000_01);
        },
      ),
    );
  });
});

describe('plot', () => {
  const options = (theme: typeof unicode): PlotOptions => ({
    width: 44,
    height: 9,
    ascii: theme.ascii,
    glyphs: theme.glyphs,
    xTitle: 'CPUs',
    yTitle: 'ops/s',
    yText: short,
    emphasis: 0,
  });
  const series = [
    { name: 'faults', points: [1, 2, 4, 8].map((x) => ({ x, y: x * 1000 })) },
    {
      name: 'mixed',
      points: [1, 2, 4, 8].map((x) => ({ x, y: 500 + x * 10, low: 400, high: 700 })),
    },
  ];

  it('draws axes, legend and end labels in ASCII', () => {
    expect(
      plot(series, options(ascii)).map((line) => lineText(line).trimEnd()),
    ).toMatchInlineSnapshot(`
      [
        "   ops/s   * faults   + mixed",
        "        |                           ....* *",
        "        |                  .........",
        "     5k +           ..*....",
        "        |       ....",
        "        |*...*..",
        "      0 ++...+........+.................+ +",
        "        +--------------------------------",
        "    CPUs 1   2        4                 8",
      ]
    `);
  });

  it('draws braille where the terminal can', () => {
    expect(
      plot(series, options(unicode)).map((line) => lineText(line).trimEnd()),
    ).toMatchInlineSnapshot(`
      [
        "   ops/s   a faults   b mixed",
        "        │                          ⣀⡠⠤⠔⠒⠉ a",
        "        │                   ⢀⣀⠤⠔⠒⠊⠉",
        "     5k ┤             ⣤⡠⠤⠒⠒⠉⠁",
        "        │       ⣀⡠⠤⠒⠊⠉",
        "        │⣀⣀⡠⠤⠛⠊⠉",
        "      0 ┤⠿⠦⠤⠦⠶⠦⠤⠦⠤⠒⠖⠒⠖⠻⠖⠒⠖⠒⠖⠒⠖⠒⠖⠒⠖⠒⠖⠒⠖⠒⠖⠻ b",
        "        └────────────────────────────────",
        "    CPUs 1   2        4                 8",
      ]
    `);
  });

  it('has the size asked for, whatever the figures', () => {
    const point = fc.record({
      x: fc.integer({ min: 1, max: 512 }),
      y: fc.double({ min: 0, max: 1e12, noNaN: true }),
    });
    const anySeries = fc.record({
      name: fc.string({ maxLength: 12 }),
      points: fc.array(point, { minLength: 1, maxLength: 8 }),
    });
    fc.assert(
      fc.property(
        fc.array(anySeries, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 30, max: 120 }),
        fc.integer({ min: 7, max: 30 }),
        fc.boolean(),
        (all, width, height, plain) => {
          const lines = plot(all, { ...options(plain ? ascii : unicode), width, height });
          expect(lines).toHaveLength(height);
          for (const line of lines) expect(textWidth(lineText(line))).toBe(width);
        },
      ),
    );
  });

  it('draws nothing where there is nothing to draw or no room', () => {
    expect(plot([], options(ascii))).toEqual([]);
    expect(plot(series, { ...options(ascii), height: 5 })).toEqual([]);
  });
});

describe('theme', () => {
  it('drops colour for NO_COLOR and TERM=dumb, and keeps weight', () => {
    for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }]) {
      const theme = makeTheme(env);
      expect(Object.values(theme.tones).filter((style) => style.color)).toEqual([]);
      expect(theme.tones.strong.bold).toBe(true);
      expect(theme.selected.inverse).toBe(true);
    }
    expect(makeTheme({ NO_COLOR: '' }).color).toBe(true);
  });

  it('falls back to ASCII where glyphs are known not to work', () => {
    expect(makeTheme({ TERM: 'linux' }).ascii).toBe(true);
    expect(makeTheme({ LC_ALL: 'C' }).ascii).toBe(true);
    expect(makeTheme({ LANG: 'en_US.UTF-8' }).ascii).toBe(false);
    expect(makeTheme({}).ascii).toBe(false);
    expect(makeTheme({ TERM: 'linux' }, { ascii: false }).ascii).toBe(false);
  });

  it('draws nothing but ASCII in ASCII mode', () => {
    expect(Object.values(ascii.glyphs).flat().join('')).toMatch(/^[\x20-\x7e]*$/);
  });
});
