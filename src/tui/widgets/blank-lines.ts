import type { Line } from '../text/line.ts';

/** `count` empty lines. They hold a space each: an empty text node would have no height. */
export function blankLines(count: number): Line[] {
  return Array.from({ length: Math.max(0, count) }, () => BLANK);
}

const BLANK: Line = [{ text: ' ' }];
