/** A screen as a picture: SVG with the text as text, so that it can be searched and read aloud. */
import type { Paint, Painted, Piece } from '../painted.ts';

const FONT = "'DejaVu Sans Mono','Liberation Mono',Menlo,Consolas,monospace";
const FONT_SIZE = 14;
/** Size of a character: what DejaVu Sans Mono takes at that size. */
const CELL = { width: 8.43, height: 17 } as const;
const MARGIN = 12;
const BASELINE = 13;
const PAPER = '#1d1f21';
const INK = '#d4d4d0';
const DIM = 0.62;

/** The 16 colours: those of Tomorrow Night, dark text first. */
const PALETTE: readonly string[] = [
  ...['#373b41', '#d7605f', '#a8b95e', '#e9b95c', '#78a4cf', '#c08ad0', '#6cc5c0', '#c5c8c6'],
  ...['#7c7f82', '#ec8280', '#c3d486', '#f7d183', '#9cc2e6', '#d7a9e4', '#8fe0da', '#ffffff'],
];

/**
 * The picture of a screen. The same screen gives the same bytes; `title` is what a reader who cannot see it is told.
 * Every piece is stretched to the columns it takes, so that fonts of another width leave the columns straight.
 */
export function svgOf({ columns, lines }: Painted, title: string): string {
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
  const height = Math.ceil(lines.length * CELL.height + 2 * MARGIN);
  const body = lines.flatMap((line, row) => {
    const shown = line.filter(isSeen);
    const papers = shown.flatMap((piece) => paperOf(piece, row));
    const texts = shown.flatMap((piece) => textOf(piece, row));
    return [...papers, ...texts];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>text{font:${FONT_SIZE}px ${FONT};fill:${INK};white-space:pre}rect{shape-rendering:crispEdges}.b{font-weight:bold}.d{opacity:${DIM}}.i{font-style:italic}.u{text-decoration:underline}</style>`,
    `<rect width="${width}" height="${height}" rx="6" fill="${PAPER}"/>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

/** Blanks are paper, unless something is drawn under them. */
function isSeen({ text, look }: Piece): boolean {
  return text.trim() !== '' || look.inverse || look.paper !== null || look.underline;
}

function paperOf({ column, columns, look }: Piece, row: number): string[] {
  const fill = look.inverse ? (colour(look.ink) ?? INK) : colour(look.paper);
  if (fill === null) return [];
  const dim = look.inverse && look.dim ? ` opacity="${DIM}"` : '';
  return [
    `<rect x="${x(column)}" y="${y(row)}" width="${number(columns * CELL.width)}" height="${CELL.height}" fill="${fill}"${dim}/>`,
  ];
}

function textOf({ text, column, columns, look }: Piece, row: number): string[] {
  if (text.trim() === '') return [];
  const classes = [look.bold && 'b', look.dim && 'd', look.italic && 'i', look.underline && 'u'];
  const names = classes.filter((name) => name !== false).join(' ');
  const fill = look.inverse ? (colour(look.paper) ?? PAPER) : colour(look.ink);
  // A text that begins at its first letter needs no blanks before it.
  const lead = text.length - text.trimStart().length;
  const drawn = text.trim();
  const span = columns - (text.length - drawn.length);
  return [
    `<text x="${x(column + lead)}" y="${number(Number(y(row)) + BASELINE)}" textLength="${number(span * CELL.width)}" lengthAdjust="spacingAndGlyphs"` +
      `${names && ` class="${names}"`}${fill === null ? '' : ` style="fill:${fill}"`}>${escaped(drawn)}</text>`,
  ];
}

function x(column: number): string {
  return number(MARGIN + column * CELL.width);
}

function y(row: number): string {
  return number(MARGIN + row * CELL.height);
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** As `#rrggbb`; `null` for the terminal's own. */
function colour(paint: Paint): string | null {
  if (paint === null || typeof paint === 'string') return paint;
  if (paint < 16) return PALETTE[paint] as string;
  if (paint >= 232) return hex([0, 0, 0].map(() => 8 + 10 * (paint - 232)));
  const cube = paint - 16;
  const level = (n: number) => (n === 0 ? 0 : 55 + 40 * n);
  return hex([Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level));
}

function hex(parts: readonly number[]): string {
  return `#${parts.map((n) => n.toString(16).padStart(2, '0')).join('')}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
