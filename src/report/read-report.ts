import { inputError } from '../input/index.ts';
import type { Report } from './model.ts';
import { checkSchema } from './schema/check.ts';
import { reportSchema } from './schema/report-schema.ts';

/**
 * A report from the text of an exported file. Whatever is not one is an input error that says where:
 * a report is often edited by scripts before it comes back.
 */
export function parseReport(text: string, file: string): Report {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw inputError('report-syntax', `${file} is not JSON: ${(error as Error).message}`);
  }
  const version = (data as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === 'number' && version !== 1) {
    throw inputError(
      'report-version',
      `${file} has schema version ${version}; this kmatrix reads version 1`,
      undefined,
      'export it again with this version: kmatrix run --format json',
    );
  }
  const error = checkSchema(reportSchema, data);
  if (error) {
    throw inputError(
      'report-schema',
      `${file} is not a kmatrix report: ${error.pointer || 'the top level'} ${error.message}`,
      undefined,
      'export one with: kmatrix run --format json --out report.json',
    );
  }
  // Reports of older versions lack what was added since.
  const {
    outcomes = [],
    costs = [],
    verification = [],
    torture = [],
    references = null,
    answers = [],
  } = data as Partial<Report>;
  return { ...(data as Report), outcomes, costs, verification, torture, references, answers };
}
