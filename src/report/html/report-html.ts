import type { Report } from '../model.ts';
import { askedSection } from '../sections/asked.ts';
import { costsSection } from '../sections/costs.ts';
import { limitsSection } from '../sections/limits.ts';
import { type Section, sectionsHtml } from './blocks.ts';
import { newContext } from './context.ts';
import type { Html } from './html.ts';
import { introText, pageText } from './page.ts';
import { cellsHtml } from './sections/cells.ts';
import { countsHtml } from './sections/counts.ts';
import { fallbacksHtml } from './sections/fallbacks.ts';
import { keyQuestionsHtml } from './sections/key-questions.ts';
import { performanceHtml } from './sections/performance.ts';
import { structsHtml } from './sections/structs.ts';
import { summaryHtml } from './sections/summary.ts';
import { surfaceHtml } from './sections/surface.ts';
import { tortureSections } from './sections/torture.ts';
import { verificationHtml } from './sections/verification.ts';

/**
 * A report as one HTML file. It loads nothing, is the same bytes for the same report, and is whole
 * without its script, which adds sorting, search and what is said of a cell on hover and focus.
 */
export function reportHtml(report: Report): string {
  const context = newContext();
  const named = (title: string, parts: readonly Html[]): Section[] =>
    parts.map((html) => ({ title, html }));
  const rest = [
    ...named('API surface', surfaceHtml(context, report)),
    ...named('Structures', structsHtml(context, report)),
    ...named('Fallback paths', fallbacksHtml(context, report)),
    ...named('Performance', performanceHtml(context, report)),
    ...sectionsHtml(context, costsSection(report)),
    ...named('Counts', countsHtml(context, report)),
    ...named('Verification', verificationHtml(context, report.verification)),
    ...named('Torture', tortureSections(context, report.torture)),
    ...named('Cells', cellsHtml(context, report)),
    ...sectionsHtml(context, [...askedSection(report), ...limitsSection(report)]),
  ];
  const titles = new Set(rest.map(({ title }) => title));
  return pageText(context, {
    title: `kmatrix report: ${report.name}`,
    intro: introText(report.description),
    sections: [
      ...named('Key questions', keyQuestionsHtml(context, report, titles)),
      { title: 'Summary', html: summaryHtml(context, report, titles) },
      ...rest,
    ],
  });
}
