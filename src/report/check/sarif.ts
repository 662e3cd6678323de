import { type SarifResult, type SarifWriter, sarifText } from '../ci/sarif.ts';
import { type CheckReport, checkedIds, type Finding, findingsOf, findingText } from './model.ts';

/** What a result of SARIF can be of, and what that means. */
const RULES = {
  absent: 'An API that is not declared: the file does not compile.',
  misfit:
    'A call whose arguments an API does not take, or a function of another type than is wanted: the file does not compile.',
  unlinked: 'An API that is declared and not built: the linker does not find it.',
  unexported: 'An API that modules, or this one, must not use: modpost refuses the module.',
  stub: 'An API that does nothing in a configuration.',
  changed: 'An API whose signature differs between configurations.',
  real: 'An API that rests on something a configuration does not have.',
} as const;

export const CHECK_RULES = Object.entries(RULES).map(([id, text]) => ({ id, text }));

/** A check as SARIF 2.1.0: a result for each place and what is the matter with it. */
export function checkSarif(report: CheckReport, writer: SarifWriter): string {
  const total = checkedIds(report).length;
  const results = findingsOf(report).map((one) => checkResult(one, total));
  return sarifText(CHECK_RULES, results, writer);
}

/** A finding as a result; `total` is the number of configurations there are. */
export function checkResult(one: Finding, total: number): SarifResult {
  const where =
    one.cells.length === total ? 'in every configuration' : `in ${one.cells.join('; ')}`;
  return {
    rule: one.cell.state === 'real' && one.cell.changed ? 'changed' : one.cell.state,
    level: one.level,
    text: `${findingText(one)} (${where})`,
    place: { file: one.file, line: one.line, column: one.column },
    properties: { configurations: one.cells },
  };
}
