import { beforeEach, describe, expect, it } from 'vitest';
import { matrixScreen } from '../screens/cells/screen.ts';
import type { ScreenWorld } from '../screens/module.ts';
import { fixtureReport } from '../testing/fixture.ts';
import { fixtureWorld } from '../testing/world.ts';
import { initialState, type State } from './model.ts';
import { reduce } from './reducer.ts';

let world: ScreenWorld;
let state: State;
let given: number;

beforeEach(() => {
  given = 0;
  world = fixtureWorld(fixtureReport());
  world.sessions.put('edits', {
    version: 1,
    unsaved: () => '2 changes to .config',
    giveUp: () => given++,
  });
  state = initialState({ columns: 80, rows: 24 }, matrixScreen());
});

function press(...keys: string[]): void {
  state = reduce(state, { type: 'keys', keys }, world);
}

describe('leaving with something unsaved', () => {
  it('asks first, and stays when told to', () => {
    press('q');
    expect(state.dialog).toMatchObject({ kind: 'confirm' });
    expect(state.exit).toBeNull();
    press('enter');
    expect(state).toMatchObject({ dialog: null, exit: null, effects: [] });
  });

  it('gives it up before the end when told to quit', () => {
    press('q', 'y');
    expect(state.exit).toBe(0);
    expect(state.effects).toEqual([{ kind: 'give-up' }, { kind: 'exit', code: 0 }]);
    world.sessions.giveUp();
    expect(given).toBe(1);
  });

  it('keeps it for the next start on a second q', () => {
    press('q', 'q');
    expect(state.effects).toEqual([{ kind: 'exit', code: 0 }]);
    expect(given).toBe(0);
  });

  it('does not ask on Ctrl-C, and gives nothing up', () => {
    press('ctrl+c');
    expect(state.effects).toEqual([{ kind: 'exit', code: 130 }]);
  });
});
