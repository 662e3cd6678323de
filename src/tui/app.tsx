import { useApp, useInput, useWindowSize } from 'ink';
import { type ReactElement, useCallback, useState } from 'react';
import { Browser } from './browser.tsx';
import { decodeKeys, type KeyName } from './keys/decode.ts';
import { createKeyQueue } from './keys/key-queue.ts';
import { commandFor } from './keys/match.ts';
import { Loading } from './screens/loading.tsx';
import { type Theme, ThemeContext } from './theme.ts';
import { type Load, useLoad } from './use-load.ts';
import { useRedraw } from './use-redraw.ts';

/** How the program ended: with an exit code, or with what `load` threw. */
export type Outcome = { readonly code: number } | { readonly error: unknown };

/** The program: a loading screen until the report is there, then the browser. */
export function App({
  title,
  load,
  theme,
  suspend,
  onOutcome,
}: {
  readonly title: string;
  readonly load: Load;
  readonly theme: Theme;
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
  const { report, progress, seconds, abort } = useLoad(load, onError);

  const pressWhileLoading = (name: KeyName): void => {
    const command = commandFor('loading', name);
    if (command === null) keys.push([name]);
    if (command === 'redraw') redraw();
    if (command === 'suspend') void suspendTerminal(suspend);
    if (command === 'quit' || command === 'interrupt') {
      abort();
      onExit(command === 'quit' ? 0 : 130);
    }
  };
  // One reader for both screens: handing the terminal's input from one to another loses keys.
  useInput((input, key) => {
    const names = decodeKeys(input, key);
    if (report) keys.push(names);
    else names.forEach(pressWhileLoading);
  });

  return (
    <ThemeContext value={theme}>
      {report ? (
        <Browser
          report={report}
          theme={theme}
          size={size}
          keys={keys}
          onExit={onExit}
          suspend={suspend}
          redraw={redraw}
        />
      ) : (
        <Loading title={title} progress={progress} seconds={seconds} size={size} theme={theme} />
      )}
    </ThemeContext>
  );
}
