import { beforeEach, describe, expect, it } from 'vitest';
import type { Effect } from './effects/effect.ts';
import type { Runner, TerminalControl } from './effects/runner.ts';
import { matrixModule } from './screens/cells/index.ts';
import { matrixScreen } from './screens/cells/screen.ts';
import type { ScreenModule } from './screens/module.ts';
import { createWorld } from './screens/world.ts';
import { putReport } from './sessions/report.ts';
import { createSessions, type Sessions } from './sessions/session.ts';
import { asking, initialState } from './state/model.ts';
import { createStore, type Store } from './store.ts';
import { fixtureReport } from './testing/fixture.ts';
import { makeTheme } from './theme.ts';

interface Count extends Effect {
  readonly kind: 'count';
  /** The marks there were when it was asked for. */
  readonly marks: number;
}

/** The list of cells, where Space asks for a mark that is then answered. */
const asks: ScreenModule = {
  ...matrixModule,
  commands: {
    ...matrixModule.commands,
    'matrix:mark': (state) => asking<Count>(state, { kind: 'count', marks: state.marks.length }),
  },
  answer: (state, { value }) => ({ ...state, marks: [...state.marks, String(value)] }),
};

const terminal: TerminalControl = {
  redraw: () => {},
  suspend: async () => {},
  exit: () => {},
  write: () => {},
};

let store: Store;
let sessions: Sessions;
let heard: number;
let errors: unknown[];

function start(run: Runner<Count>['run']): void {
  sessions = createSessions();
  putReport(sessions, fixtureReport());
  const size = { columns: 80, rows: 24 };
  const world = createWorld({ theme: makeTheme({}), sessions, modules: [asks] });
  store = createStore({
    initial: initialState(size, matrixScreen()),
    world,
    runners: [{ kind: 'count', run } as Runner],
    terminal,
    ended: new AbortController().signal,
    onError: (error) => errors.push(error),
  });
  store.subscribe(() => heard++);
}

beforeEach(() => {
  heard = 0;
  errors = [];
});

const press = (...keys: string[]): void => store.dispatch({ type: 'keys', keys });

describe('the store', () => {
  it('does what a key asks for before it looks at the next, and tells of it once', () => {
    start(({ marks }, { dispatch }) =>
      dispatch({ type: 'answer', answer: { to: 'matrix', name: 'marked', value: marks } }),
    );
    press('space', 'space', 'space');
    expect(store.state().marks).toEqual(['0', '1', '2']);
    expect(store.state().effects).toEqual([]);
    expect(heard).toBe(1);
  });

  it('takes an answer whenever it comes', async () => {
    start(async (_effect, { dispatch }) => {
      await Promise.resolve();
      dispatch({ type: 'answer', answer: { to: 'matrix', name: 'marked', value: 'late' } });
    });
    press('space', 'j');
    expect(store.state().marks).toEqual([]);
    await Promise.resolve();
    await Promise.resolve();
    expect(store.state().marks).toEqual(['late']);
    expect(heard).toBe(2);
  });

  it('hears of sessions that move on', () => {
    start(() => {});
    putReport(sessions, fixtureReport());
    expect(store.state().versions).toEqual({ report: 2 });
    expect(heard).toBe(1);
  });

  it('tells of a crash, whether it comes at once or later', async () => {
    const now = new Error('now');
    start(() => {
      throw now;
    });
    press('space', 'j');
    const later = new Error('later');
    start(() => Promise.reject(later));
    press('space');
    await new Promise((resolve) => setTimeout(resolve));
    expect(errors).toEqual([now, later]);
  });
});
