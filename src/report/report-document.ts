import { type Block, bullets, heading, paragraph } from './document.ts';
import type { Report } from './model.ts';
import { answersSection } from './sections/answers.ts';
import { askedSection } from './sections/asked.ts';
import { cellsSection } from './sections/cells.ts';
import { costsSection } from './sections/costs.ts';
import { fallbackSection } from './sections/fallbacks.ts';
import { limitsSection } from './sections/limits.ts';
import { performanceSection } from './sections/performance.ts';
import { structSection } from './sections/structs.ts';
import { surfaceSection } from './sections/surface.ts';
import { verificationSection } from './sections/verification.ts';
import { tortureSection } from './torture-document.ts';

/** What to include in a report's text. */
export interface ReportTextOptions {
  /** Also list APIs that are the same in every kernel. */
  readonly all?: boolean;
}

/** The report as blocks of text, in reading order. */
export function reportDocument(report: Report, options: ReportTextOptions = {}): Block[] {
  return [
    heading(1, `kmatrix report: ${report.name}`),
    ...(report.description === '' ? [] : [paragraph(report.description)]),
    ...answersSection(report),
    heading(2, 'Summary'),
    bullets(report.summary.map((sentence) => [sentence])),
    ...askedSection(report),
    ...cellsSection(report),
    ...surfaceSection(report, options.all ?? false),
    ...structSection(report),
    ...fallbackSection(report),
    ...performanceSection(report),
    ...costsSection(report),
    ...verificationSection(report.verification),
    ...tortureSection(report.torture),
    ...limitsSection(report),
  ];
}
