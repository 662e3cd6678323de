import type { DetailLine } from '../../state/row.ts';

/** The groups of `elsewhere` as detail lines. */
export function groups(texts: readonly string[]): DetailLine[] {
  return texts.map((text, index) => ({
    label: index === 0 ? 'kernels' : '',
    text,
  }));
}
