import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { render } from 'ink';
import { createElement } from 'react';
import { readText } from '../input/index.ts';
import { App, type Outcome } from './app.tsx';
import { onCrash } from './crash.ts';
import { makeKeyTable } from './keys/key-table.ts';
import { type KeyTableRow, manualRows } from './keys/manual.ts';
import { type Override, readOverrides } from './keys/overrides.ts';
import { createPainter, PainterContext } from './paint/painter.ts';
import { createJournal } from './persist/journal.ts';
import { createMemory } from './persist/memory.ts';
import { configHome, stateHome } from './persist/place.ts';
import { MODULES } from './screens/registry.ts';
import type { Services } from './services.ts';
import { createSessions } from './sessions/session.ts';
import { createTerminalInput, isRemote, silentStdin } from './stdin/terminal-input.ts';
import { stopJob } from './suspend.ts';
import { whenLost } from './terminal-lost.ts';
import { makeTheme, type ThemeName } from './theme.ts';
import type { Load } from './use-load.ts';

export {
  type Opened,
  openedMatrix,
  openedReport,
  openedTorture,
  openedVerdicts,
} from './opened.ts';
export { openedConfig, warmUp } from './opened-config.ts';
export { createMemory } from './persist/memory.ts';
export { stateHome } from './persist/place.ts';
export type { Progress } from './screens/loading.tsx';
export type { FileService, Services } from './services.ts';
export type { ConfigFiles, ConfigParts, ConfigSession } from './sessions/config/index.ts';
export type { AddedCell, AddedCells, RunService } from './sessions/run/run-session.ts';
export type { TortureService } from './sessions/torture.ts';
export { type TerminalCheck, terminalCheck } from './terminal-check.ts';
export type { ThemeName } from './theme.ts';
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
  /** Told, when the terminal is restored after a crash, what the user should know besides. */
  readonly remark?: (text: string) => void;
  /** Leave the mouse to the terminal. */
  readonly noMouse?: boolean;
  /** Begin at the beginning, not where the last run was left. */
  readonly fresh?: boolean;
  /** Lines for a screen reader; by default if INK_SCREEN_READER is `true`. */
  readonly reader?: boolean;
  /** Which colours; those of the terminal if not given. */
  readonly theme?: ThemeName;
  /** Only ASCII; by default decided by TERM and the locale. */
  readonly ascii?: boolean;
  /** Aborted when the program is interrupted from outside: it ends as after Ctrl-C. */
  readonly signal?: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/**
 * Run the terminal UI until the user leaves it. The result is the exit code: 0, or 130 after Ctrl-C.
 *
 * The terminal is restored before this returns or throws. What `load` throws is thrown on unchanged, so
 * that the caller reports wrong input as it does everywhere else, and so is whatever crashes the program
 * later on. A key file with mistakes is an `InputError` before the screen is touched.
 * Both streams must be terminals: see {@link terminalCheck}.
 */
export async function runTui(options: TuiOptions): Promise<number> {
  const {
    load,
    services = {},
    title,
    noMouse = false,
    fresh = false,
    signal,
    env,
    stdin,
    stdout,
  } = options;
  if (!stdin.isTTY || !stdout.isTTY) {
    // Ink would take over the screen first and fail then, leaving it broken.
    throw new TypeError('runTui needs a terminal for both input and output');
  }
  const keys = makeKeyTable(MODULES, userKeys(env));
  const theme = makeTheme(env, options);
  const input = createTerminalInput(isRemote(env));
  const sessions = createSessions();
  const home = stateHome(env);
  const journal = home === null ? null : createJournal(join(home, 'journal'));
  const memory = home === null ? null : createMemory(join(home, 'screens'), fresh);
  let outcome: Outcome = { code: 0 };
  const app = createElement(App, {
    title,
    load,
    keys,
    input,
    sessions,
    // To a reader the pointer says nothing, and selecting text with it should work.
    mouse: !noMouse && !theme.reader,
    services: { ...(journal && { journal }), ...(memory && { memory }), ...services },
    theme,
    suspend: stopJob,
    onOutcome: (ended: Outcome) => {
      outcome = ended;
    },
  });
  const painter = theme.reader ? null : createPainter(stdout, theme, env);
  const instance = render(createElement(PainterContext, { value: painter }, app), {
    stdin: silentStdin(stdin, input),
    stdout: painter?.stdout ?? stdout,
    exitOnCtrlC: false,
    isScreenReaderEnabled: theme.reader,
    // What was read out before stays above, to be gone back to.
    alternateScreen: !theme.reader,
    maxFps: 60,
    // Both streams are terminals: an environment that says CI changes nothing about that.
    interactive: true,
  });
  const end = (ended: Outcome): void => {
    outcome = ended;
    instance.unmount();
  };
  const stopWatching = onCrash((error) => end({ error }));
  const interrupt = (): void => end({ code: 130 });
  signal?.addEventListener('abort', interrupt, { once: true });
  const heard = whenLost([stdin, stdout], interrupt);
  try {
    await instance.waitUntilExit();
  } catch (error) {
    outcome = { error };
  } finally {
    stopWatching();
    heard();
    signal?.removeEventListener('abort', interrupt);
  }
  const unsaved = sessions.unsaved();
  // What was given up when it was asked about is not among it.
  if (unsaved.length > 0 && journal !== null) {
    options.remark?.(
      `Not saved: ${unsaved.join('; ')}. It is kept, and offered on the next start.`,
    );
  }
  if ('error' in outcome) throw outcome.error;
  return outcome.code;
}

/** The keys the user wants, from `keys.yaml` in the folder of their configuration. */
function userKeys(env: NodeJS.ProcessEnv): Override[] {
  const home = configHome(env);
  const file = home === null ? null : join(home, 'keys.yaml');
  if (file === null || !existsSync(file)) return [];
  return readOverrides(readText(file, 'key file'), file, makeKeyTable(MODULES));
}
