import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linuxTree } from './linux-tree.ts';

/** How often the whole suite is run: its fixtures race with the end of a program, so one run says little. */
const RUNS = Number(process.env.KMATRIX_RUNS ?? 10);

/** The kernel's own tests of `conf`, run with the built `kconf` in its place. */
describe("the kernel's tests of conf", () => {
  const dir = mkdtempSync(join(tmpdir(), 'kmatrix-kernel-tests-'));
  let tests: string;
  let passed = 0;

  beforeAll(() => {
    tests = join(linuxTree(), 'scripts/kconfig/tests');
    const kconf = fileURLToPath(new URL('../../bin/kconf.js', import.meta.url));
    mkdirSync(join(dir, 'scripts/kconfig'), { recursive: true });
    const conf = join(dir, 'scripts/kconfig/conf');
    writeFileSync(
      conf,
      `#!/bin/sh\nKCONF_DIALECT=6.12 exec '${process.execPath}' '${kconf}' "$@"\n`,
    );
    chmodSync(conf, 0o755);
  });
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
    console.log(`the kernel's tests of conf: ${passed} of ${RUNS} runs passed`);
  });

  it.each(Array.from({ length: RUNS }, (_, i) => i + 1))('pass, run %i', () => {
    const { status, stdout, stderr } = spawnSync(
      'python3',
      ['-B', '-m', 'pytest', '-q', '-p', 'no:cacheprovider', tests],
      // The system's Python, which is the one with pytest; caches of kconf stay in here.
      {
        cwd: dir,
        env: { PATH: '/usr/bin:/bin', LANG: 'C', HOME: dir, XDG_CACHE_HOME: join(dir, 'cache') },
      },
    );
    const text = `${stdout}${stderr}`;
    expect(text, text).toMatch(/\b16 passed\b/);
    expect(status).toBe(0);
    passed++;
  });
});
