import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildDriver, startDriver } from './testing/pty.ts';
import type { TestTerminal } from './testing/terminal.ts';

const DOWN = '\u001b[B';
const ESCAPE = '\u001b';

let terminal: TestTerminal;

beforeAll(buildDriver, 120_000);

afterEach(() => terminal?.kill());

function start(...how: Parameters<typeof startDriver>): TestTerminal {
  terminal = startDriver(...how);
  return terminal;
}

describe.each([
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
])('at $columns x $rows', (size) => {
  it('browses, opens, goes through the tabs, marks, compares, helps and quits', async () => {
    const tui = start(size);
    await tui.shows('13 cells');
    expect(tui.alternate()).toBe(true);
    expect(tui.lines()[0]).toMatch(/^per-vma-lock /);
    expect(tui.lines().at(-1)).toMatch(/Enter report .* q quit$/);

    await tui.press(DOWN, /▸ +v6\.12 +y +n/);
    await tui.press('\r', 'per-vma-lock › v6.12:64BIT=y,SMP=n');
    await tui.press('\t', '[2 API');
    await tui.press('3', 'do_user_addr_fault:lock_vma_under_rcu');
    await tui.press('4', 'struct vm_area_struct');
    await tui.press(']', 'per-vma-lock › v6.12:64BIT=n,SMP=y');
    await tui.press('5', /[⣀⠤⠒⠉]{4}/);
    await tui.press('m', 'plot: p50');
    await tui.press(ESCAPE, '13 cells');

    await tui.press('/v7.0:64BIT=y\r', '2 of 13 cells');
    await tui.press('  d', 'v7.0:64BIT=y,SMP=y → v7.0:64BIT=y,SMP=n');
    await tui.shows(/≠ +PER_VMA_LOCK +y +n/);
    await tui.press('\t', /lock_vma_under_rcu +real +stub: returns NULL/);
    await tui.press('n', /▸ ≠ +mmap_lock_speculate_try_begin/);
    await tui.press('?', 'next difference');
    await tui.press(ESCAPE, '27 differences');

    tui.type('q');
    expect(await tui.exited()).toBe(0);
    expect(tui.alternate()).toBe(false);
    // Nothing of the program is left on the screen it was started from.
    expect(tui.text().trim()).toBe('');
  });
});

describe('the terminal', () => {
  it('may be resized at any moment', async () => {
    const tui = start({ columns: 120, rows: 40 });
    await tui.shows('13 cells');
    tui.resize(19, 4);
    await tui.shows(/^Too small/);
    tui.resize(80, 24);
    await tui.shows(/^per-vma-lock .*page_fault1\n[^\n]* CPUs\n/);
    tui.resize(50, 12);
    await tui.shows(/^per-vma-lock[^\n]*\n[^─]*q quit$/);
    for (let step = 0; step < 30; step++) tui.resize(40 + 3 * step, 8 + step);
    tui.resize(100, 30);
    await tui.press(
      '\r',
      /^per-vma-lock › v6\.12:64BIT=y,SMP=y +VMA lock ● present {2}9 rows\n\[1 Options\][\s\S]*q quit$/,
    );
    expect(tui.lines()).toHaveLength(30);
  });

  it('is drawn anew on Ctrl-L', async () => {
    const tui = start({ columns: 80, rows: 24 });
    await tui.shows('13 cells');
    tui.scribble('\u001b[Ha job said something\n\n\nand more');
    await tui.shows('and more');
    await tui.press('\u000c', /^per-vma-lock .*\n +edition/);
    expect(tui.text()).not.toContain('and more');
  });
});

describe('loading', () => {
  it('shows how far it is, and can be left', async () => {
    const tui = start({ columns: 80, rows: 24 }, { mode: 'slow' });
    await tui.shows(/[1-9] of 12/);
    expect(tui.text()).toContain('v7.0 cell');
    tui.type('q');
    expect(await tui.exited()).toBe(0);
    expect(tui.alternate()).toBe(false);
  });
});

describe('without colour or glyphs', () => {
  it('writes no colour under NO_COLOR, and still shows what is selected', async () => {
    const tui = start({ columns: 80, rows: 24 }, { env: { NO_COLOR: '1' } });
    await tui.press('j', /▸ +v6\.12 +y +n/);
    // Foreground and background colours; 39 and 49 only reset them.
    expect(tui.raw()).not.toMatch(/\u001b\[(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[\d;]*)?m/);
    expect(tui.raw()).toContain('\u001b[7m');
  });

  it('uses only 16 colours', async () => {
    const tui = start({ columns: 80, rows: 24 });
    await tui.shows('13 cells');
    expect(tui.raw()).toMatch(/\u001b\[36m/);
    expect(tui.raw()).not.toMatch(/\u001b\[[34]8;/);
  });

  it('has the colours of the colour-blind theme where there are 256', async () => {
    const tui = start({ columns: 80, rows: 24 }, { args: ['--theme', 'colour-blind'] });
    await tui.press('j', /▸ +v6\.12 +y +n/);
    expect(tui.raw()).toMatch(/\u001b\[38;(?:5|2);/);
  });

  it('reads out lines for a screen reader, on the screen the shell is on', async () => {
    const tui = start({ columns: 100, rows: 40 }, { env: { INK_SCREEN_READER: 'true' } });
    await tui.shows('(selected) edition v6.12, 64BIT y, SMP y');
    await tui.press('j', '(selected) edition v6.12, 64BIT y, SMP n');
    await tui.press('\r5', /\(selected\) 5 Performance[\s\S]*Plot of ops/);
    expect(tui.raw()).not.toContain('\u001b[?1049h');
    expect(tui.raw()).not.toContain('\u001b[?1000h');
    expect(tui.text()).toMatch(/^[\x20-\x7e\n]*$/);
    tui.type('q');
    expect(await tui.exited()).toBe(0);
  });

  it('draws with ASCII alone when asked to, and on a dumb terminal', async () => {
    const asked = start({ columns: 80, rows: 24 }, { args: ['--ascii'] });
    await asked.press('j\r5', /\.\.\.\*|\* page_fault1/);
    expect(asked.text()).toMatch(/^[\x20-\x7e\n]*$/);
    asked.kill();
    const dumb = start({ columns: 80, rows: 24 }, { env: { TERM: 'dumb' } });
    await dumb.press('j', /> +v6\.12 +y +n/);
    expect(dumb.text()).toMatch(/^[\x20-\x7e\n]*$/);
  });
});

describe('from one run to the next', () => {
  it('finds the screen that was left, unless asked not to', async () => {
    const home = mkdtempSync(join(tmpdir(), 'kmatrix-tui-'));
    const size = { columns: 80, rows: 24 };
    const env = { XDG_STATE_HOME: home };
    const first = start(size, { env });
    await first.shows('13 cells');
    await first.press('/v7\r', '/v7');
    await first.press('\r3', '[3 Fallback');
    first.kill('SIGTERM');
    await first.exited();
    const second = start(size, { env });
    await second.shows('[3 Fallback');
    await second.press(ESCAPE, /5 of 13 cells {2}\/v7/);
    second.type('q');
    await second.exited();
    await start(size, { env, args: ['--fresh'] }).shows('13 cells, 1 rejected');
    rmSync(home, { recursive: true });
  });

  it('a key file with mistakes is told before the screen is touched', async () => {
    const home = mkdtempSync(join(tmpdir(), 'kmatrix-tui-'));
    mkdirSync(join(home, 'kmatrix'));
    writeFileSync(join(home, 'kmatrix', 'keys.yaml'), 'quti: x\n');
    const tui = start({ columns: 100, rows: 24 }, { env: { XDG_CONFIG_HOME: home } });
    expect(await tui.exited()).toBe(2);
    expect(tui.text()).toContain('keys.yaml:1:1');
    expect(tui.text()).toContain('did you mean "quit"?');
    expect(tui.raw()).not.toContain('\u001b[?1049h');
    rmSync(home, { recursive: true });
  });
});

describe('traces', () => {
  it('are chosen, walked from thread to thread and round their loop, and left', async () => {
    const tui = start({ columns: 120, rows: 40 }, { mode: 'traces' });
    await tui.shows('4 verdicts');
    await tui.press('\r', /step 1 of/);
    await tui.press('n', 'reader 0 in lock_vma_under_rcu.mas_walk');
    await tui.press(`${ESCAPE}`, '4 verdicts');
    await tui.press('G\r', 'wait: retries');
    await tui.press('o', 'the last step leads back here');
    await tui.press('Gj', 'the last step leads back here');
    tui.type('q');
    expect(await tui.exited()).toBe(0);
  });
});
