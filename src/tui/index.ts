import { render } from 'ink';
import { createElement } from 'react';
import { App, type Outcome } from './app.tsx';
import { makeKeyTable } from './keys/key-table.ts';
import { type KeyTableRow, manualRows } from './keys/manual.ts';
import { MODULES } from './screens/registry.ts';
import type { Services } from './services.ts';
import { stopJob } from './suspend.ts';
import { makeTheme } from './theme.ts';
import type { Load } from './use-load.ts';

export { type Opened, openedReport } from './opened.ts';
export type { Progress } from './screens/loading.tsx';
export type { Services } from './services.ts';
export { type TerminalCheck, terminalCheck } from './terminal-check.ts';
export type { Load } from './use-load.ts';

/** The key table for the manual. */
export function keyTable(): KeyTableRow[] {
  return manualRows(makeKeyTable(MODULES));
}

/** What the terminal UI needs from whoever starts it. */
export interface TuiOptions {
  /** Loads what is browsed; its rejection ends the program and is passed on by {@link runTui}. */
  readonly load: Load;
  /** Loaders and writers the screens may use. */
  readonly services?: Services;
  /** First line while loading. */
  readonly title: string;
  /** Leave the mouse to the terminal. Accepted for the command line's sake; no mouse is used yet. */
  readonly noMouse?: boolean;
  /** Only ASCII; by default decided by TERM and the locale. */
  readonly ascii?: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/**
 * Run the terminal UI until the user leaves it. The result is the exit code: 0, or 130 after Ctrl-C.
 *
 * The terminal is restored before this returns or throws. What `load` throws is thrown on unchanged, so
 * that the caller reports wrong input as it does everywhere else. Both streams must be terminals: see
 * {@link terminalCheck}.
 */
export async function runTui(options: TuiOptions): Promise<number> {
  const { load, services = {}, title, ascii, env, stdin, stdout } = options;
  if (!stdin.isTTY || !stdout.isTTY) {
    // Ink would take over the screen first and fail then, leaving it broken.
    throw new TypeError('runTui needs a terminal for both input and output');
  }
  let outcome: Outcome = { code: 0 };
  const app = createElement(App, {
    title,
    load,
    services,
    theme: makeTheme(env, ascii === undefined ? {} : { ascii }),
    suspend: stopJob,
    onOutcome: (ended: Outcome) => {
      outcome = ended;
    },
  });
  const instance = render(app, {
    stdin,
    stdout,
    exitOnCtrlC: false,
    alternateScreen: true,
    incrementalRendering: true,
    maxFps: 60,
    // Both streams are terminals: an environment that says CI changes nothing about that.
    interactive: true,
  });
  await instance.waitUntilExit();
  if ('error' in outcome) throw outcome.error;
  return outcome.code;
}
