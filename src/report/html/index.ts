/** Reports and diffs as one HTML file each. */
export { diffHtml, documentHtml, matrixDiffHtml } from './diff-html.ts';
export { reportHtml } from './report-html.ts';
export { tortureHtml } from './sections/torture.ts';
