import { fitLine, type Line, type Segment, seg } from '../text/line.ts';
import { textWidth } from '../text/width.ts';
import type { Glyphs } from '../theme.ts';

/** A tab or a layer: a long title, a short one for narrow terminals, and how many rows it holds. */
export interface Tab {
  readonly title: string;
  readonly short: string;
  readonly count?: number;
}

/** The tabs in one line, the open one in brackets; short titles where the long ones do not fit. */
export function tabsLine(tabs: readonly Tab[], open: number, width: number, glyphs: Glyphs): Line {
  const forms = [
    tabs.map(({ title, count }) => withCount(title, count)),
    tabs.map(({ short, count }) => withCount(short, count)),
    tabs.map(({ short }, index) => (index === open ? short : '')),
  ];
  const fits = forms.find((form) => lineWidth(form) <= width) ?? forms.at(-1)!;
  return fitLine(
    fits.flatMap((title, index) => tabSegments(title, index, open)),
    width,
    glyphs.ellipsis,
  );
}

function withCount(title: string, count: number | undefined): string {
  return count === undefined ? title : `${title} ${count}`;
}

function tabSegments(title: string, index: number, open: number): Segment[] {
  const text = title === '' ? `${index + 1}` : `${index + 1} ${title}`;
  // Brackets, so that the open tab is known without colour too.
  const click = { tab: index };
  return index === open
    ? [{ text: `[${text}]`, tone: 'accent', click }, seg(' ')]
    : [{ text: ` ${text} `, tone: 'muted', click }, seg(' ')];
}

function lineWidth(titles: readonly string[]): number {
  return titles.reduce((sum, title) => sum + textWidth(title) + 5, 0);
}
