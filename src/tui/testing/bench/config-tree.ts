import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defaultCacheDir, packagePath } from '../../../input/index.ts';
import { freshHome } from '../home.ts';
import { pause, TimedTerminal } from './timed-terminal.ts';

/** A tree of Linux 6.12: the one KMATRIX_LINUX_6_12 names, or that which the conformance suites have unpacked. */
export const TREE =
  process.env.KMATRIX_LINUX_6_12 ?? join(defaultCacheDir(), 'trees', 'linux-source-6.12');

/** Whether there is a tree to measure on. */
export function hasTree(): boolean {
  return existsSync(join(TREE, 'Kconfig'));
}

/** What is done to a configuration, key by key, and what it costs. */
export interface Work {
  readonly name: string;
  /** Milliseconds from each key to its frame, with the machine at rest between them. */
  readonly keys: readonly number[];
  /** Processor milliseconds of a key with all it sets going. */
  readonly load: number;
}

const SIZE = { columns: 120, rows: 40 } as const;
const DOWN = '\u001b[6~';
const UP = '\u001b[5~';
const ESCAPE = '\u001b';
const REST_MS = 60;
/** Time to do what is put off until nothing else is to be done. */
const WARM_MS = 3000;

interface Press {
  readonly key: string;
  /** On the screen when what the key does is done; the end of the next frame if not given. */
  readonly shows?: string;
}

/**
 * Presses keys in the configuration browser of the checkout `root` on the real tree: moves and pages through a list
 * of all options, switches SMP, on which some thousand others depend, types a search, and asks why for the first time.
 */
export async function measureConfig(root: string): Promise<Work[]> {
  const home = freshHome();
  const profile = packagePath('src', 'kconfiglib-js', 'profiles', 'gcc-12-x86_64.json');
  const args = ['menu', '--tree', TREE, '--toolchain', profile, '--config', defconfig()];
  const terminal = new TimedTerminal(
    process.execPath,
    [join(root, 'src/cli/bin/kmatrix.js'), ...args],
    SIZE,
    home.env,
  );
  try {
    await settled(terminal, 'Linux/x86');
    const works: Work[] = [];
    terminal.type('Fz');
    await settled(terminal, 'all  flat');
    works.push(await work(terminal, 'move', repeat(40, 'j', 'j', 'k')));
    works.push(await work(terminal, 'page', repeat(40, DOWN, DOWN, UP, 'G', UP, 'g')));
    terminal.type('Fz/SMP');
    await settled(terminal, 'Symmetric multi-processing');
    terminal.type('\r');
    await settled(terminal, 'SMP');
    const toggles = repeat(40, 'n', 'y').map(
      ({ key }): Press => ({
        key,
        shows: `[${key === 'y' ? '*' : ' '}] Symmetric multi-processing support`,
      }),
    );
    works.push(await work(terminal, 'switch SMP', toggles));
    const search = ['/', ...'PER_VMA_LOCK', ESCAPE];
    works.push(await work(terminal, 'search', repeat(3 * search.length, ...search)));
    works.push(await work(terminal, 'first why', repeat(1, 'w')));
    return works;
  } finally {
    await terminal.leave();
    home.remove();
  }
}

function defconfig(): string {
  return join(TREE, 'arch/x86/configs/x86_64_defconfig');
}

function repeat(count: number, ...keys: readonly string[]): Press[] {
  return Array.from({ length: count }, (_, i) => ({ key: keys[i % keys.length] as string }));
}

async function work(
  terminal: TimedTerminal,
  name: string,
  presses: readonly Press[],
): Promise<Work> {
  const before = terminal.processorTime();
  const pressed: number[] = [];
  const framed: number[] = [];
  for (const { key } of presses) {
    await pause(REST_MS);
    pressed.push(performance.now() - terminal.started);
    const frame = terminal.frame();
    terminal.type(key);
    framed.push(
      await frame.catch((error: unknown) => {
        throw new Error(`${name}: ${JSON.stringify(key)} draws nothing`, { cause: error });
      }),
    );
  }
  await pause(5 * REST_MS);
  const load = ((terminal.processorTime() - before) * 1000) / presses.length;
  const shown = await terminal.shownAt(
    presses.map(({ shows }) => shows ?? ''),
    pressed,
  );
  const keys = presses.map(({ shows }, i) =>
    shows === undefined
      ? (framed[i] as number)
      : (shown[i] ?? Number.POSITIVE_INFINITY) - (pressed[i] as number),
  );
  return { name, keys, load };
}

async function settled(terminal: TimedTerminal, text: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    await pause(WARM_MS);
    const [at] = await terminal.shownAt([text]);
    if (at !== undefined) return;
    if (performance.now() > deadline) throw new Error(`the screen never showed ${text}`);
  }
}
