import { EventEmitter } from 'node:events';
import xterm from '@xterm/headless';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { seg } from '../text/line.ts';
import { makeTheme } from '../theme.ts';
import { createPainter, type Frame, type Painter } from './painter.ts';

const COLUMNS = 20;
const ALTERNATE = '\u001b[?1049h';
const PRIMARY = '\u001b[?1049l';

let screen: InstanceType<typeof xterm.Terminal>;
let written: string[];
let terminal: NodeJS.WriteStream;
let painter: Painter;

beforeEach(() => {
  vi.useFakeTimers();
  screen = new xterm.Terminal({ cols: COLUMNS, rows: 4, allowProposedApi: true });
  written = [];
  const stream = Object.assign(new EventEmitter(), {
    columns: COLUMNS,
    rows: 4,
    isTTY: true,
    getColorDepth: () => 8,
    write: (data: string) => {
      written.push(data);
      return true;
    },
  });
  terminal = stream as unknown as NodeJS.WriteStream;
  painter = createPainter(terminal, makeTheme({ TERM: 'xterm-256color' }), {});
  painter.stdout.write(ALTERNATE);
});

afterEach(() => {
  vi.useRealTimers();
  screen.dispose();
});

function frame(...texts: string[]): Frame {
  const { columns, rows } = terminal;
  return { columns, rows, lines: texts.map((text) => [seg(text)]), selected: [] };
}

/** What the terminal shows of everything written so far. */
async function lines(): Promise<string[]> {
  const drawn = new Promise<void>((resolve) => screen.write(written.splice(0).join(''), resolve));
  await vi.advanceTimersByTimeAsync(0);
  await drawn;
  const { active } = screen.buffer;
  return Array.from({ length: 4 }, (_, row) => active.getLine(row)!.translateToString(true));
}

/** Let time pass until the next frame may be drawn. */
function pass(): void {
  vi.advanceTimersByTime(20);
}

describe('the painter', () => {
  it('draws a frame at once, and of the next what has changed', async () => {
    painter.show(frame('one', 'two', '', 'four'));
    expect(await lines()).toEqual(['one', 'two', '', 'four']);
    pass();
    painter.show(frame('one', '2', '', 'four'));
    expect(written).toHaveLength(1);
    expect(written[0]).not.toContain('one');
    expect(await lines()).toEqual(['one', '2', '', 'four']);
    pass();
    painter.show(frame('one', '2', '', 'four'));
    expect(written).toEqual([]);
  });

  it('draws the last of frames that come too fast', async () => {
    painter.show(frame('0'));
    for (const text of ['1', '2', '3']) painter.show(frame(text));
    expect((await lines())[0]).toBe('0');
    pass();
    expect(written).toHaveLength(1);
    expect((await lines())[0]).toBe('3');
  });

  it('draws all of it after something else was written', async () => {
    painter.show(frame('one', 'two'));
    painter.stdout.write('\u001b[2Kgarbage\n');
    expect((await lines()).join()).toContain('garbage');
    pass();
    expect(await lines()).toEqual(['one', 'two', '', '']);
  });

  it('lets be what leaves no trace: modes, and the clipboard', () => {
    painter.show(frame('one'));
    written.length = 0;
    painter.stdout.write('\u001b[?1000h\u001b[?1006h');
    painter.stdout.write('\u001b]52;c;b25l\u0007');
    pass();
    expect(written).toHaveLength(2);
  });

  it('draws nothing off the alternate screen, and all of it when that is back', async () => {
    painter.show(frame('one', 'two'));
    painter.stdout.write(`\u001b[2K${PRIMARY}`);
    await lines();
    pass();
    painter.show(frame('three', 'two'));
    pass();
    expect(written).toEqual([]);
    painter.stdout.write(ALTERNATE);
    pass();
    expect(await lines()).toEqual(['three', 'two', '', '']);
  });

  it('waits for a frame of the size the terminal has', async () => {
    painter.show(frame('one'));
    await lines();
    terminal.rows = 3;
    painter.stdout.write('\u001b[2K');
    pass();
    expect(written).toHaveLength(1);
    painter.show(frame('uno'));
    expect((await lines())[0]).toBe('uno');
  });

  it('keeps a character that is wider than thought out of the next line', async () => {
    // Two columns to Ink, one to this emulator, or the other way round: nobody agrees on these.
    painter.show(frame(`${'1'.repeat(COLUMNS - 1)}漢`, 'two'));
    painter.show(frame('x'));
    pass();
    painter.show(frame(`${'❤\ufe0f'.repeat(COLUMNS)}`, 'two'));
    pass();
    expect((await lines())[1]).toBe('two');
  });

  it('draws nothing when it is hidden', () => {
    painter.show(frame('one'));
    painter.hide();
    written.length = 0;
    painter.stdout.write('\u001b[2K');
    painter.redraw();
    pass();
    expect(written).toHaveLength(1);
  });

  it('gives Ink the terminal, listeners and all', () => {
    const resized = vi.fn();
    painter.stdout.on('resize', resized);
    terminal.emit('resize');
    expect(resized).toHaveBeenCalledOnce();
    expect(painter.stdout.isTTY).toBe(true);
    expect(painter.stdout.columns).toBe(COLUMNS);
  });
});
