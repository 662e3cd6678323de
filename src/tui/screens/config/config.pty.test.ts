import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packagePath, packageRoot } from '../../../input/index.ts';
import { TEST_CACHE } from '../../testing/pty.ts';
import { TestTerminal } from '../../testing/terminal.ts';

/** The real command in a real pseudo-terminal, on the option set that ships for v7.0. */
const KMATRIX = packagePath('src', 'cli', 'bin', 'kmatrix.js');
const KCONF = packagePath('src', 'kconfiglib-js', 'bin', 'kconf.js');
const UP = '\u001b[D';

let folder: string;
let terminal: TestTerminal | undefined;

beforeAll(() => {
  spawnSync('npx', ['tsc', '-b'], { cwd: packageRoot() });
}, 120_000);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kmatrix-menu-'));
  writeFileSync(join(folder, 'given'), 'CONFIG_SMP=y\n');
});

afterEach(() => {
  terminal?.kill();
  rmSync(folder, { recursive: true, force: true });
});

function start(...args: string[]): TestTerminal {
  const config = ['--config', join(folder, 'given')];
  terminal = new TestTerminal(process.execPath, [KMATRIX, 'menu', ...config, ...args], {
    columns: 100,
    rows: 30,
    env: { XDG_STATE_HOME: join(folder, 'state'), XDG_CACHE_HOME: TEST_CACHE },
  });
  return terminal;
}

/** What `conf` makes of a file: the same bytes if nothing has to be changed. */
function throughConf(file: string): string {
  const copy = join(folder, 'through-conf');
  writeFileSync(copy, readFileSync(file));
  const args = [KCONF, '--dialect', '7.0', '--olddefconfig', 'kconfig/v7.0/Kconfig'];
  // Not where the sources are: conf leaves include/config behind where it stands.
  const env = { ...process.env, KCONFIG_CONFIG: copy, srctree: packageRoot() };
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, env });
  expect(String(stderr)).toBe('');
  expect(status).toBe(0);
  return readFileSync(copy, 'utf8');
}

describe('kmatrix menu', () => {
  it('searches, tells why, switches off, tells what else changed, applies, undoes and saves', async () => {
    const tui = start();
    await tui.shows(/^v7\.0 /);
    expect(tui.alternate()).toBe(true);
    await tui.press('/per_vma', /▸ .*PER_VMA_LOCK +\(no prompt\)/);
    await tui.press('\r', 'This is hidden');
    await tui.press('w', 'PER_VMA_LOCK is y');
    await tui.shows('SMP=n (now y)');
    await tui.press('\u001b', /▸ .*PER_VMA_LOCK/);
    await tui.press('/SMP\rn', /SMP is n; \d+ others? changed \(o lists them\): PER_VMA_LOCK y→n/);
    await tui.press('o', /PER_VMA_LOCK +y +n/);
    await tui.press(UP, /▸ ≠ \[ \] More than one CPU/);
    await tui.press('u', 'Undid: SMP is y again');
    await tui.press('ns\r', 'Saved');
    const saved = readFileSync(join(folder, 'given'), 'utf8');
    expect(saved).toContain('# CONFIG_SMP is not set\n');
    expect(saved).not.toContain('CONFIG_PER_VMA_LOCK=y');
    expect(throughConf(join(folder, 'given'))).toBe(saved);
    await tui.press('/PER_VMA_LOCK\rw', 'SMP=y (now n)');
    await tui.press('a', 'PER_VMA_LOCK=y: SMP is y');
    tui.type('q');
    await tui.shows('Quit without saving?');
    tui.type('y');
    expect(await tui.exited()).toBe(0);
    expect(tui.text().trim()).toBe('');
    expect(readFileSync(join(folder, 'given'), 'utf8')).toBe(saved);
  });

  it('loses no edit when it is killed, and offers them at the next start', async () => {
    const first = start();
    await first.shows(/^v7\.0 /);
    await first.press('/SMP\rn', 'SMP is n');
    first.kill('SIGKILL');
    await first.exited();
    const second = start();
    await second.shows('1 edit of');
    await second.press('y', 'Took over 1 edit;');
    expect(second.lines()[0]).toContain('unsaved');
    await second.press('u', 'Undid: SMP is y again');
    second.type('q');
    expect(await second.exited()).toBe(0);
  });

  it('needs a terminal', () => {
    const { status, stderr } = spawnSync(process.execPath, [KMATRIX, 'menu'], { input: '' });
    expect(status).toBe(2);
    expect(String(stderr)).toContain('needs a terminal');
  });
});
