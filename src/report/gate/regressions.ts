import { answerText } from '../diff/answer-text.ts';
import { diffSides } from '../diff/diff.ts';
import type { ApiState, Diff, VerdictAnswer } from '../diff/model.ts';
import { sideOfCell } from '../diff/side.ts';
import { diffVerdicts } from '../diff/verdicts.ts';
import type { FallbackEntry, Report } from '../model.ts';
import { takenText } from '../varies.ts';
import { grouped, percent } from '../words.ts';
import type { GateRules, GateWord } from './rules.ts';

/** Something that got worse since the baseline. */
export interface Regression {
  readonly rule: GateWord;
  /** What got worse: an API, a site, a structure, a workload, a question. */
  readonly subject: string;
  readonly before: string;
  readonly after: string;
  /** Cells it got worse in; editions for a verdict. */
  readonly where: readonly string[];
}

/** What a gate found. */
export interface GateResult {
  /** In the order of the rules, then of the cells. */
  readonly regressions: readonly Regression[];
  /** Cells of one report only: they were not compared. */
  readonly notCompared: readonly string[];
  /** How many cells were. */
  readonly compared: number;
}

type Finding = Omit<Regression, 'where'>;

/** What of a report is worse than in its baseline, cell by cell of the same id. */
export function gate(baseline: Report, report: Report, rules: GateRules): GateResult {
  const before = new Set(baseline.cells.map((cell) => cell.id));
  const after = new Set(report.cells.map((cell) => cell.id));
  const shared = report.cells.filter((cell) => before.has(cell.id));
  const found = new Map<string, { finding: Finding; where: string[] }>();
  const add = (finding: Finding, where: string): void => {
    const key = JSON.stringify(finding);
    const known = found.get(key);
    if (known) known.where.push(where);
    else found.set(key, { finding, where: [where] });
  };
  for (const { id } of shared) {
    const diff = diffSides(
      sideOfCell(baseline, id, 'the baseline'),
      sideOfCell(report, id, report.matrixFile),
    );
    for (const finding of [...rejection(baseline, report, id), ...worse(diff, rules)])
      add(finding, id);
  }
  for (const [edition, finding] of worseVerdicts(baseline, report)) add(finding, edition);
  const order = [...rules.words];
  const regressions = [...found.values()]
    .filter(({ finding }) => rules.words.has(finding.rule))
    .map(({ finding, where }) => ({ ...finding, where }))
    .sort((a, b) => order.indexOf(a.rule) - order.indexOf(b.rule));
  return {
    regressions,
    notCompared: [
      ...[...before].filter((id) => !after.has(id)),
      ...[...after].filter((id) => !before.has(id)),
    ],
    compared: shared.length,
  };
}

function rejection(baseline: Report, report: Report, id: string): Finding[] {
  const statusIn = ({ cells }: Report) => cells.find((cell) => cell.id === id);
  const now = statusIn(report);
  if (statusIn(baseline)?.status !== 'ok' || now?.status !== 'rejected') return [];
  const refused = now.refusals.map(({ symbol, wanted }) => `${symbol}=${wanted}`).join(', ');
  return [{ rule: 'surface', subject: 'cell', before: 'ok', after: `rejected: ${refused}` }];
}

function worse(diff: Diff, rules: GateRules): Finding[] {
  return [
    ...worseSurface(diff),
    ...worseFallbacks(diff),
    ...largerStructures(diff),
    ...failures(diff),
    ...slower(diff, rules.perf),
  ];
}

/** How much of an API there is. */
const STATE: Readonly<Record<ApiState, number>> = { absent: 0, stub: 1, real: 2 };

function worseSurface({ surface }: Diff): Finding[] {
  const functions = surface.functions
    .filter(({ left, right }) => STATE[right] < STATE[left])
    .map(({ name, left, right, stub }) => ({
      subject: name,
      before: left,
      after: right === 'stub' ? `stub: ${stub.right ?? 'does nothing'}` : 'absent',
    }));
  const counters = surface.counters
    .filter(({ left, right }) => left && !right)
    .map(({ name }) => ({ subject: name, before: 'counted', after: 'absent' }));
  const names = surface.names
    // An option that is gone takes a choice away, not an API.
    .filter(({ kind, left, right }) => kind !== 'option' && left !== null && right === null)
    .map(({ name, left }) => ({ subject: name, before: left ?? '', after: 'absent' }));
  return [...functions, ...counters, ...names].map((one) => ({ rule: 'surface', ...one }));
}

/** How much of a fallback there is. */
const TAKEN: Readonly<Record<FallbackEntry['taken'], number>> = {
  never: 0,
  sometimes: 1,
  always: 2,
};

function worseFallbacks({ fallbacks }: Diff): Finding[] {
  return fallbacks.flatMap(({ site, left, right, hits }): Finding[] => {
    const rank = (taken: FallbackEntry['taken'] | null) => (taken === null ? 0 : TAKEN[taken]);
    const state: Finding[] =
      rank(right) > rank(left)
        ? [{ rule: 'fallback', subject: site, before: takenText(left), after: takenText(right) }]
        : [];
    const more = hits
      .filter((hit) => (hit.right ?? 0) > (hit.left ?? 0))
      .map(
        (hit): Finding => ({
          rule: 'fallback',
          subject: `${site} in ${hit.workload}`,
          before: `${grouped(hit.left ?? 0)} hits`,
          after: `${grouped(hit.right ?? 0)} hits`,
        }),
      );
    return [...state, ...more];
  });
}

function largerStructures({ sizes }: Diff): Finding[] {
  return sizes.flatMap(({ struct, left, right, slab }) => {
    const grew = (a: number | null, b: number | null) => a !== null && b !== null && b > a;
    const bytes = (what: string, a: number | null, b: number | null): Finding[] =>
      grew(a, b)
        ? [{ rule: 'size', subject: `${what}${struct}`, before: `${a} bytes`, after: `${b} bytes` }]
        : [];
    return [...bytes('', left, right), ...bytes('slab object of ', slab.left, slab.right)];
  });
}

function failures({ outcomes }: Diff): Finding[] {
  return outcomes
    .filter(({ left, right }) => left === 'completed' && right !== 'completed' && right !== null)
    .map(({ workload, right }) => ({
      rule: 'outcome',
      subject: workload,
      before: 'completed',
      after: String(right),
    }));
}

function slower({ performance }: Diff, least: number): Finding[] {
  return performance
    .filter(({ verdict, ratio }) => verdict === 'slower' && 1 - ratio >= least)
    .map(({ workload, cpus, left, right, ratio }) => ({
      rule: 'perf',
      subject: `${workload} on ${cpus} CPU${cpus === 1 ? '' : 's'}`,
      before: `${grouped(Math.round(left.ops_per_second))} ops/s`,
      after: `${grouped(Math.round(right.ops_per_second))} ops/s, ${percent(1 - ratio)} less`,
    }));
}

/** Verdicts belong to an edition, not to a cell. */
function worseVerdicts(baseline: Report, report: Report): [edition: string, finding: Finding][] {
  const all = ({ verification }: Report) => verification.flatMap((group) => group.verdicts);
  const editions = [...new Set(all(report).map((verdict) => verdict.edition))];
  return editions.flatMap((edition) => {
    const on = (of: Report) => all(of).filter((verdict) => verdict.edition === edition);
    return diffVerdicts(on(baseline), on(report))
      .filter(({ left, right }) => isWorse(left, right))
      .map(({ question, left, right }): [string, Finding] => [
        edition,
        { rule: 'verdict', subject: question, before: answerText(left), after: answerText(right) },
      ]);
  });
}

function isWorse(left: VerdictAnswer, right: VerdictAnswer): boolean {
  if (left.verdict === 'holds' && right.verdict !== 'holds') return true;
  const bound = ({ retryBound }: VerdictAnswer) =>
    retryBound === 'unbounded' ? Number.POSITIVE_INFINITY : retryBound;
  const [a, b] = [bound(left), bound(right)];
  return a !== null && b !== null && b > a;
}
