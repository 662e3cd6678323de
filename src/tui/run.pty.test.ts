import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildDriver, startDriver } from './testing/pty.ts';
import type { TestTerminal } from './testing/terminal.ts';

const ESCAPE = '\u001b';
const folder = mkdtempSync(join(tmpdir(), 'kmatrix-run-'));
let tui: TestTerminal;

beforeAll(buildDriver, 120_000);
afterEach(() => tui?.kill());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a matrix that runs', () => {
  it('fills in, stops, goes on, is compared, and is exported', async () => {
    tui = startDriver({ columns: 100, rows: 30 }, { mode: 'run' });
    await tui.shows(/of 13 cells, .*runs\/s, .* left[\s\S]*v6\.12 +y +y +done/);
    await tui.press(ESCAPE, /Stopped: \d+ cells not finished/);
    expect(tui.text()).toMatch(/v6\.12 +y +y +done/);
    expect(tui.text()).toMatch(/unfinished/);
    await tui.press('r', /of 13 cells done/);
    // Input is not blocked meanwhile.
    await tui.press('jj', /▸ +v6\.12 +n +y/);
    await tui.shows('All cells are done');

    await tui.press('/v7.0:64BIT=y\r', '2 of 13 cells');
    await tui.press('  d', /≠ +PER_VMA_LOCK +y +n/);
    await tui.press('t', /- +PER_VMA_LOCK +y\n +\+ +PER_VMA_LOCK +n/);
    await tui.press('e', 'this comparison');
    await tui.press('\r', 'name of the file');
    const path = join(folder, 'diff.md');
    await tui.press(`\u0015${path}\r`, `Wrote ${path}`);
    expect(readFileSync(path, 'utf8')).toMatch(/^# kmatrix diff/);
    await tui.press('\r', 'name of the file');
    await tui.press(`\u0015${path}\r`, 'Overwrite');
    await tui.press('n', '[1 diff]');
    await tui.press('y', 'Copied');
    expect(tui.raw()).toMatch(/\u001b\]52;c;[A-Za-z0-9+/=]{100,}\u0007/);
    expect(readdirSync(folder)).toEqual(['diff.md']);
    tui.type('q');
    expect(await tui.exited()).toBe(0);
    expect(tui.alternate()).toBe(false);
  });
});
