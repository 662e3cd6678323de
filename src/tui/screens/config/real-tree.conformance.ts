import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kernelEnvironment } from 'kconfiglib-js';
import { afterAll, expect, test } from 'vitest';
import { packagePath } from '../../../input/index.ts';
import { TestTerminal } from '../../testing/terminal.ts';

/** A tree of Linux 6.12: the one KMATRIX_LINUX names, or that which the other suites have unpacked. */
const TREE = process.env.KMATRIX_LINUX ?? join(tmpdir(), 'kmatrix-linux-6.12/linux-source-6.12');
const DEFCONFIG = join(TREE, 'arch/x86/configs/x86_64_defconfig');
const KMATRIX = packagePath('src', 'cli', 'bin', 'kmatrix.js');
const KCONF = packagePath('src', 'kconfiglib-js', 'bin', 'kconf.js');
const PROFILE = packagePath('src', 'kconfiglib-js', 'profiles', 'gcc-12-x86_64.json');

const folder = mkdtempSync(join(tmpdir(), 'kmatrix-real-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `conf` makes of the file. */
function throughConf(file: string): string {
  const copy = join(folder, 'through-conf');
  writeFileSync(copy, readFileSync(file));
  const env = {
    ...process.env,
    ...kernelEnvironment({ tree: TREE, arch: 'x86' }),
    KCONFIG_CONFIG: copy,
    KCONF_PROFILE: PROFILE,
    KCONF_SNAPSHOT: '0',
  };
  const { status } = spawnSync(process.execPath, [KCONF, '--olddefconfig', 'Kconfig'], {
    // Not in the tree: conf leaves include/config behind where it stands.
    cwd: folder,
    env,
  });
  expect(status).toBe(0);
  return readFileSync(copy, 'utf8');
}

test.skipIf(!existsSync(DEFCONFIG))(
  'a real tree is searched, asked why, changed, undone and saved as conf would write it',
  async () => {
    const start = Date.now();
    const config = join(folder, '.config');
    // Kept out of the tree: the defconfig stands in for a configuration that is there already.
    writeFileSync(config, readFileSync(DEFCONFIG));
    const tui = new TestTerminal(
      process.execPath,
      [KMATRIX, 'menu', '--tree', TREE, '--config', config],
      {
        columns: 120,
        rows: 40,
        env: { XDG_STATE_HOME: join(folder, 'state'), XDG_CACHE_HOME: join(folder, 'cache') },
      },
    );
    await tui.shows('kmatrix menu');
    await tui.shows(/^Linux\/x86 6\.12/);
    expect(Date.now() - start).toBeLessThan(60_000);
    await tui.press('/PER_VMA_LOCK', /▸ \S+ PER_VMA_LOCK /);
    await tui.press('\rw', 'PER_VMA_LOCK is y');
    await tui.shows('SMP=n (now y)');
    await tui.press('\u001b', /▸ .*PER_VMA_LOCK/);
    await tui.press('/SMP\rn', /SMP is n; \d+ others changed \(o lists them\): PER_VMA_LOCK y→n/);
    await tui.press('o', /\d+ changed/);
    await tui.press('\u001b[D', /▸ ≠ \[ \]/);
    await tui.press('s\r', 'Saved');
    const up = readFileSync(config, 'utf8');
    expect(up).not.toContain('CONFIG_PER_VMA_LOCK=y');
    expect(throughConf(config)).toBe(up);
    await tui.press('u', 'Undid: SMP is y again');
    await tui.press('s\r', 'Saved');
    const smp = readFileSync(config, 'utf8');
    expect(smp).toContain('CONFIG_PER_VMA_LOCK=y');
    expect(throughConf(config)).toBe(smp);
    tui.type('qy');
    expect(await tui.exited()).toBe(0);
  },
  300_000,
);
