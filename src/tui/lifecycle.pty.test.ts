import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createJournal } from './persist/journal.ts';
import { buildDriver, driver, startDriver } from './testing/pty.ts';
import { TestTerminal } from './testing/terminal.ts';

const SIZE = { columns: 80, rows: 24 };
const CTRL_C = '\u0003';
const CTRL_Z = '\u001a';

const home = mkdtempSync(join(tmpdir(), 'kmatrix-tui-'));
let tui: TestTerminal;

beforeAll(buildDriver, 120_000);
afterEach(() => tui?.kill());
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function start(mode = ''): Promise<TestTerminal> {
  // The runs share the place of the journal, but not where the one before was left.
  tui = startDriver(SIZE, { mode, args: ['--fresh'], env: { XDG_STATE_HOME: home } });
  if (mode !== 'begin') await tui.shows('13 cells');
  return tui;
}

/** The last time a mode of the terminal was set (`h`) or reset (`l`). */
function lastOf(mode: string): string | undefined {
  const all = tui.raw().match(new RegExp(`\\u001b\\[\\?${mode}[hl]`, 'g'));
  return all?.at(-1)?.at(-1);
}

/** The terminal is as it was: screen, cursor, mouse. A shell asks for marked pastes itself. */
function expectRestored({ shell = false } = {}): void {
  expect(tui.alternate()).toBe(false);
  expect([lastOf('25'), lastOf('1000'), lastOf('1006')]).toEqual(['h', 'l', 'l']);
  if (!shell) expect(lastOf('2004')).toBe('l');
}

describe('the terminal is given back', () => {
  it('after q and after Ctrl-C, with 130', async () => {
    await start();
    tui.type('q');
    expect(await tui.exited()).toBe(0);
    expectRestored();
    await start();
    tui.type(CTRL_C);
    expect(await tui.exited()).toBe(130);
    expectRestored();
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'])('on %s', async (signal) => {
    await start();
    tui.kill(signal);
    const code = await tui.exited();
    expectRestored();
    if (signal === 'SIGINT') expect(code).toBe(130);
  });

  it('when the program breaks, which is told, and its edits are kept', async () => {
    await start('break');
    expect(await tui.exited()).toBe(70);
    expectRestored();
    expect(tui.text()).toContain('the driver broke as asked');
    expect(tui.text()).toContain('Not saved: 1 change to .config. It is kept');
    const journal = createJournal(join(home, 'kmatrix', 'journal'));
    expect(journal.unsaved('.config').map(({ entries }) => entries)).toEqual([['SMP=n']]);
  });

  it('when drawing breaks', async () => {
    await start('begin');
    expect(await tui.exited()).toBe(70);
    expectRestored();
    expect(tui.text()).toContain('the driver broke at the start as asked');
  });

  it('to the shell on Ctrl-Z, and taken again by fg', async () => {
    tui = new TestTerminal('bash', ['--norc', '--noprofile', '-i'], {
      ...SIZE,
      env: { PS1: 'shell> ', XDG_STATE_HOME: home, KMATRIX_DRIVER: '' },
    });
    await tui.shows('shell>');
    tui.type(`${process.execPath} ${driver()} --fresh\r`);
    await tui.shows('13 cells');
    await tui.press('j', /▸ +v6\.12 +y +n/);
    await tui.press(CTRL_Z, /Stopped[\s\S]*shell>\s*$/);
    expectRestored({ shell: true });
    await tui.press('echo alive\r', /\nalive/);
    await tui.press('fg\r', /^per-vma-lock[\s\S]*▸ +v6\.12 +y +n/);
    expect(tui.alternate()).toBe(true);
    await tui.press('j', /▸ +v6\.12 +n +y/);
    await tui.press('q', 'shell>');
    await tui.press('echo code $?\r', 'code 0');
    expectRestored({ shell: true });
  });
});

it("ends without a word when the one who started it is gone and the terminal is the shell's again", async () => {
  const outer = join(home, 'outer');
  const state = join(home, 'left');
  tui = new TestTerminal('bash', ['--norc', '--noprofile', '-i'], {
    ...SIZE,
    env: { PS1: 'shell> ', XDG_STATE_HOME: state, KMATRIX_DRIVER: 'edit' },
  });
  await tui.shows('shell>');
  tui.type(`sh -c 'echo $$ > ${outer}; ${process.execPath} ${driver()} --fresh; true'\r`);
  await tui.shows('13 cells');
  process.kill(Number(readFileSync(outer, 'utf8')), 'SIGKILL');
  const journal = createJournal(join(state, 'kmatrix', 'journal'));
  const left = (): number => {
    // Reading is what fails; the shell reads as well, and may be the first.
    tui.type(' ');
    // Edits belong to nobody once their program has ended.
    return journal.unsaved('.config').length;
  };
  await expect.poll(left, { timeout: 10_000 }).toBe(1);
  tui.type('\r');
  await tui.shows(/It is kept[\s\S]*shell>/);
  expect(tui.alternate()).toBe(false);
  expect(tui.text()).not.toMatch(/EIO|rror/);
});

it('survives Ctrl-Z where no shell can stop the job', async () => {
  await start();
  tui.type(CTRL_Z);
  await tui.press('jj', /▸ +v6\.12 +n +y/);
  expect(tui.alternate()).toBe(true);
});

it('asks before it leaves unsaved edits', async () => {
  await start('edit');
  await tui.press('q', /Not saved: 1 change to \.config[\s\S]*\[N {2}no, stay\]/);
  await tui.press('n', /^per-vma-lock[\s\S]*q quit$/);
  await tui.press('q', 'Not saved');
  tui.type('y');
  expect(await tui.exited()).toBe(0);
});
