import type { ReactElement } from 'react';
import type { Line } from '../text/line.ts';
import { StyledLine } from './styled-line.tsx';

/** Lines below each other, one of them selected. */
export function Lines({
  lines,
  selected = -1,
}: {
  readonly lines: readonly Line[];
  readonly selected?: number;
}): ReactElement[] {
  return lines.map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a line of the screen is its place; scrolling changes what is drawn there.
    <StyledLine key={index} line={line} selected={index === selected} />
  ));
}

/** `count` empty lines. They hold a space each: an empty text node would have no height. */
export function blankLines(count: number): Line[] {
  return Array.from({ length: Math.max(0, count) }, () => BLANK);
}

const BLANK: Line = [{ text: ' ' }];
