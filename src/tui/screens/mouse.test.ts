import { beforeEach, describe, expect, it } from 'vitest';
import { askChoice } from '../dialogs/ask.ts';
import { selectedKey } from '../state/cursor.ts';
import { initialState, type Size, type State, topOf } from '../state/model.ts';
import { reduce } from '../state/reducer.ts';
import type { MouseEvent } from '../stdin/event.ts';
import { fixtureReport } from '../testing/fixture.ts';
import { fixtureWorld } from '../testing/world.ts';
import { lineText } from '../text/line.ts';
import { matrixScreen } from './cells/screen.ts';
import { bottomLine, tabLine, topLine } from './frame-lines.ts';
import type { ScreenWorld } from './module.ts';

let world: ScreenWorld;
let state: State;

beforeEach(() => {
  world = fixtureWorld(fixtureReport());
  start({ columns: 80, rows: 24 });
});

function start(size: Size): void {
  state = reduce(initialState(size, matrixScreen()), { type: 'resize', size }, world);
}

function press(...keys: string[]): void {
  state = reduce(state, { type: 'keys', keys }, world);
}

function mouse(button: MouseEvent['button'], column = 0, row = 0): void {
  state = reduce(state, { type: 'mouse', mouse: { button, column, row } }, world);
}

/** Click on a text of a line of the frame. */
function clickOn(line: typeof topLine | typeof bottomLine, text: string, row: number): void {
  mouse('left', lineText(line(state, world)).indexOf(text) + 1, row);
}

describe('a click', () => {
  it('selects a row, and opens it the second time', () => {
    mouse('left', 10, 4);
    expect(selectedKey(state, world)).toBe('v6.12:64BIT=n,SMP=y');
    mouse('left', 10, 4);
    expect(topOf(state)).toMatchObject({ kind: 'report', cell: 'v6.12:64BIT=n,SMP=y' });
  });

  it('on a tab opens it, on a name in the first line goes back to it', () => {
    press('enter');
    mouse('left', lineText(tabLine(state, world)!).indexOf('Fallback'), 1);
    expect(topOf(state)).toMatchObject({ kind: 'report', tab: 2 });
    press('enter');
    expect(state.stack).toHaveLength(3);
    clickOn(topLine, 'per-vma-lock', 0);
    expect(state.stack).toHaveLength(1);
  });

  it('on a key of the footer presses it', () => {
    clickOn(bottomLine, 'mark', 23);
    expect(state.marks).toHaveLength(1);
    clickOn(bottomLine, 'filter', 23);
    expect(state.typing).toBe(true);
    clickOn(bottomLine, 'keep', 23);
    expect(state.typing).toBe(false);
    clickOn(bottomLine, 'quit', 23);
    expect(state.exit).toBe(0);
  });

  it('on headings, rules and nothing does nothing', () => {
    press('enter', '2');
    const before = state;
    for (const row of [2, 3, 22]) mouse('left', 2, row);
    mouse('right', 5, 5);
    mouse('left', 500, 500);
    expect(state).toEqual(before);
  });

  it('in a choice takes what it is on', () => {
    const items = ['a', 'b', 'c'].map((key) => ({ key, label: key }));
    state = askChoice(state, { to: 'program', name: 'x', title: 'x', items });
    // Rule, line and three items above the footer: b is the second of them.
    mouse('left', 5, 21);
    expect(state.dialog).toBeNull();
  });
});

describe('the wheel', () => {
  it('scrolls a list that does not fit, the cursor staying in view', () => {
    start({ columns: 60, rows: 10 });
    mouse('wheel-down');
    expect(topOf(state).list).toMatchObject({ offset: 3, cursor: 3 });
    mouse('wheel-up');
    expect(topOf(state).list).toMatchObject({ offset: 0, cursor: 3 });
    for (let notch = 0; notch < 9; notch++) mouse('wheel-down');
    expect(selectedKey(state, world)).toBe('v7.0:64BIT=n,SMP=y,PER_VMA_LOCK=y');
  });

  it('moves the cursor of a list that fits', () => {
    mouse('wheel-down');
    expect(topOf(state).list).toMatchObject({ offset: 0, cursor: 3 });
  });
});

it('does nothing on a terminal that is too small', () => {
  start({ columns: 10, rows: 4 });
  mouse('left', 1, 1);
  mouse('left', 1, 3);
  expect(state.stack).toHaveLength(1);
});
