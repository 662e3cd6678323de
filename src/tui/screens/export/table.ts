import {
  type CsvSection,
  csvSections,
  EXPORT_FORMATS,
  type ExportFormat,
} from '../../../report/index.ts';
import { CLIPBOARD_BYTES, kilobytes } from '../../effects/export.ts';
import { headingRow, type Row } from '../../state/row.ts';
import { seg } from '../../text/line.ts';
import { type ScreenTable, searchText } from '../table.ts';
import type { ExportChoice } from './screen.ts';

const FORMATS: Readonly<Record<ExportFormat, readonly [string, string]>> = {
  md: ['Markdown', 'for an issue or a pull request; reads as plain text, too'],
  mail: ['mail', 'plain text in 78 columns, for a mailing list'],
  html: ['HTML', 'one page with everything in it, to open in a browser'],
  json: [
    'JSON',
    'all there is, for programs; of a report also for "kmatrix diff" and "kmatrix export"',
  ],
  csv: ['CSV', 'one thing in each row, for a spreadsheet'],
};

/** A way to export: a format, and of CSV the table. */
export interface ExportWay {
  readonly format: ExportFormat;
  readonly section?: CsvSection;
}

/** The ways to export something as rows. */
export function exportTable({ title, name, scope }: ExportChoice): ScreenTable {
  const rows = EXPORT_FORMATS.flatMap((format): Row[] => {
    if (format !== 'csv' || scope.kind !== 'report') return [wayRow({ format }, title, name)];
    return [
      headingRow('csv', 'CSV, one table in each file'),
      ...csvSections.map((section) => wayRow({ format, section }, title, name)),
    ];
  });
  return {
    columns: [{ title: 'format' }, { title: 'file' }, { title: 'what for', shrink: 20 }],
    rows,
  };
}

/** The way a row stands for. */
export function wayOfKey(key: string): ExportWay {
  const [format, section] = key.split(' ');
  return {
    format: format as ExportFormat,
    ...(section !== undefined && { section: section as CsvSection }),
  };
}

/** Name of the file a way leads to, if nobody wants another. */
export function fileOf(name: string, { format, section }: ExportWay): string {
  const ending = format === 'mail' ? 'txt' : format;
  return section === undefined ? `${name}.${ending}` : `${name}-${section}.${ending}`;
}

function wayRow(way: ExportWay, what: string, name: string): Row {
  const { format, section } = way;
  const [title, use] = FORMATS[format];
  const file = fileOf(name, way);
  return {
    key: section === undefined ? format : `${format} ${section}`,
    title: section === undefined ? title : `CSV of ${section}`,
    cells: [
      seg(section ?? title),
      seg(file, 'muted'),
      seg(section === undefined ? use : '', 'muted'),
    ],
    search: searchText(title, section, file),
    detail: () => [
      { label: 'what', text: what, tone: 'strong' },
      { label: 'as', text: section === undefined ? `${title}: ${use}` : `the table of ${section}` },
      {
        label: 'Enter',
        text: `asks for the file's name (${file}) and writes it as a whole; a file that is there is only overwritten if you say so`,
      },
      {
        label: 'y',
        text: `copies it by OSC 52: up to ${kilobytes(CLIPBOARD_BYTES)}, where the terminal allows that (in tmux: set -g set-clipboard on)`,
      },
    ],
  };
}
