import fc from 'fast-check';
import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../report/index.ts';
import type { ExportScope } from '../effects/export.ts';
import type { KeyName } from '../keys/decode.ts';
import { initialState, type Size, topOf } from '../state/model.ts';
import { reduce } from '../state/reducer.ts';
import { fixtureReport } from '../testing/fixture.ts';
import { fixtureWorld } from '../testing/world.ts';
import { textWidth } from '../text/width.ts';
import { makeTheme, ThemeContext } from '../theme.ts';
import { matrixScreen } from './cells/screen.ts';
import type { ExportScreen } from './export/screen.ts';
import { ScreenView } from './screen-view.tsx';

const report = fixtureReport();

/** The lines of the screen after some keys. */
function screen(keys: readonly KeyName[], size: Size, shown: Report = report, env = {}): string[] {
  const theme = makeTheme(env);
  const world = fixtureWorld(shown, theme);
  let state = reduce(initialState(size, matrixScreen()), { type: 'resize', size }, world);
  state = reduce(state, { type: 'keys', keys }, world);
  const text = renderToString(
    <ThemeContext value={theme}>
      <ScreenView state={state} world={world} />
    </ThemeContext>,
    { columns: size.columns },
  );
  return plain(text).split('\n');
}

function plain(text: string): string {
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
] as const;

const WAYS: Readonly<Record<string, readonly KeyName[]>> = {
  cells: [],
  'cells, grouped': ['b', 'b'],
  'cells, filtered': ['/', ...'v7'],
  'options of a cell': ['enter'],
  'API surface': ['enter', '2'],
  'fallback paths': ['enter', '3'],
  structures: ['enter', '4'],
  performance: ['enter', '5'],
  'a rejected cell': ['G', 'enter'],
  evidence: ['enter', '2', 'enter'],
  comparison: ['space', 'space', 'd'],
  'comparison, unified': ['space', 'space', 'd', 't'],
  export: ['space', 'e'],
  editions: ['D', 'enter'],
  chooser: ['d'],
  help: ['?'],
};

describe.each(SIZES)('at $columns x $rows', (size) => {
  it.each(Object.keys(WAYS))('%s fills the terminal exactly', (way) => {
    const lines = screen(WAYS[way]!, size);
    expect(lines).toHaveLength(size.rows);
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(size.columns);
    expect(lines.join('\n')).toMatchSnapshot();
  });
});

describe('the list of cells', () => {
  it('tells state by glyph and word, and gives the reason', () => {
    const text = screen(['j'], SIZES[0]).join('\n');
    expect(text).toMatch(/▸ +v6\.12 +y +n +◐ stub +100k +883k/);
    expect(text).toMatch(/why +PER_VMA_LOCK=n: depends on SMP, which is n/);
    expect(text).toContain('× rejected');
    expect(text).toContain('13 cells, 1 rejected');
    expect(screen([], SIZES[1]).join('\n')).toContain('≡11');
  });

  it('shows filter and order in row 1', () => {
    expect(screen(['/', ...'v7', 'enter', 's'], SIZES[0])[0]).toMatch(
      /5 of 13 cells {2}\/v7 .*by edition ▲$/,
    );
  });

  it('tells apart cells that differ only in what the matrix file adds', () => {
    expect(screen(['G'], SIZES[0]).join('\n')).toMatch(/v7\.0 +n +y +P\S+=y/);
  });

  it('numbers the marks', () => {
    const lines = screen(['space', 'space'], SIZES[0]);
    expect(lines[2]).toMatch(/^ {2}1 {2}v6\.12/);
    expect(lines[3]).toMatch(/^ {2}2 {2}v6\.12/);
  });
});

describe('a comparison', () => {
  it('shows the lock go from real to stub and faults move to mmap_lock', () => {
    const keys: KeyName[] = ['/', ...'v7.0:64BIT=y', 'enter', 'space', 'space', 'd'];
    const text = screen(keys, SIZES[1]).join('\n');
    expect(text).toMatch(/≠ +PER_VMA_LOCK +y +n/);
    expect(text).toMatch(/≠ +lock_vma_under_rcu +real +stub: returns NULL/);
    expect(text).toMatch(/≠ +do_user_addr_fault:lock_vma_under_rcu +sometimes +always/);
  });

  it('of one kernel with itself says so', () => {
    const keys: KeyName[] = ['/', ...'all-builds 64BIT=n', 'enter', 'space', 'space', 'd'];
    expect(screen(keys, SIZES[0]).join('\n')).toMatch(/SMP +y +n/);
  });

  it('with a rejected cell says what could not be compared', () => {
    const text = screen(['space', 'G', 'd'], SIZES[0]).join('\n');
    expect(text).toContain('Options only: no kernel was instantiated');
  });
});

describe('small terminals', () => {
  it('keep one pane, then one sentence', () => {
    expect(screen([], { columns: 50, rows: 12 }).join('\n')).not.toContain('──');
    expect(screen([], { columns: 19, rows: 10 }).join('\n')).toContain('Too small');
    expect(screen([], { columns: 80, rows: 4 })[0]).toBe('Too small: 20x5 needed. q quits.');
  });

  it('never get more lines or columns than they have', () => {
    const anySize = fc.record({
      columns: fc.integer({ min: 1, max: 150 }),
      rows: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(WAYS)), anySize, (keys, size) => {
        const lines = screen(keys, size);
        expect(lines.length).toBeLessThanOrEqual(size.rows);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(size.columns);
      }),
      { numRuns: 60 },
    );
  });
});

describe('odd reports', () => {
  it('without cells', () => {
    const empty: Report = {
      ...report,
      cells: [],
      kernels: [],
      performance: [],
      workloads: [],
      fallbacks: [],
    };
    expect(screen(['enter', 'd', 'space', 'i'], SIZES[0], empty).join('\n')).toContain(
      'Nothing here.',
    );
  });

  it('without axes or measurements', () => {
    const bare: Report = {
      ...report,
      axes: ['edition'],
      performance: [],
      workloads: [],
      comparisons: [],
    };
    expect(screen(['enter', '5'], SIZES[0], bare)).toHaveLength(24);
  });

  it('in ASCII only', () => {
    for (const keys of Object.values(WAYS)) {
      expect(screen(keys, SIZES[0], report, { LC_ALL: 'C' }).join('\n')).toMatch(
        /^[\x20-\x7e\n]*$/,
      );
    }
  });
});

describe('what is exported of a screen', () => {
  const scopeAfter = (...keys: KeyName[]): ExportScope | undefined => {
    const world = fixtureWorld(report, makeTheme({}));
    const size = SIZES[0];
    const start = reduce(initialState(size, matrixScreen()), { type: 'resize', size }, world);
    const top = topOf(reduce(start, { type: 'keys', keys: [...keys, 'e'] }, world));
    return top.kind === 'export' ? (top as ExportScreen).choices[0]?.scope : undefined;
  };

  it('is nearest to what is seen', () => {
    expect(scopeAfter('D', 'enter')).toMatchObject({ kind: 'editions', left: 'v6.12' });
    expect(scopeAfter('space', 'space', 'd')).toMatchObject({ kind: 'diff' });
    expect(scopeAfter()).toEqual({ kind: 'report' });
  });

  it('is a view of one row with its labels, and of a list what the filter leaves', () => {
    const detail = scopeAfter('i');
    if (detail?.kind !== 'listing') throw new Error('no list');
    expect(detail.listing.groups[0]?.rows[0]).toEqual(['VMA lock', '● present']);
    expect(detail.listing.title).toContain('v6.12:64BIT=y,SMP=y');
    const keys = scopeAfter('?', '/', ...'report', 'enter');
    if (keys?.kind !== 'listing') throw new Error('no list');
    expect(keys.listing.groups.flatMap(({ rows }) => rows)).toContainEqual([
      'Enter  →  l',
      'the report of the cell; opens or closes a group',
    ]);
    expect(keys.listing.groups.length).toBeLessThan(6);
  });
});
