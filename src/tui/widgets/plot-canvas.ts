/**
 * A grid of characters to plot on. In braille each character holds 2 by 4 dots; in ASCII it is one mark.
 *
 * A character has one colour, so where series cross, the one drawn last wins; the dots of both stay.
 */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Dots in each direction. */
  readonly dotsWide: number;
  readonly dotsHigh: number;
  /** A line between two points given in dots, y growing downwards. */
  line(from: Dot, to: Dot, owner: number): void;
  /** A place within a band, behind lines and points. */
  shade(at: Dot, owner: number): void;
  /** A data point. */
  point(at: Dot, owner: number): void;
  /** Character and series (-1: none) of each place, row by row. */
  rows(): { readonly text: string; readonly owner: number }[][];
}

/** A place on a canvas, in dots. */
export interface Dot {
  readonly x: number;
  readonly y: number;
}

/** Bit of each of the 2 by 4 dots of a braille character, by x then y. */
const BRAILLE_BITS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

const BRAILLE_BLANK = 0x2800;

/** A canvas of braille characters. */
export function brailleCanvas(width: number, height: number): Canvas {
  const bits = new Uint8Array(width * height);
  const owners = new Int8Array(width * height).fill(-1);
  const set = ({ x, y }: Dot, owner: number): void => {
    if (x < 0 || y < 0 || x >= width * 2 || y >= height * 4) return;
    const cell = (y >> 2) * width + (x >> 1);
    bits[cell]! |= BRAILLE_BITS[x & 1]![y & 3]!;
    owners[cell] = owner;
  };
  return {
    width,
    height,
    dotsWide: width * 2,
    dotsHigh: height * 4,
    line: (from, to, owner) => {
      for (const dot of dotsBetween(from, to)) set(dot, owner);
    },
    shade: set,
    // Two dots by two: a point must stand out from the line through it.
    point: ({ x, y }, owner) => {
      for (const dx of [0, 1])
        for (const dy of [0, 1]) set({ x: x + dx - 1 + (x === 0 ? 1 : 0), y: y - dy }, owner);
    },
    rows: () =>
      grid(width, height, (cell) => ({
        text: bits[cell] === 0 ? ' ' : String.fromCodePoint(BRAILLE_BLANK + bits[cell]!),
        owner: owners[cell]!,
      })),
  };
}

/** A canvas of plain characters: `.` for lines, the series' own mark for points. */
export function asciiCanvas(width: number, height: number, marks: readonly string[]): Canvas {
  const texts = new Array<string>(width * height).fill(' ');
  const owners = new Int8Array(width * height).fill(-1);
  const put = ({ x, y }: Dot, text: string, owner: number): void => {
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    const cell = y * width + x;
    // A line never covers another series' point.
    if (text === '.' && !' .:'.includes(texts[cell]!)) return;
    texts[cell] = text;
    owners[cell] = owner;
  };
  return {
    width,
    height,
    dotsWide: width,
    dotsHigh: height,
    line: (from, to, owner) => {
      for (const dot of dotsBetween(from, to)) put(dot, '.', owner);
    },
    shade: (at, owner) => {
      if (texts[at.y * width + at.x] === ' ') put(at, ':', owner);
    },
    point: (at, owner) => put(at, marks[owner % marks.length]!, owner),
    rows: () => grid(width, height, (cell) => ({ text: texts[cell]!, owner: owners[cell]! })),
  };
}

function grid<T>(width: number, height: number, at: (cell: number) => T): T[][] {
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => at(row * width + column)),
  );
}

/** Bresenham's line. */
function* dotsBetween(from: Dot, to: Dot): Generator<Dot> {
  const dx = Math.abs(to.x - from.x);
  const dy = -Math.abs(to.y - from.y);
  const stepX = from.x < to.x ? 1 : -1;
  const stepY = from.y < to.y ? 1 : -1;
  let { x, y } = from;
  let error = dx + dy;
  for (;;) {
    yield { x, y };
    if (x === to.x && y === to.y) return;
    const doubled = 2 * error;
    if (doubled >= dy) {
      error += dy;
      x += stepX;
    }
    if (doubled <= dx) {
      error += dx;
      y += stepY;
    }
  }
}
