import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';

/** The built modules, as they are run. Run `tsc -b` before. */
const { findDangling, scanTree, SourceTree } = createRequire(import.meta.url)(
  '../../../dist/tree/index.js',
) as typeof import('../index.ts');

const ROOT = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12', 'linux-source-6.12');
const few = { iterations: 5, warmupIterations: 1, time: 0, warmupTime: 0 };
const maxBuffer = 1 << 28;

describe.runIf(existsSync(`${ROOT}/mm/memory.c`))('Linux 6.12', () => {
  test('every mention of an option', { timeout: 600_000 }, async ({ bench }) => {
    const cache = mkdtempSync(join(tmpdir(), 'kmatrix-bench-'));
    await bench.compare(
      bench('kmatrix, nothing kept', async () => void (await scanTree(ROOT))),
      bench('kmatrix, index kept', async () => void (await scanTree(ROOT, { cache }))),
      bench(
        'rg CONFIG_',
        () => void execFileSync('rg', ['-uuu', '-c', 'CONFIG_', ROOT], { maxBuffer }),
      ),
      few,
    );
  });

  test('dangling options', { timeout: 1_200_000 }, async ({ bench }) => {
    const script = join(import.meta.dirname, 'checkkconfigsymbols.py');
    const cache = mkdtempSync(join(tmpdir(), 'kmatrix-bench-'));
    await scanTree(ROOT, { cache });
    await bench.compare(
      bench(
        'kmatrix, nothing kept',
        async () => void (await findDangling(new SourceTree(ROOT, await scanTree(ROOT)))),
      ),
      bench(
        'kmatrix, index kept',
        async () =>
          void (await findDangling(new SourceTree(ROOT, await scanTree(ROOT, { cache })), {
            cache,
          })),
      ),
      bench(
        'checkkconfigsymbols.py',
        () => void execFileSync('python3', [script, ROOT], { maxBuffer }),
      ),
      { ...few, iterations: 2, warmupIterations: 0 },
    );
  });
});
