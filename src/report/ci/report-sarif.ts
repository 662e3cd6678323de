import type { Report, ReportCell } from '../model.ts';
import { checkedInCell, checkedVerdicts, type Finding, RUN_RULES } from './findings.ts';
import { placeInReason, placeOfCell } from './place.ts';
import { type SarifResult, type SarifWriter, sarifText } from './sarif.ts';

/**
 * A report as SARIF 2.1.0: what Kconfig rejects, callers that always fall back, workloads that fail and
 * properties that do not hold, each at the line of the matrix file that asks for the cell.
 */
export function reportSarif(report: Report, writer: SarifWriter): string {
  const rules = Object.entries(RUN_RULES).map(([id, rule]) => ({ id, ...rule }));
  const cells = report.cells.flatMap((cell) =>
    checkedInCell(report, cell).flatMap(({ subject, findings }) =>
      findings.map((finding) => cellResult(report, cell, subject, finding)),
    ),
  );
  const verdicts = checkedVerdicts(report).flatMap(({ title, checked }) =>
    checked.flatMap(({ subject, findings }) =>
      findings.map(
        ({ rule, level, text }): SarifResult => ({
          rule,
          level,
          text,
          place: placeOfCell(report, undefined),
          identity: [subject],
          properties: { heading: title },
        }),
      ),
    ),
  );
  return sarifText(rules, [...cells, ...verdicts], writer);
}

function cellResult(
  report: Report,
  cell: ReportCell,
  subject: string,
  { rule, level, text, option, place, function: name }: Finding,
): SarifResult {
  const asked = placeOfCell(report, cell, option);
  const logical = name === undefined ? {} : { logical: { name, kind: 'function' as const } };
  const kconfig = rule === 'rejected' ? placeInReason(text) : undefined;
  const related = [
    ...(place ? [{ ...asked, text: `asked for by ${cell.id}` }] : []),
    ...(kconfig ? [{ ...kconfig, text: 'Kconfig decides it here' }] : []),
  ];
  return {
    rule,
    level,
    text: `${cell.id}: ${text}`,
    place: { ...(place ?? asked), ...logical },
    ...(related.length > 0 && { related }),
    identity: [cell.id, subject, option ?? ''],
    properties: { cell: cell.id },
  };
}
