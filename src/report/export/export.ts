import { toJson } from '../../input/index.ts';
import { type CsvSection, reportCsv } from '../csv/sections.ts';
import { matrixDiffCsv } from '../diff/csv.ts';
import { diffSides } from '../diff/diff.ts';
import { matricesOfDiff } from '../diff/one-pair.ts';
import type { Side } from '../diff/side.ts';
import { diffMarkdown, diffText, reportMarkdown, reportText } from '../formats.ts';
import { diffHtml, reportHtml } from '../html/index.ts';
import type { Report } from '../model.ts';
import { MAIL } from '../render-text.ts';
import { selectCells } from '../select-cells.ts';

/** Formats anything can be exported in. */
export const EXPORT_FORMATS = ['md', 'mail', 'html', 'json', 'csv'] as const;

/** A format to export in. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What can be exported: a report or the report of some of its cells, or what differs between two sides. */
export type ExportSubject =
  | { readonly kind: 'report'; readonly report: Report; readonly cells?: readonly string[] }
  | { readonly kind: 'diff'; readonly left: Side; readonly right: Side };

/** What to export, and how. Plain data, that can be sent to a thread. */
export interface ExportRequest {
  readonly subject: ExportSubject;
  readonly format: ExportFormat;
  /** The table of a report as `csv`; that of the cells if not given. */
  readonly section?: CsvSection;
}

/** The text of an export, the same that the command line writes. */
export function exportText({ subject, format, section = 'cells' }: ExportRequest): string {
  if (subject.kind === 'diff') {
    const diff = diffSides(subject.left, subject.right);
    switch (format) {
      case 'md':
        return diffMarkdown(diff);
      case 'mail':
        return diffText(diff, MAIL);
      case 'html':
        return diffHtml(diff);
      case 'json':
        return toJson(diff);
      case 'csv':
        return matrixDiffCsv(matricesOfDiff(diff));
    }
  }
  const { cells } = subject;
  const report = cells ? selectCells(subject.report, cells) : subject.report;
  switch (format) {
    case 'md':
      return reportMarkdown(report);
    case 'mail':
      return reportText(report, MAIL);
    case 'html':
      return reportHtml(report);
    case 'json':
      return toJson(report);
    case 'csv':
      return reportCsv(report, section);
  }
}
