import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';

/**
 * The built package, loaded by Node itself: a test runner turns every import into a property access, which costs the
 * engine a factor of four. Run `tsc -b` before.
 */
const { kernelKconfig } = createRequire(import.meta.url)(
  '../dist/index.js',
) as typeof import('./index.ts');

/** The tree to measure on: KMATRIX_LINUX, or the one the conformance suite unpacked. */
const tree = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12/linux-source-6.12');

describe.runIf(existsSync(`${tree}/Kconfig`))('Linux 6.12, x86_64', () => {
  test('parse and build', { timeout: 60_000 }, async ({ bench }) => {
    await bench('parse and build', () => {
      kernelKconfig(tree);
    }).run({ iterations: 5, warmupIterations: 1, time: 0, warmupTime: 0 });
  });

  test('values', { timeout: 60_000 }, async ({ bench }) => {
    const config = kernelKconfig(tree).config();
    config.write();
    let flip = false;
    const set = (name: string): void => {
      flip = !flip;
      config.set(name, flip ? 'n' : 'y');
    };
    await bench.compare(
      bench('evaluate all symbols', () => {
        config.evaluator.invalidateAll();
        config.evaluator.calcAll();
      }),
      bench('set SMP, read PER_VMA_LOCK', () => {
        set('SMP');
        config.get('PER_VMA_LOCK');
      }),
      bench('set NET, read BTRFS_FS', () => {
        set('NET');
        config.get('BTRFS_FS');
      }),
      bench('set NET, write the .config', () => {
        set('NET');
        config.write();
      }),
      bench('fork, allyesconfig, write', () => {
        const fork = config.fork();
        fork.apply('allyesconfig');
        fork.write();
      }),
      { time: 500 },
    );
  });
});
