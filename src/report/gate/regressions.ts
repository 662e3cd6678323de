import { answerText } from '../diff/answer-text.ts';
import { Gatherer } from '../diff/gather.ts';
import { diffMatrices } from '../diff/matrix-diff.ts';
import type { CellChange, MatrixDiff, Where } from '../diff/matrix-model.ts';
import type {
  ApiState,
  CounterDiff,
  FallbackDiff,
  FunctionDiff,
  NameDiff,
  OutcomeDiff,
  PerformanceDiff,
  SizeDiff,
  VerdictAnswer,
  VerdictDiff,
} from '../diff/model.ts';
import type { FallbackEntry, Report } from '../model.ts';
import { takenText } from '../varies.ts';
import { count, grouped, percent } from '../words.ts';
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
  /** Cells that were. */
  readonly compared: readonly string[];
}

type Finding = Omit<Regression, 'where'>;

/** What of a report is worse than in its baseline, in cells that ask for the same of the same edition. */
export function gate(baseline: Report, report: Report, rules: GateRules): GateResult {
  return gateOfDiff(
    diffMatrices(
      { report: baseline, source: 'the baseline' },
      { report, source: report.matrixFile },
      { sameEditions: true },
    ),
    rules,
  );
}

/** What of two sets of cells is worse on the right side. */
export function gateOfDiff(diff: MatrixDiff, rules: GateRules): GateResult {
  const found = new Gatherer<Finding>();
  const add = <T extends object>(items: readonly (T & Where)[], worse: (item: T) => Finding[]) => {
    for (const item of items) found.add(worse(item), item.where);
  };
  add(diff.cells, rejection);
  add(diff.surface.functions, worseFunction);
  add(diff.surface.counters, lostCounter);
  add(diff.surface.names, lostName);
  add(diff.fallbacks, worseFallback);
  add(diff.sizes, largerStructure);
  add(diff.outcomes, failure);
  add(diff.performance, (row) => slower(row, rules.perf));
  add(diff.verdicts, worseVerdict);
  const order = [...rules.words];
  return {
    regressions: found
      .list(diff.pairs.map(({ key }) => key))
      .filter(({ rule }) => rules.words.has(rule))
      .sort((a, b) => order.indexOf(a.rule) - order.indexOf(b.rule)),
    notCompared: [...diff.removed, ...diff.added],
    compared: diff.pairs.map(({ key }) => key),
  };
}

function rejection({ left, right, refusals }: CellChange): Finding[] {
  if (left !== 'ok' || right !== 'rejected') return [];
  const refused = refusals.map(({ symbol, wanted }) => `${symbol}=${wanted}`).join(', ');
  return [{ rule: 'surface', subject: 'cell', before: 'ok', after: `rejected: ${refused}` }];
}

/** How much of an API there is. */
const STATE: Readonly<Record<ApiState, number>> = { absent: 0, stub: 1, real: 2 };

function worseFunction({ name, left, right, stub }: FunctionDiff): Finding[] {
  if (STATE[right] >= STATE[left]) return [];
  const after = right === 'stub' ? `stub: ${stub.right ?? 'does nothing'}` : 'absent';
  return [{ rule: 'surface', subject: name, before: left, after }];
}

function lostCounter({ name, left, right }: CounterDiff): Finding[] {
  return left && !right
    ? [{ rule: 'surface', subject: name, before: 'counted', after: 'absent' }]
    : [];
}

function lostName({ name, kind, left, right }: NameDiff): Finding[] {
  // An option that is gone takes a choice away, not an API.
  return kind !== 'option' && left !== null && right === null
    ? [{ rule: 'surface', subject: name, before: left, after: 'absent' }]
    : [];
}

/** How much of a fallback there is. */
const TAKEN: Readonly<Record<FallbackEntry['taken'], number>> = {
  never: 0,
  sometimes: 1,
  always: 2,
};

function worseFallback({ site, left, right, hits }: FallbackDiff): Finding[] {
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
}

function largerStructure({ struct, left, right, slab }: SizeDiff): Finding[] {
  const grew = (a: number | null, b: number | null) => a !== null && b !== null && b > a;
  const bytes = (what: string, a: number | null, b: number | null): Finding[] =>
    grew(a, b)
      ? [{ rule: 'size', subject: `${what}${struct}`, before: `${a} bytes`, after: `${b} bytes` }]
      : [];
  return [...bytes('', left, right), ...bytes('slab object of ', slab.left, slab.right)];
}

function failure({ workload, left, right }: OutcomeDiff): Finding[] {
  if (left !== 'completed' || right === 'completed' || right === null) return [];
  return [{ rule: 'outcome', subject: workload, before: 'completed', after: right }];
}

function slower(row: PerformanceDiff, least: number): Finding[] {
  const { workload, cpus, left, right, ratio, verdict } = row;
  if (verdict !== 'slower' || 1 - ratio < least) return [];
  return [
    {
      rule: 'perf',
      subject: `${workload} on ${count(cpus, 'CPU')}`,
      before: `${grouped(Math.round(left.ops_per_second))} ops/s`,
      after: `${grouped(Math.round(right.ops_per_second))} ops/s, ${percent(1 - ratio)} less`,
    },
  ];
}

function worseVerdict({ question, left, right }: VerdictDiff): Finding[] {
  return isWorse(left, right)
    ? [{ rule: 'verdict', subject: question, before: answerText(left), after: answerText(right) }]
    : [];
}

function isWorse(left: VerdictAnswer, right: VerdictAnswer): boolean {
  if (left.verdict === 'holds' && right.verdict !== 'holds') return true;
  const bound = ({ retryBound }: VerdictAnswer) =>
    retryBound === 'unbounded' ? Number.POSITIVE_INFINITY : retryBound;
  const [a, b] = [bound(left), bound(right)];
  return a !== null && b !== null && b > a;
}
