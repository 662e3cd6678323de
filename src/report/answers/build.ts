import type { KeyAnswer, Report } from '../model.ts';
import { sentenceOf } from '../torture-document.ts';
import { count, listed, percent } from '../words.ts';
import { fallbackSentences, presenceSentence, surfaceSentences } from './availability.ts';
import { byteSentences, byteThresholds } from './bytes.ts';
import { type CostChange, costChanges, costSentences, costThresholds, dearer } from './costs.ts';
import { feasibility } from './feasible.ts';
import { type Series, seriesOf } from './pairs.ts';
import { seriesComparisons, throughputSentences, throughputThresholds } from './throughput.ts';
import { lookupSentence, verdictsOf, verdictThresholds, waitingLookups } from './verdicts.ts';

/**
 * The two questions the series itself asks, answered from what is in a report that has kernels without and with it: whether
 * per-VMA locks should and can be in all builds, and whether a lookup that waits is feasible and useful. Each answer comes with what
 * would change it, computed from the same tables. What the report was not made with is said to be missing.
 */
export function keyAnswers(report: Report): KeyAnswer[] {
  const series = seriesOf(report);
  return series ? [everywhere(report, series), waiting(report, series)] : [];
}

/** Dearer than by this share, an operation is called dear. */
const DEAR = 0.05;

function everywhere(report: Report, series: Series): KeyAnswer {
  const { pairs } = series;
  const missing = pairs.filter((pair) => pair.missing);
  const costs = costChanges(report, pairs);
  const comparisons = seriesComparisons(report, pairs);
  return {
    question: 'Should and can per-VMA locks be available in all builds?',
    answer: [can(report, series), should(costs)].join(' '),
    sentences: [
      presenceSentence(report, series),
      ...surfaceSentences(report, missing),
      ...fallbackSentences(report, pairs),
      ...byteSentences(report, missing),
      ...costSentences(costs),
      ...throughputSentences(comparisons),
      references(report),
    ],
    changes: [
      ...dearThreshold(costs),
      ...byteThresholds(report, missing),
      ...costThresholds(costs.filter(({ pair }) => pair.missing)),
      ...throughputThresholds(comparisons),
    ],
    sections: ['API surface', 'Structures', 'Fallback paths', 'Performance', 'Cells'],
  };
}

/** By what the kernels and the checker say: every accepted cell has it, nothing crashes, and no lookup of its own is unsafe. */
function can({ cells, outcomes, verification }: Report, { with: last }: Series): string {
  const own = cells.filter(({ edition, status }) => edition === last && status === 'ok');
  const broken = outcomes.filter(({ kernel }) => own.some((cell) => cell.kernel === kernel));
  const unsafe = verdictsOf({ verification }).filter(
    ({ property, verdict, question }) =>
      property === 'safety' && verdict === 'violated' && question.lookup === 'classic',
  );
  const obstacles = [
    ...own.filter(({ lock }) => !lock?.present).map(({ id }) => `${id} lacks it`),
    ...broken.map(
      ({ workload, kernel, outcome }) => `${workload} ends in ${outcome.kind} on ${kernel}`,
    ),
    ...unsafe.map(({ edition }) => `a lookup of ${edition} is not safe`),
  ];
  return obstacles.length === 0
    ? `They can: ${last} has the lock in ${count(own.length, 'accepted cell')}, all of them, and every workload completes there.`
    : `Not as they stand: ${listed(obstacles)}.`;
}

function should(costs: readonly CostChange[]): string {
  const worst = dearest(costs);
  if (!worst) return 'What it costs was not asked: the matrix names no costs.';
  const { left, pair } = worst;
  const more = dearer(worst);
  const where = `one ${left.operation} in ${left.unit} on ${pair.label}`;
  if (more <= 0) return `They should, by cost: no operation that was priced is dearer with them.`;
  return more < DEAR
    ? `They should, by cost: the dearest is ${where}, by ${percent(more)}, below ${percent(DEAR)}.`
    : `By cost it is a trade: ${where} is dearer by ${percent(more)}, above ${percent(DEAR)}.`;
}

function dearest(costs: readonly CostChange[]): CostChange | undefined {
  return costs.filter(({ pair }) => pair.missing).toSorted((a, b) => dearer(b) - dearer(a))[0];
}

function dearThreshold(costs: readonly CostChange[]): string[] {
  const worst = dearest(costs);
  if (!worst) return [];
  const { left, right, pair } = worst;
  const limit = left.each * (1 + DEAR);
  return [
    `"By cost" turns at ${percent(DEAR)}: ${left.operation} on ${pair.label} costs ${right.each.toFixed(1)} ${left.unit} with the lock, and the line is at ${limit.toFixed(1)}, ${Math.abs(limit - right.each).toFixed(1)} ${limit > right.each ? 'more' : 'less'}.`,
  ];
}

function references({ references: found }: Report): string {
  if (found === null) {
    return 'References left in a source tree: not asked; give what "kmatrix refs PER_VMA_LOCK --tree … --patch … --format json" wrote with --refs.';
  }
  const states = [...Map.groupBy(found.references, ({ state }) => state)];
  const counted = states.map(([state, own]) => `${own.length} ${state}`);
  const files = [...Map.groupBy(found.references, ({ file }) => file)];
  const where = files.map(([file, own]) => `${file} ${own.length}`);
  return `References to ${found.symbol} in the tree: ${counted.length === 0 ? 'none' : `${listed(counted)} (${listed(where)})`}.`;
}

function waiting(report: Report, series: Series): KeyAnswer {
  const verdicts = verdictsOf(report);
  const lookups = waitingLookups(verdicts);
  const own = verdicts.filter(({ question }) => lookups.includes(question.lookup));
  const torture = Map.groupBy(report.torture, ({ cell }) => cell.lookup);
  return {
    question: 'Is a lookup that waits for writers feasible, fair and useful?',
    answer: feasibility(lookups, verdicts),
    sentences: [
      ...lookups.map((lookup) => lookupSentence(lookup, verdicts)),
      ...(torture.size > 0
        ? [...torture].map(
            ([lookup, results]) => `Under torture, ${lookup}: ${sentenceOf(results)}`,
          )
        : [
            'Distribution of retries under torture: not asked; give what "kmatrix torture --format json" wrote with --torture.',
          ]),
      ...usefulness(report, series),
    ],
    changes: verdictThresholds(own),
    sections: ['Verification', 'Fallback paths', 'Performance'],
  };
}

/** Callers that need no other way any more, version by version, and what does not complete with one. */
function usefulness({ fallbacks, kernels, outcomes }: Report, series: Series): string[] {
  const editionOf = new Map(kernels.map(({ id, edition }) => [id, edition]));
  const callersIn = (edition: string): Set<string> =>
    new Set(
      fallbacks.flatMap((row) =>
        Object.entries(row.kernels).flatMap(([id, entry]) =>
          entry && entry.taken !== 'never' && editionOf.get(id) === edition ? [entry.caller] : [],
        ),
      ),
    );
  const before = callersIn(series.without);
  return series.versions.flatMap((edition) => {
    const now = callersIn(edition);
    const freed = [...before].filter((caller) => !now.has(caller));
    const failed = outcomes.filter(({ kernel }) => editionOf.get(kernel) === edition);
    const ends = [
      ...Map.groupBy(failed, ({ workload, outcome }) => `${workload} ends in ${outcome.kind}`),
    ];
    return [
      `${edition}: callers without a fallback that had one: ${freed.length === 0 ? 'none' : listed(freed)}.`,
      ...ends.map(([what, rows]) => `${edition}: ${what} on ${count(rows.length, 'kernel')}.`),
    ];
  });
}
