import { createContext } from 'react';
import type { Line } from '../text/line.ts';
import type { Theme } from '../theme.ts';
import { paintLine } from './paint-line.ts';
import { depthOf, type Styles, stylesOf } from './sgr.ts';

/** A whole screen: as many lines as the terminal has, and which of them are selected. */
export interface Frame {
  readonly columns: number;
  readonly rows: number;
  readonly lines: readonly Line[];
  readonly selected: readonly number[];
}

/** Draws frames on the terminal. */
export interface Painter {
  /** Draw a frame, at once or as soon as the last one is old enough; of it what has changed. */
  show(frame: Frame): void;
  /** Draw nothing any more. */
  hide(): void;
  /** Draw everything anew. */
  redraw(): void;
  /** The terminal as Ink is to have it: what is written to it does not spoil the frame for long. */
  readonly stdout: NodeJS.WriteStream;
}

/** The painter of the terminal; `null` where Ink draws itself: to a screen reader, and in tests. */
export const PainterContext = createContext<Painter | null>(null);

/** Frames closer to each other than this are not seen; the last of them is drawn. */
const FRAME_MS = 1000 / 60;

const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';
/** A character the terminal thinks wider than we do must not push the rest of its line into the next. */
const CUT_LINES = '\u001b[?7l';
const WRAP_LINES = '\u001b[?7h';
const ERASE_LINE = '\u001b[K';
const ERASE_ALL = '\u001b[H\u001b[J';
const HOME = '\u001b[H';

/** What is written without leaving a trace on the screen: modes other than the screen itself, and OSC. */
const HARMLESS =
  /^(?:\u001b\[\?(?!1049|7[hl])[\d;]+[hl]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\))*$/;
const ALTERNATE = /\u001b\[\?1049([hl])/g;

/**
 * A painter for a terminal.
 *
 * Ink lays its elements out in cells, one by one, for every frame: on a screen full of text that is most
 * of the time between a key and what it does. So Ink has no text to lay out, and lines that have their
 * width already are written here, those that changed, each at its place. What Ink writes itself, on
 * resize, suspension and the way out, goes through `stdout`: while the alternate screen is there the
 * frame is drawn anew after it, and nothing is drawn while it is not.
 */
export function createPainter(
  terminal: NodeJS.WriteStream,
  theme: Theme,
  env: NodeJS.ProcessEnv,
): Painter {
  const styles = stylesOf(theme, depthOf(colorBits(terminal, env)));
  let wanted: Frame | null = null;
  /** What stands in each line; empty where that is not known. */
  let shown: readonly string[] = [];
  let shownAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let alternate = false;

  const draw = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (!wanted || !alternate || !fits(wanted, terminal)) return;
    const lines = paintedLines(wanted, styles);
    const changes = differences(shown, lines);
    shown = lines;
    shownAt = performance.now();
    if (changes !== '') terminal.write(BEGIN + CUT_LINES + changes + HOME + WRAP_LINES + END);
  };
  const soon = (ms: number): void => {
    timer ??= setTimeout(draw, ms);
  };
  const wrote = (data: unknown): void => {
    const text = typeof data === 'string' ? data : '';
    const switched = [...text.matchAll(ALTERNATE)].at(-1);
    if (switched) alternate = switched[1] === 'h';
    if (HARMLESS.test(text)) return;
    shown = [];
    if (wanted && alternate) soon(0);
  };
  return {
    show: (frame) => {
      wanted = frame;
      const rest = shownAt + FRAME_MS - performance.now();
      if (rest > 0) soon(rest);
      else draw();
    },
    hide: () => {
      wanted = null;
      clearTimeout(timer);
      timer = undefined;
    },
    redraw: () => {
      shown = [];
      draw();
    },
    stdout: watched(terminal, wrote),
  };
}

/** A frame for another size than the terminal has now is followed by one that fits. */
function fits({ columns, rows }: Frame, terminal: NodeJS.WriteStream): boolean {
  return columns === terminal.columns && rows === terminal.rows;
}

/**
 * Bits of colour. NO_COLOR is the theme's affair, for emphasis stays; and who says CI may have a terminal
 * all the same, as there is one here.
 */
function colorBits(terminal: NodeJS.WriteStream, env: NodeJS.ProcessEnv): number {
  const { NO_COLOR: _color, CI: _ci, ...rest } = env;
  return terminal.getColorDepth(rest);
}

function paintedLines({ columns, lines, selected }: Frame, styles: Styles): string[] {
  return lines.map((line, index) => paintedLine(line, columns, styles, selected.includes(index)));
}

/** Lines as they were last painted: who composes a frame gives the same line again where it can. */
const last = new WeakMap<Line, { readonly how: readonly unknown[]; readonly painted: string }>();

function paintedLine(...[line, ...how]: Parameters<typeof paintLine>): string {
  const found = last.get(line);
  if (found?.how.every((part, index) => part === how[index])) return found.painted;
  const painted = paintLine(line, ...how);
  last.set(line, { how, painted });
  return painted;
}

/** What makes one screen of another: every line that differs, written anew at its place. */
function differences(before: readonly string[], after: readonly string[]): string {
  const anew = before.length !== after.length;
  let written = anew ? ERASE_ALL : '';
  for (const [index, line] of after.entries()) {
    if (anew ? line === '' : line === before[index]) continue;
    written += `\u001b[${index + 1}H${anew ? '' : ERASE_LINE}${line}`;
  }
  return written;
}

/** The stream with an ear on what is written to it. */
function watched(terminal: NodeJS.WriteStream, wrote: (data: unknown) => void): NodeJS.WriteStream {
  const write = (...args: Parameters<NodeJS.WriteStream['write']>): boolean => {
    const went = terminal.write(...args);
    wrote(args[0]);
    return went;
  };
  return new Proxy(terminal, {
    get: (_, key) => {
      if (key === 'write') return write;
      const value: unknown = Reflect.get(terminal, key, terminal);
      return typeof value === 'function' ? value.bind(terminal) : value;
    },
  });
}
