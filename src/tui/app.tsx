import { useApp, useInput, usePaste, useWindowSize } from 'ink';
import {
  type ReactElement,
  useCallback,
  useEffect,
  useEffectEvent,
  useMemo,
  useState,
} from 'react';
import { Browser } from './browser.tsx';
import type { KeyTable } from './keys/key-table.ts';
import { Loading } from './screens/loading.tsx';
import { createWorld } from './screens/world.ts';
import type { Services } from './services.ts';
import type { Sessions } from './sessions/session.ts';
import type { InputEvent } from './stdin/event.ts';
import { createEventQueue } from './stdin/event-queue.ts';
import type { TerminalInput } from './stdin/terminal-input.ts';
import { useMouse } from './stdin/use-mouse.ts';
import { type Theme, ThemeContext } from './theme.ts';
import { type Load, useLoad } from './use-load.ts';
import { useRedraw } from './use-redraw.ts';

/** How the program ended: with an exit code, or with what `load` threw. */
export type Outcome = { readonly code: number } | { readonly error: unknown };

/** The program: a loading screen until there is something to browse, then the browser. */
export function App({
  title,
  load,
  theme,
  keys,
  input,
  mouse = false,
  sessions,
  services = {},
  suspend: stop,
  onOutcome,
}: {
  readonly title: string;
  readonly load: Load;
  readonly theme: Theme;
  readonly keys: KeyTable;
  /** What comes from the terminal. */
  readonly input: TerminalInput;
  /** Whether to ask the terminal for mouse reports. */
  readonly mouse?: boolean;
  /** Where what is opened goes; whoever starts the program may look at it in the end. */
  readonly sessions: Sessions;
  readonly services?: Services;
  readonly suspend: () => Promise<void>;
  /** Called once, before the program unmounts itself. */
  readonly onOutcome: (outcome: Outcome) => void;
}): ReactElement {
  const size = useWindowSize();
  const { exit, suspendTerminal } = useApp();
  const [events] = useState(createEventQueue);
  const { suspend, toggle: toggleMouse } = useMouse(mouse, stop);
  const redraw = useRedraw(size);
  const finish = useCallback(
    (outcome: Outcome) => {
      onOutcome(outcome);
      exit();
    },
    [onOutcome, exit],
  );
  const onExit = useCallback((code: number) => finish({ code }), [finish]);
  const onError = useCallback((error: unknown) => finish({ error }), [finish]);
  const { opened, progress, seconds, abort } = useLoad(load, onError);

  const world = useMemo(() => {
    if (!opened) return null;
    for (const [id, session] of Object.entries(opened.sessions)) sessions.put(id, session);
    return createWorld({ theme, sessions, services, keys });
  }, [opened, theme, sessions, services, keys]);

  const actWhileLoading = (event: InputEvent): void => {
    const command = event.type === 'key' ? keys.command('loading', event.key) : null;
    if (command === null) events.push([event]);
    if (command === 'redraw') redraw();
    if (command === 'suspend') void suspendTerminal(suspend);
    if (command === 'quit' || command === 'interrupt') {
      abort();
      onExit(command === 'quit' ? 0 : 130);
    }
  };
  // One reader for both screens: handing the terminal's input from one to another loses keys.
  const take = useEffectEvent((some: readonly InputEvent[]) => {
    if (world) events.push(some);
    else some.forEach(actWhileLoading);
  });
  useEffect(() => input.listen(take), [input]);
  // Nothing comes through these: they have Ink put the terminal into raw mode, ask for pastes to be
  // marked, and undo both on every way out.
  useInput(ignore);
  usePaste(ignore);

  return (
    <ThemeContext value={theme}>
      {opened && world ? (
        <Browser
          opened={opened}
          world={world}
          size={size}
          events={events}
          onExit={onExit}
          onError={onError}
          suspend={suspend}
          redraw={redraw}
          toggleMouse={toggleMouse}
        />
      ) : (
        <Loading
          title={title}
          progress={progress}
          seconds={seconds}
          size={size}
          theme={theme}
          keys={keys}
        />
      )}
    </ThemeContext>
  );
}

function ignore(): void {}
