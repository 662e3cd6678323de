import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, onTestFinished, test } from 'vitest';

/** The built modules, as they are run. Run `tsc -b` before. */
const { autoconfOf, checkFiles, scanTree, SourceTree, treeKconfig } = createRequire(
  import.meta.url,
)('../../../dist/tree/index.js') as typeof import('../index.ts');

const ROOT = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12', 'linux-source-6.12');
const few = { iterations: 3, warmupIterations: 1, time: 0, warmupTime: 0 };
const DRIVERS = ['adin', 'adin1100', 'broadcom', 'dp83640', 'marvell', 'micrel'];

describe.runIf(existsSync(`${ROOT}/mm/memory.c`))('Linux 6.12', () => {
  const asked = async () => {
    const tree = new SourceTree(ROOT, await scanTree(ROOT));
    const kconfig = treeKconfig(tree, 'x86_64');
    const cells = ['y', 'n'].map((smp) => {
      const config = kconfig.config();
      config.set('SMP', smp);
      const values = (name: string): string | undefined => config.get(name);
      return { id: smp, arch: 'x86', values, autoconf: autoconfOf(config.write()), module: true };
    });
    const paths = DRIVERS.map((name) => join(ROOT, 'drivers/net/phy', `${name}.c`));
    return { tree, paths, cells };
  };

  test('six drivers in two configurations', { timeout: 600_000 }, async ({ bench }) => {
    const { tree, paths, cells } = await asked();
    await bench.compare(
      bench('one thread', async () => void (await checkFiles(tree, paths, cells, { jobs: 1 }))),
      bench('a thread for each CPU', async () => void (await checkFiles(tree, paths, cells))),
      few,
    );
  });

  test('the same again, from the looks that are kept', { timeout: 600_000 }, async ({ bench }) => {
    const { tree, paths, cells } = await asked();
    const folder = mkdtempSync(join(tmpdir(), 'kmatrix-looks-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    let round = 0;
    const run = async (cache: string): Promise<void> => {
      await checkFiles(tree, paths, cells, { jobs: 1, cache: join(folder, cache) });
    };
    await run('kept');
    await bench.compare(
      bench('first', () => run(`${round++}`)),
      bench('again', () => run('kept')),
      few,
    );
  });
});
