import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import type { KeyName } from '../keys/decode.ts';
import { paintLine } from '../paint/paint-line.ts';
import { stylesOf } from '../paint/sgr.ts';
import { initialState } from '../state/model.ts';
import { reduce } from '../state/reducer.ts';
import { fixtureReport } from '../testing/fixture.ts';
import { fixtureWorld } from '../testing/world.ts';
import { makeTheme, ThemeContext } from '../theme.ts';
import { matrixScreen } from './cells/screen.ts';
import { frameOf } from './frame.ts';
import { ScreenView } from './screen-view.tsx';

const theme = makeTheme({ TERM: 'xterm-256color' });
const bare = stylesOf(theme, 'none');
const world = fixtureWorld(fixtureReport(), theme);

const WAYS: readonly (readonly [name: string, keys: readonly KeyName[]])[] = [
  ['a list', []],
  ['a list with a dialog below', [':']],
  ['a plot', ['enter', '5']],
  ['an empty list', ['/', ...'nothing like that']],
];
const SIZES = [
  [80, 24],
  [45, 9],
  [19, 4],
] as const;

describe.each(SIZES)('at %i x %i', (columns, rows) => {
  it.each(WAYS)('the lines of %s are what Ink makes of them', (_name, keys) => {
    const size = { columns, rows };
    let state = reduce(initialState(size, matrixScreen()), { type: 'resize', size }, world);
    state = reduce(state, { type: 'keys', keys }, world);
    const drawn = renderToString(
      <ThemeContext value={theme}>
        <ScreenView state={state} world={world} />
      </ThemeContext>,
      { columns },
    );
    const frame = frameOf(state, world);
    const painted = frame.lines.map((line) => paintLine(line, columns, bare));
    const text = drawn.replace(/\u001b\[[\d;]*m/g, '').split('\n');
    expect(painted).toEqual(text.slice(0, painted.length).map((line) => line.trimEnd()));
    expect(text.slice(painted.length).join('')).toBe('');
  });
});
