import { beforeEach, describe, expect, it } from 'vitest';
import { choices } from '../dialogs/choice.ts';
import { matrixScreen } from '../screens/cells/screen.ts';
import type { ScreenWorld } from '../screens/module.ts';
import { fixtureReport } from '../testing/fixture.ts';
import { fixtureWorld } from '../testing/world.ts';
import { initialState, type State, topOf } from './model.ts';
import { reduce } from './reducer.ts';

const size = { columns: 80, rows: 24 };
let world: ScreenWorld;
let state: State;

beforeEach(() => {
  world = fixtureWorld(fixtureReport());
  state = reduce(initialState(size, matrixScreen()), { type: 'resize', size }, world);
});

function press(...keys: string[]): void {
  state = reduce(state, { type: 'keys', keys }, world);
}

/** What can be chosen now, the best first. */
function offered(): string[] {
  const { dialog } = state;
  return dialog?.kind === 'choice'
    ? choices(dialog).map(({ label, remark }) => (remark ? `${label} (${remark})` : label))
    : [];
}

describe('the list of commands', () => {
  it('has what does something now, with its keys', () => {
    press(':');
    expect(offered()).toContain('mark the cell or the group, or unmark it (Space)');
    expect(offered()).not.toContain('unmark all cells (u)');
    press('escape', 'space', ':');
    expect(offered()).toContain('unmark all cells (u)');
  });

  it('finds a command by some of its letters, and does it', () => {
    press(':', ...'sort', 'enter');
    expect(topOf(state)).toMatchObject({ kind: 'matrix', sort: 'edition' });
    press(':', ...'zzz');
    expect(offered()).toEqual([]);
    press('escape', ':', ...'quit');
    expect(offered()[0]).toBe('quit (q)');
    press('enter');
    expect(state.exit).toBe(0);
  });

  it('has the tabs, and the screens below', () => {
    press('enter', ':', ...'fallback', 'enter');
    expect(topOf(state)).toMatchObject({ kind: 'report', tab: 2 });
    press('enter', ':', ...'back to per-vma', 'enter');
    expect(state.stack.map(({ kind }) => kind)).toEqual(['matrix']);
  });

  it('is left by Escape with nothing done', () => {
    const before = state;
    press(':', 'x', 'escape');
    expect(state).toEqual(before);
  });
});
