import { diffDocument } from '../diff/document.ts';
import { matrixDiffDocument } from '../diff/matrix-document.ts';
import type { MatrixDiff } from '../diff/matrix-model.ts';
import type { Diff } from '../diff/model.ts';
import type { Block } from '../document.ts';
import { blocksHtml, sectionsHtml } from './blocks.ts';
import { newContext } from './context.ts';
import { pageText } from './page.ts';

/** A diff as one HTML file like that of a report. */
export function diffHtml(diff: Diff): string {
  return documentHtml(diffDocument(diff));
}

/** What differs between two sets of cells, as one HTML file. */
export function matrixDiffHtml(diff: MatrixDiff): string {
  return documentHtml(matrixDiffDocument(diff));
}

/** A document as one HTML file; its first heading is the title of the page. */
export function documentHtml([, ...blocks]: readonly Block[], title = 'kmatrix diff'): string {
  const context = newContext();
  const first = blocks.findIndex((block) => block.kind === 'heading');
  const cut = first < 0 ? blocks.length : first;
  return pageText(context, {
    title,
    intro: blocksHtml(blocks.slice(0, cut), title),
    sections: sectionsHtml(context, blocks.slice(cut)),
  });
}
