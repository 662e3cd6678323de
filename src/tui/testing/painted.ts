/** What a terminal shows, as pieces of lines that look alike: the form pictures of a screen are made from. */
import type { IBufferCell, Terminal } from '@xterm/headless';

/** A colour of the palette (0 to 255), a colour as `#rrggbb`, or the terminal's own. */
export type Paint = number | string | null;

/** How a piece of a line looks. */
export interface Look {
  readonly ink: Paint;
  readonly paper: Paint;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

/** Neighbouring characters of one look. */
export interface Piece {
  readonly text: string;
  /** First column, from 0. */
  readonly column: number;
  readonly columns: number;
  readonly look: Look;
}

/** A screen, line by line. */
export interface Painted {
  readonly columns: number;
  readonly lines: readonly (readonly Piece[])[];
}

/** Reads what the emulator shows now. A piece never joins characters that fonts may give different widths. */
export function paintedOf(terminal: Terminal): Painted {
  const { active } = terminal.buffer;
  const { cols: columns, rows } = terminal;
  const lines = Array.from({ length: rows }, (_, row) => {
    const line = active.getLine(active.viewportY + row);
    const pieces: Piece[] = [];
    for (let column = 0; line && column < columns; column++) {
      const cell = line.getCell(column);
      if (cell && cell.getWidth() > 0) add(pieces, cell, column);
    }
    return pieces;
  });
  return { columns, lines };
}

function add(pieces: Piece[], cell: IBufferCell, column: number): void {
  const last = pieces.at(-1);
  const text = cell.getChars() || ' ';
  const look = lookOf(cell);
  const columns = cell.getWidth();
  if (last && columns === 1 && joins(last, text) && sameLook(last.look, look)) {
    pieces[pieces.length - 1] = {
      ...last,
      text: last.text + text,
      columns: last.columns + columns,
    };
  } else pieces.push({ text, column, columns, look });
}

/** Only ASCII is as wide as its neighbours in every monospaced font; others come from whatever font has them. */
function joins(last: Piece, text: string): boolean {
  if (last.columns !== last.text.length) return false;
  const ascii = isAscii(text);
  return ascii === isAscii(last.text) && (ascii || last.text.startsWith(text));
}

function isAscii(text: string): boolean {
  return text.charCodeAt(0) < 0x80;
}

function lookOf(cell: IBufferCell): Look {
  return {
    ink: paint(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
    paper: paint(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
    inverse: cell.isInverse() !== 0,
  };
}

function paint(own: boolean, rgb: boolean, color: number): Paint {
  if (own) return null;
  return rgb ? `#${color.toString(16).padStart(6, '0')}` : color;
}

function sameLook(a: Look, b: Look): boolean {
  return (Object.keys(a) as (keyof Look)[]).every((key) => a[key] === b[key]);
}
