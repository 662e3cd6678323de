import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildDriver, startDriver } from './testing/pty.ts';
import type { TestTerminal } from './testing/terminal.ts';

const SIZE = { columns: 80, rows: 24 };

let tui: TestTerminal;

beforeAll(buildDriver, 120_000);
afterEach(() => tui?.kill());

/** What a terminal sends for a click or a notch of the wheel; the top left cell is 1, 1. */
const report = (button: number, column: number, row: number): string =>
  `\u001b[<${button};${column};${row}M`;
const click = (column: number, row: number): string =>
  `${report(0, column, row)}\u001b[<0;${column};${row}m`;

describe('the mouse', () => {
  it('selects, opens, changes tabs, scrolls and presses keys, in order with what is typed', async () => {
    tui = startDriver(SIZE);
    await tui.shows('13 cells');
    expect(tui.raw()).toContain('\u001b[?1000h');
    await tui.press(click(10, 5), /▸ +v6\.12 +n +y/);
    await tui.press(`${report(65, 10, 5)}k${click(10, 5)}${click(10, 5)}`, '› v6.12:64BIT=n,SMP=y');
    await tui.press(click(tui.lines()[1]!.indexOf('3 Fallback') + 2, 2), '[3 Fallback');
    await tui.press(click(3, 1), '13 cells');
    const quit = tui.lines().at(-1)!.indexOf('quit') + 1;
    tui.type(click(quit, 24));
    expect(await tui.exited()).toBe(0);
  });

  it('is left to the terminal when asked to', async () => {
    tui = startDriver(SIZE, { args: ['--no-mouse'] });
    await tui.shows('13 cells');
    expect(tui.raw()).not.toContain('\u001b[?1000h');
    // Until it is asked for.
    tui.type(':take the mouse\r');
    await tui.press(click(10, 5), /▸ +v6\.12 +n +y/);
  });
});

it('takes a paste for text where text is typed, and for nothing elsewhere', async () => {
  tui = startDriver(SIZE);
  await tui.shows('13 cells');
  tui.type('\u001b[200~q\r\u001b[201~');
  await tui.press('/', ' /_');
  await tui.press('\u001b[200~v7\nsmp=n\u001b[201~', '/v7 smp=n_');
});
