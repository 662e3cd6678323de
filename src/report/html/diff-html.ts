import { diffDocument } from '../diff/document.ts';
import type { Diff } from '../diff/model.ts';
import { blocksHtml, sectionsHtml } from './blocks.ts';
import { newContext } from './context.ts';
import { pageText } from './page.ts';

/** A diff as one HTML file like that of a report. */
export function diffHtml(diff: Diff): string {
  const context = newContext();
  const blocks = diffDocument(diff).slice(1);
  const first = blocks.findIndex((block) => block.kind === 'heading');
  const cut = first < 0 ? blocks.length : first;
  return pageText(context, {
    title: 'kmatrix diff',
    intro: blocksHtml(blocks.slice(0, cut), 'kmatrix diff'),
    sections: sectionsHtml(context, blocks.slice(cut)),
  });
}
