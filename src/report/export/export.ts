import { toJson } from '../../input/index.ts';
import { type CsvSection, reportCsv } from '../csv/sections.ts';
import { matrixDiffCsv } from '../diff/csv.ts';
import { diffSides } from '../diff/diff.ts';
import { diffMatrices } from '../diff/matrix-diff.ts';
import { matricesOfDiff } from '../diff/one-pair.ts';
import type { Side } from '../diff/side.ts';
import {
  diffMarkdown,
  diffText,
  matrixDiffMarkdown,
  matrixDiffText,
  reportMarkdown,
  reportText,
} from '../formats.ts';
import { diffHtml, documentHtml, matrixDiffHtml, reportHtml } from '../html/index.ts';
import type { Report } from '../model.ts';
import { renderMarkdown } from '../render-markdown.ts';
import { MAIL, renderText } from '../render-text.ts';
import { selectCells } from '../select-cells.ts';
import { type Listing, listingCsv, listingDocument } from './listing.ts';

/** Formats anything can be exported in. */
export const EXPORT_FORMATS = ['md', 'mail', 'html', 'json', 'csv'] as const;

/** A format to export in. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** What can be exported: a report or the report of some of its cells, or what differs between two sides. */
export type ExportSubject =
  | { readonly kind: 'report'; readonly report: Report; readonly cells?: readonly string[] }
  | { readonly kind: 'diff'; readonly left: Side; readonly right: Side }
  /** Two editions of a report, cell by cell. */
  | {
      readonly kind: 'editions';
      readonly report: Report;
      readonly left: string;
      readonly right: string;
    }
  | { readonly kind: 'listing'; readonly listing: Listing };

/** What to export, and how. Plain data, that can be sent to a thread. */
export interface ExportRequest {
  readonly subject: ExportSubject;
  readonly format: ExportFormat;
  /** The table of a report as `csv`; that of the cells if not given. */
  readonly section?: CsvSection;
}

/** The text of an export, the same that the command line writes. */
export function exportText({ subject, format, section = 'cells' }: ExportRequest): string {
  switch (subject.kind) {
    case 'diff':
      return diffExport(subject, format);
    case 'editions':
      return editionsExport(subject, format);
    case 'listing':
      return listingExport(subject.listing, format);
    case 'report':
      return reportExport(subject, format, section);
  }
}

type Subject<K extends ExportSubject['kind']> = Extract<ExportSubject, { readonly kind: K }>;

function diffExport({ left, right }: Subject<'diff'>, format: ExportFormat): string {
  const diff = diffSides(left, right);
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

function editionsExport(
  { report, left, right }: Subject<'editions'>,
  format: ExportFormat,
): string {
  const source = report.matrixFile;
  const diff = diffMatrices({ report, source, edition: left }, { report, source, edition: right });
  switch (format) {
    case 'md':
      return matrixDiffMarkdown(diff);
    case 'mail':
      return matrixDiffText(diff, MAIL);
    case 'html':
      return matrixDiffHtml(diff);
    case 'json':
      return toJson(diff);
    case 'csv':
      return matrixDiffCsv(diff);
  }
}

function listingExport(listing: Listing, format: ExportFormat): string {
  switch (format) {
    case 'md':
      return renderMarkdown(listingDocument(listing));
    case 'mail':
      return renderText(listingDocument(listing), MAIL);
    case 'html':
      return documentHtml(listingDocument(listing), listing.title);
    case 'json':
      return toJson(listing);
    case 'csv':
      return listingCsv(listing);
  }
}

function reportExport(
  { report: whole, cells }: Subject<'report'>,
  format: ExportFormat,
  section: CsvSection,
): string {
  const report = cells ? selectCells(whole, cells) : whole;
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
