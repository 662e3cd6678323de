import { renderToString } from 'ink';
import { RUNNERS } from '../effects/runners.ts';
import { configScreen } from '../screens/config/screen.ts';
import type { ScreenWorld } from '../screens/module.ts';
import { ScreenView } from '../screens/screen-view.tsx';
import { createWorld } from '../screens/world.ts';
import type { ConfigSession } from '../sessions/config/index.ts';
import { createSessions } from '../sessions/session.ts';
import { initialState, type Size, type State } from '../state/model.ts';
import { createStore } from '../store.ts';
import { makeTheme, type Theme, ThemeContext } from '../theme.ts';

/** The configuration browser over a session without a terminal: keys go in, lines come out. */
export interface ConfigDriver {
  press(...keys: string[]): void;
  /** Let work go on that gives way to keys. */
  settle(): Promise<void>;
  lines(size?: Size): string[];
  text(): string;
  state(): State;
  readonly world: ScreenWorld;
  /** Exit codes the program asked to leave with. */
  readonly exits: number[];
}

/** Start one. */
export function configDriver(
  session: ConfigSession,
  size: Size = { columns: 80, rows: 24 },
  theme: Theme = makeTheme({ NO_COLOR: '1' }),
): ConfigDriver {
  const sessions = createSessions();
  sessions.put('config', session);
  const world = createWorld({ theme, sessions });
  const exits: number[] = [];
  const first = configScreen('config', session.remember(session.kconfig.menu));
  const store = createStore({
    initial: initialState(size, first),
    world,
    runners: RUNNERS,
    terminal: {
      redraw: () => {},
      suspend: async () => {},
      exit: (code) => {
        exits.push(code);
      },
      write: () => {},
    },
    ended: new AbortController().signal,
    onError: (error) => {
      throw error;
    },
  });
  const lines = (of: Size = size): string[] => {
    store.dispatch({ type: 'resize', size: of });
    const view = (
      <ThemeContext value={theme}>
        <ScreenView state={store.state()} world={world} />
      </ThemeContext>
    );
    return renderToString(view, { columns: of.columns })
      .replace(/\u001b\[[0-9;]*m/g, '')
      .split('\n');
  };
  return {
    press: (...keys) => store.dispatch({ type: 'keys', keys }),
    settle: async () => {
      for (let turn = 0; turn < 200; turn++) await new Promise((done) => setImmediate(done));
    },
    lines,
    text: () => lines().join('\n'),
    state: store.state,
    world,
    exits,
  };
}
