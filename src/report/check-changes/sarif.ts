import { CHECK_RULES, checkResult } from '../check/sarif.ts';
import { type SarifWriter, sarifText } from '../ci/sarif.ts';
import { type CheckChanges, comparedFindings } from './model.ts';

/** What changes for source files as SARIF 2.1.0: every finding with how it stands to those before (`baselineState`). */
export function checkChangesSarif(changes: CheckChanges, writer: SarifWriter): string {
  const total = {
    before: changes.cells.filter(({ before }) => before === null).length,
    after: changes.cells.filter(({ after }) => after === null).length,
  };
  const results = comparedFindings(changes).map((one) => ({
    ...checkResult(one, total[one.baseline === 'absent' ? 'before' : 'after']),
    baseline: one.baseline,
  }));
  return sarifText(CHECK_RULES, results, writer);
}
