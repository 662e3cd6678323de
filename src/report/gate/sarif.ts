import { type SarifPlace, type SarifResult, type SarifWriter, sarifText } from '../ci/sarif.ts';
import { regressionText } from './junit.ts';
import type { GateResult } from './regressions.ts';
import { GATE_WORDS } from './rules.ts';

/** So many other cells are pointed at; a matrix may have thousands. */
const POINTED = 10;

/** What a gate found as SARIF 2.1.0: a result for each thing that is worse, at the first cell it is so in. */
export function gateSarif(
  { regressions }: GateResult,
  placeOf: (cell: string) => SarifPlace,
  writer: SarifWriter,
): string {
  const rules = Object.entries(GATE_WORDS).map(([id, text]) => ({
    id,
    text: `Worse than before: ${text}.`,
    help: 'If it is meant to be so, make the new report the baseline.',
  }));
  const results = regressions.map((one): SarifResult => {
    const [first = '', ...others] = one.where;
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return {
      rule: one.rule,
      level: 'error',
      text: `${regressionText(one)} (in ${first}${more})`,
      place: placeOf(first),
      ...relatedTo(others, placeOf),
      identity: [one.subject, ...one.where],
      baseline: 'new',
      properties: { before: one.before, after: one.after, cells: one.where },
    };
  });
  return sarifText(rules, results, writer);
}

function relatedTo(cells: readonly string[], placeOf: (cell: string) => SarifPlace) {
  if (cells.length === 0) return {};
  return { related: cells.slice(0, POINTED).map((cell) => ({ ...placeOf(cell), text: cell })) };
}
