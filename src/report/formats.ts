import type { Measurement, TortureResult } from '../kernel/index.ts';
import { compatDocument } from './compat/document.ts';
import type { Compat } from './compat/model.ts';
import { diffDocument } from './diff/document.ts';
import { matrixDiffDocument } from './diff/matrix-document.ts';
import type { MatrixDiff } from './diff/matrix-model.ts';
import type { Diff } from './diff/model.ts';
import { gateDocument } from './gate/document.ts';
import type { GateResult } from './gate/index.ts';
import { measurementDocument } from './measurement-document.ts';
import type { Report, VerificationGroup } from './model.ts';
import type { Published } from './published.ts';
import { publishedDocument } from './published-document.ts';
import { renderMarkdown } from './render-markdown.ts';
import { renderText, type TextOptions } from './render-text.ts';
import { type ReportTextOptions, reportDocument } from './report-document.ts';
import { verificationSection } from './sections/verification.ts';
import { tortureDocument } from './torture-document.ts';

/** A report as GitHub-flavoured Markdown that also reads as plain text. */
export function reportMarkdown(report: Report, options: ReportTextOptions = {}): string {
  return renderMarkdown(reportDocument(report, options));
}

/** A report for a terminal. */
export function reportText(
  report: Report,
  text: TextOptions,
  options: ReportTextOptions = {},
): string {
  return renderText(reportDocument(report, options), text);
}

/** Published figures beside the modelled ones, as GitHub-flavoured Markdown. */
export function publishedMarkdown(published: Published): string {
  return renderMarkdown(publishedDocument(published));
}

/** A diff as GitHub-flavoured Markdown. */
export function diffMarkdown(diff: Diff): string {
  return renderMarkdown(diffDocument(diff));
}

/** A diff for a terminal. */
export function diffText(diff: Diff, text: TextOptions): string {
  return renderText(diffDocument(diff), text);
}

/** What differs between two sets of cells, as GitHub-flavoured Markdown. */
export function matrixDiffMarkdown(diff: MatrixDiff): string {
  return renderMarkdown(matrixDiffDocument(diff));
}

/** The same for a terminal. */
export function matrixDiffText(diff: MatrixDiff, text: TextOptions): string {
  return renderText(matrixDiffDocument(diff), text);
}

/** A measurement as GitHub-flavoured Markdown. */
export function measurementMarkdown(measurement: Measurement): string {
  return renderMarkdown(measurementDocument(measurement));
}

/** A measurement for a terminal. */
export function measurementText(measurement: Measurement, text: TextOptions): string {
  return renderText(measurementDocument(measurement), text);
}

/** What the model checker says, as a section of a report in Markdown. */
export function verificationMarkdown(groups: readonly VerificationGroup[]): string {
  return renderMarkdown(verificationSection(groups));
}

/** The same for a terminal. */
export function verificationText(groups: readonly VerificationGroup[], text: TextOptions): string {
  return renderText(verificationSection(groups), text);
}

/** The results of a torture test as GitHub-flavoured Markdown. */
export function tortureMarkdown(results: readonly TortureResult[]): string {
  return renderMarkdown(tortureDocument(results));
}

/** The results of a torture test for a terminal. */
export function tortureText(results: readonly TortureResult[], text: TextOptions): string {
  return renderText(tortureDocument(results), text);
}

/** What a gate found, for a terminal or a CI's log. */
export function gateText(result: GateResult, baseline: string, text: TextOptions): string {
  return renderText(gateDocument(result, baseline), text);
}

/** A compatibility report as GitHub-flavoured Markdown. */
export function compatMarkdown(compat: Compat): string {
  return renderMarkdown(compatDocument(compat));
}

/** A compatibility report for a terminal or a mail. */
export function compatText(compat: Compat, text: TextOptions): string {
  return renderText(compatDocument(compat), text);
}
