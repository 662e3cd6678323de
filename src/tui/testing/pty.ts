import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TestTerminal } from './terminal.ts';

/** The compiled driver: JSX cannot be run from source. */
export const DRIVER = fileURLToPath(
  new URL('../../../dist/tui/testing/driver.js', import.meta.url),
);

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Bring what is compiled up to date: nothing to do after `npm test`, half a second to find that out. */
export function buildDriver(): void {
  spawnSync('npx', ['tsc', '-b'], { cwd: ROOT });
  if (!existsSync(DRIVER)) throw new Error(`${DRIVER} is missing: run npx tsc -b`);
}

/** How the driver is to run. */
export interface DriverOptions {
  /** What happens: see the driver. */
  readonly mode?: string;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** The driver in a pseudo-terminal of its own. */
export function startDriver(
  size: { readonly columns: number; readonly rows: number },
  { mode = '', args = [], env = {} }: DriverOptions = {},
): TestTerminal {
  return new TestTerminal(process.execPath, [DRIVER, ...args], {
    ...size,
    // Nothing of the user who runs the tests: no keys, no screens left behind.
    env: { HOME: '', XDG_CONFIG_HOME: '', XDG_STATE_HOME: '', KMATRIX_DRIVER: mode, ...env },
  });
}
