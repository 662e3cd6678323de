import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { packagePath } from '../input/index.ts';

/** The tree to ask about: KMATRIX_LINUX, or the one the conformance suite unpacked. */
const tree = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12/linux-source-6.12');

/** Whole processes of the built command, beside a Node that does nothing. Run `npm run build` before. */
describe('a command from start to end', () => {
  const run = (...args: string[]): void => {
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  const kmatrix = (...args: string[]): void => run(packagePath('src/cli/bin/kmatrix.js'), ...args);
  const options = { iterations: 9, warmupIterations: 2, time: 0, warmupTime: 0 };

  test('that knows its answer', { timeout: 120_000 }, async ({ bench }) => {
    await bench.compare(
      bench('node alone', () => run('-e', '0')),
      bench('kmatrix --version', () => kmatrix('--version')),
      bench('kmatrix why PER_VMA_LOCK', () => kmatrix('why', 'PER_VMA_LOCK')),
      options,
    );
  });

  test.runIf(existsSync(`${tree}/Kconfig`))(
    'that reads Linux 6.12',
    { timeout: 120_000 },
    async ({ bench }) => {
      await bench('kmatrix why USERFAULTFD --want y', () =>
        kmatrix('why', 'USERFAULTFD', '--tree', tree, '--want', 'y'),
      ).run(options);
    },
  );
});
