import { toJson } from '../../input/index.ts';
import { type CheckReport, checkedIds, findingsOf, findingText } from './model.ts';

/** What a result of SARIF can be of, and what that means. */
const RULES = {
  absent: 'An API that is not declared: the file does not compile.',
  misfit: 'A call whose arguments an API does not take: the file does not compile.',
  unlinked: 'An API that is declared and not built: the linker does not find it.',
  unexported: 'An API that modules, or this one, must not use: modpost refuses the module.',
  stub: 'An API that does nothing in a configuration.',
  changed: 'An API whose signature differs between configurations.',
  real: 'An API that rests on something a configuration does not have.',
} as const;

const SCHEMA =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** A check as SARIF 2.1.0 (OASIS): a result for each place and what is the matter with it. */
export function checkSarif(report: CheckReport, version: string, cwd: string): string {
  const total = checkedIds(report).length;
  const rules = Object.keys(RULES) as (keyof typeof RULES)[];
  const results = findingsOf(report).map((one) => {
    const rule = one.cell.state === 'real' && one.cell.changed ? 'changed' : one.cell.state;
    const where =
      one.cells.length === total ? 'in every configuration' : `in ${one.cells.join('; ')}`;
    return {
      ruleId: rule,
      ruleIndex: rules.indexOf(rule),
      level: one.level,
      message: { text: `${findingText(one)} (${where})` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: uriOf(one.file, cwd) },
            region: { startLine: one.line, startColumn: one.column },
          },
        },
      ],
      properties: { configurations: one.cells },
    };
  });
  return toJson({
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'kmatrix',
            version,
            rules: rules.map((id) => ({ id, shortDescription: { text: RULES[id] } })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  });
}

/** Below the folder the command runs in relative to it, as who shows results beside the sources wants it. */
function uriOf(path: string, cwd: string): string {
  const inner = path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path;
  const uri = inner.split('/').map(encodeURIComponent).join('/');
  return inner.startsWith('/') ? `file://${uri}` : uri;
}
