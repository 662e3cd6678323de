import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TestTerminal } from './terminal.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const MODULES = join(ROOT, 'dist/tui/testing/driver.js');
const BUNDLED = join(ROOT, 'dist/bundle/driver.js');
/** Where the bundled one keeps its code from start to start. */
export const TEST_CACHE = join(ROOT, 'node_modules/.cache/kmatrix-tests');

/** Bring what is compiled up to date: nothing to do after `npm test`, half a second to find that out. */
export function buildDriver(): void {
  spawnSync('npx', ['tsc', '-b'], { cwd: ROOT });
  if (!existsSync(MODULES)) throw new Error(`${MODULES} is missing: run npx tsc -b`);
}

/**
 * The compiled driver: JSX cannot be run from source. In few files, as the command starts, which takes a fifth of the time,
 * unless the compiler has run since these were made.
 */
export function driver(): string {
  const { isBundled } = createRequire(import.meta.url)('../../kconfiglib-js/bin/bundle.js');
  const builds = ['dist/app.tsbuildinfo', 'src/kconfiglib-js/dist/tsconfig.tsbuildinfo'];
  const current = isBundled(
    BUNDLED,
    builds.map((build) => join(ROOT, build)),
  );
  return current ? BUNDLED : MODULES;
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
  return new TestTerminal(process.execPath, [driver(), ...args], {
    ...size,
    // Nothing of the user who runs the tests: no keys, no screens left behind.
    env: {
      HOME: '',
      XDG_CONFIG_HOME: '',
      XDG_STATE_HOME: '',
      XDG_CACHE_HOME: TEST_CACHE,
      KMATRIX_DRIVER: mode,
      ...env,
    },
  });
}
