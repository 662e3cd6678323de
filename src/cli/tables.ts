import { join } from 'node:path';
import { makeFolder } from 'kconfiglib-js';
import { didYouMean, inputError, writeFileAtomic } from '../input/index.ts';
import { type CsvSection, csvSections, type Report, reportCsv } from '../report/index.ts';
import type { Context } from './command.ts';
import { writeResult } from './output.ts';
import { userPath } from './paths.ts';

function sectionOf({ args }: Context): CsvSection | undefined {
  const name = args.text('section');
  const found = csvSections.find((section) => section === name);
  if (found === name) return found;
  throw inputError(
    'usage',
    `--section: no such table "${name}"`,
    undefined,
    didYouMean(name ?? '', csvSections) ?? `there are: ${csvSections.join(', ')}`,
  );
}

/** Complain of `--section` and `--out` that do not fit `--format`. */
export function checkTables(context: Context): void {
  const { args } = context;
  sectionOf(context);
  const csv = args.text('format') === 'csv';
  if (args.has('section') && !csv)
    throw inputError(
      'usage',
      '--section names a table of --format csv',
      undefined,
      'add --format csv',
    );
  if (csv && !args.has('section') && !args.has('out'))
    throw inputError(
      'usage',
      '--format csv writes one table per file: name a folder, or one table',
      undefined,
      'e.g. --out tables, or --section performance',
    );
}

/** Write the tables of a report: the one that is named, or all into a folder. */
export function writeTables(context: Context, report: Report): void {
  const section = sectionOf(context);
  if (section !== undefined) writeResult(context, reportCsv(report, section));
  else writeFolder(context, report);
}

function writeFolder({ args, io }: Context, report: Report): void {
  const folder = userPath(args.text('out') ?? '.', io);
  try {
    makeFolder(folder);
  } catch (error) {
    throw inputError(
      'output',
      `cannot make the folder ${args.text('out')}: ${(error as Error).message}`,
    );
  }
  for (const name of csvSections)
    writeFileAtomic(join(folder, `${name}.csv`), reportCsv(report, name));
}
