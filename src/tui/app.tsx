import { useApp, useInput, usePaste, useWindowSize } from 'ink';
import { type ReactElement, useCallback, useMemo, useState } from 'react';
import { Browser } from './browser.tsx';
import { decodeKeys, type KeyName } from './keys/decode.ts';
import { createKeyQueue } from './keys/key-queue.ts';
import { makeKeyTable } from './keys/key-table.ts';
import { Loading } from './screens/loading.tsx';
import { MODULES } from './screens/registry.ts';
import { createWorld } from './screens/world.ts';
import type { Services } from './services.ts';
import { createSessions } from './sessions/session.ts';
import { type Theme, ThemeContext } from './theme.ts';
import { type Load, useLoad } from './use-load.ts';
import { useRedraw } from './use-redraw.ts';

/** How the program ended: with an exit code, or with what `load` threw. */
export type Outcome = { readonly code: number } | { readonly error: unknown };

const KEYS = makeKeyTable(MODULES);

/** The program: a loading screen until there is something to browse, then the browser. */
export function App({
  title,
  load,
  theme,
  services = {},
  suspend,
  onOutcome,
}: {
  readonly title: string;
  readonly load: Load;
  readonly theme: Theme;
  readonly services?: Services;
  readonly suspend: () => Promise<void>;
  /** Called once, before the program unmounts itself. */
  readonly onOutcome: (outcome: Outcome) => void;
}): ReactElement {
  const size = useWindowSize();
  const { exit, suspendTerminal } = useApp();
  const [keys] = useState(createKeyQueue);
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
    const sessions = createSessions();
    for (const [id, session] of Object.entries(opened.sessions)) sessions.put(id, session);
    return createWorld({ theme, sessions, services, keys: KEYS });
  }, [opened, theme, services]);

  const pressWhileLoading = (name: KeyName): void => {
    const command = KEYS.command('loading', name);
    if (command === null) keys.push([name]);
    if (command === 'redraw') redraw();
    if (command === 'suspend') void suspendTerminal(suspend);
    if (command === 'quit' || command === 'interrupt') {
      abort();
      onExit(command === 'quit' ? 0 : 130);
    }
  };
  // One reader for both screens: handing the terminal's input from one to another loses keys.
  usePaste((text) => keys.paste(text));
  useInput((input, key) => {
    const names = decodeKeys(input, key);
    if (world) keys.push(names);
    else names.forEach(pressWhileLoading);
  });

  return (
    <ThemeContext value={theme}>
      {opened && world ? (
        <Browser
          opened={opened}
          world={world}
          size={size}
          keys={keys}
          onExit={onExit}
          onError={onError}
          suspend={suspend}
          redraw={redraw}
        />
      ) : (
        <Loading
          title={title}
          progress={progress}
          seconds={seconds}
          size={size}
          theme={theme}
          keys={KEYS}
        />
      )}
    </ThemeContext>
  );
}
