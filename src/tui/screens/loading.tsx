import { Text } from 'ink';
import type { ReactElement } from 'react';
import { footerBindings, type KeyTable } from '../keys/key-table.ts';
import type { Size } from '../state/model.ts';
import { fitLine, seg } from '../text/line.ts';
import type { Theme } from '../theme.ts';
import { bar } from '../widgets/bar.ts';
import { blankLines } from '../widgets/blank-lines.ts';
import { footerLine } from '../widgets/footer.ts';
import { FrameView } from '../widgets/frame-view.tsx';

/** How far loading has come. `total` 0 means that is not known yet. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly label: string;
}

/** The screen until the report is there: what is being done, how far, how long yet. */
export function Loading({
  title,
  progress,
  seconds,
  size,
  theme,
  keys,
}: {
  readonly title: string;
  readonly progress: Progress;
  /** Seconds since loading began. */
  readonly seconds: number;
  readonly size: Size;
  readonly theme: Theme;
  readonly keys: KeyTable;
}): ReactElement {
  if (theme.reader) return <Text>{spokenProgress(title, progress)}</Text>;
  const { columns: width, rows } = size;
  const bar = progressBar(progress, Math.max(4, Math.min(40, width - 24)), theme);
  const lines = [
    [seg(title, 'accent')],
    [seg(' ')],
    [seg(` ${bar}`), seg(timeText(progress, seconds), 'muted')],
    [seg(` ${progress.label}`, 'muted')],
  ].slice(0, Math.max(1, rows - 1));
  const footer = footerLine(footerBindings(keys, 'loading'), width, theme);
  const frame = {
    ...size,
    lines: [
      ...lines.map((line) => fitLine(line, width, theme.glyphs.ellipsis)),
      ...blankLines(rows - 1 - lines.length),
      ...(rows > 1 ? [footer] : []),
    ],
    selected: [],
  };
  return <FrameView frame={frame} />;
}

/** Progress to be read out: a word at each quarter, not at each step. */
export function spokenProgress(title: string, { done, total }: Progress): string {
  const quarter = total > 0 ? Math.floor((4 * done) / total) * 25 : 0;
  return `${title}: loading${quarter > 0 ? `, ${quarter} percent` : ''}. q quits.`;
}

/** A bar of `width` columns with the figures behind it. */
export function progressBar({ done, total }: Progress, width: number, { glyphs }: Theme): string {
  const figures = total > 0 ? `  ${done} of ${total}` : '';
  return bar(total > 0 ? done / total : 0, width, glyphs) + figures;
}

/** Time left, judged by the time so far; nothing before there is something to judge by. */
export function timeText({ done, total }: Progress, seconds: number): string {
  if (done === 0 || total === 0 || done >= total || seconds < 1) return '';
  return `  ${Math.ceil((seconds / done) * (total - done))} s left`;
}
