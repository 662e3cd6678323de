import { binsOf, PATIENCE, type Quantiles, type TortureResult } from '../kernel/index.ts';
import { csvText } from './csv/csv.ts';
import { type Block, bullets, code, heading, type Line, paragraph, table } from './document.ts';
import { count, grouped, percent } from './words.ts';

/** What a torture test found, as blocks of text: the answer first, one sentence for each lookup, then every cell. */
export function tortureDocument(results: readonly TortureResult[]): Block[] {
  const [, ...rest] = tortureSection(results);
  return [heading(1, 'kmatrix torture'), ...rest];
}

/** The same as a section of a report. */
export function tortureSection(results: readonly TortureResult[]): Block[] {
  if (results.length === 0) return [];
  const lookups = [...new Set(results.map((r) => r.cell.lookup))];
  const profiles = [...new Set(results.map((r) => r.cell.profile))].join(', ');
  return [
    heading(2, 'Torture'),
    paragraph(
      `One thread looks a VMA up while writers change it. Cost profile ${profiles}; modelled, not measured. Bounds hold with 95% ` +
        'confidence for lookups under the same adversary, taken as independent.',
    ),
    heading(3, 'The answer'),
    bullets(
      lookups.map(
        (lookup): Line => [
          code(lookup),
          `: ${sentenceOf(results.filter((r) => r.cell.lookup === lookup))}`,
        ],
      ),
    ),
    heading(3, 'Retries and the slow path'),
    paragraph(
      'Retries of one lookup; the chance that another needs more than the most seen; lookups that took mmap_lock, and at most how many do.',
    ),
    retryTable(results),
    ...piecesNote(results),
    ...distribution(results),
    heading(3, 'Time and the writers'),
    paragraph(
      'Nanoseconds of one lookup, the longest being how long the victim starved; rounds of all writers per second beside the victim, and ' +
        'alone, which is beside one that sleeps for 2 ms; what the victim costs them, and in brackets the least and the greatest loss of any ' +
        'piece of the cell beside any of five runs alone. A loss whose brackets hold 0 is not shown.',
    ),
    timeTable(results),
  ];
}

/** One sentence about one lookup under all its adversaries. */
export function sentenceOf(results: readonly TortureResult[]): string {
  const ran = results.filter((r) => r.outcome !== 'impossible');
  if (ran.length === 0) return 'the edition cannot have it.';
  const crashed = ran.filter((r) => r.outcome === 'oops');
  if (crashed.length > 0) {
    const first = most(crashed, ({ lookups }) => -lookups);
    return `crashes the kernel in ${count(crashed.length, 'cell')} of ${ran.length}, first after ${count(first.lookups, 'lookup')} (${first.detail}).`;
  }
  const hung = ran.filter((r) => r.outcome === 'hung');
  if (hung.length > 0) return `hangs in ${count(hung.length, 'cell')} of ${ran.length}.`;
  const worst = most(ran, retriesOf);
  const slowest = most(ran, longestOf);
  const slow = most(ran, (r) => r.slow.share);
  const total = ran.reduce((sum, r) => sum + r.lookups, 0);
  const gaveUp = most(ran, (r) => r.exhausted);
  const endless =
    gaveUp.exhausted > 0
      ? `, and a scheduler that wants to can keep it going (${percent(gaveUp.exhausted)} of lookups under ${whereOf(gaveUp)} had not succeeded in ${PATIENCE} tries, and were let go)`
      : '';
  return (
    `in ${count(total, 'lookup')}, at most ${count(retriesOf(worst), 'retry', 'retries')} of one` +
    `${retriesOf(worst) > 0 ? ` (${whereOf(worst)})` : ''}${endless}; ` +
    `${slowText(slow)}; ` +
    `one waited ${timeText(longestOf(slowest))} (${whereOf(slowest)})` +
    `${writersText(ran)}.`
  );
}

/** What the writers lose, where that is more than the randomness of their runs. */
function writersText(ran: readonly TortureResult[]): string {
  if (ran.every((r) => r.writers.loss_range === undefined)) return '';
  const shown = ran.filter((r) => (r.writers.loss_range?.from ?? 0) > 0);
  if (shown.length === 0) return '; that its writers lose by it is not shown';
  const loser = most(shown, (r) => r.writers.loss);
  return `; its writers lost up to ${lossText(loser.writers)} of their rounds (${whereOf(loser)})`;
}

/** Lookups that know no other way are not slow by bad luck. */
function slowText(slow: TortureResult): string {
  if (slow.cell.lookup === 'mmap_lock') return 'all of them take mmap_lock, having no other way';
  if (slow.slow.share === 0) return `none needed the slow path`;
  return `up to ${percent(slow.slow.share)} needed the slow path (${whereOf(slow)})`;
}

/** The most retries seen, of a lookup that was cut off too. */
function retriesOf(r: TortureResult): number {
  return Math.max(r.retries.max, r.unfinished?.retries ?? 0);
}

function longestOf(r: TortureResult): number {
  return Math.max(r.time_ns.max, r.unfinished?.age_ns ?? 0);
}

function most(results: readonly TortureResult[], of: (r: TortureResult) => number): TortureResult {
  return results.reduce((a, b) => (of(b) > of(a) ? b : a));
}

/** A cell of the torture test in a line; with its edition where there are several. */
export function tortureName({ cell }: TortureResult, among: readonly TortureResult[]): string {
  const { edition, lookup, adversary, writers, place, scheduler } = cell;
  const editions = new Set(among.map((other) => other.cell.edition));
  return `${editions.size > 1 ? `${edition} ` : ''}${lookup}: ${adversary} x ${writers} ${place}${scheduler === 'hostile' ? ', hostile' : ''}`;
}

function whereOf({ cell }: TortureResult): string {
  const scheduler = cell.scheduler === 'hostile' ? ', hostile scheduler' : '';
  return `${cell.adversary}, ${count(cell.writers, 'writer')} ${cell.place}${scheduler}`;
}

function timeText(ns: number): string {
  if (ns < 1e4) return `${grouped(Math.round(ns))} ns`;
  return ns < 1e7 ? `${grouped(Math.round(ns / 1e3))} us` : `${grouped(Math.round(ns / 1e6))} ms`;
}

function tableOf(
  results: readonly TortureResult[],
  titles: readonly string[],
  cells: (r: TortureResult) => readonly string[],
): Block {
  return table(
    [
      { title: 'Lookup under writers' },
      ...titles.map((title) => ({ title, align: 'right' as const })),
    ],
    results.map((r) => [[code(tortureName(r, results))], ...cells(r).map((text): Line => [text])]),
  );
}

function quantiles(q: Quantiles): string[] {
  return [q.p50, q.p99, q.p999, q.max].map((value) => grouped(Math.round(value)));
}

function retryTable(results: readonly TortureResult[]): Block {
  const titles = [
    'Outcome',
    'Lookups',
    'p50',
    'p99',
    'p99.9',
    'Most',
    'Chance of more',
    'Slow',
    'At most',
  ];
  return tableOf(results, titles, (r) => [
    r.outcome,
    grouped(r.lookups),
    ...quantiles(r.retries),
    `<${r.beyond_max.toExponential(1)}`,
    percent(r.slow.share),
    percent(r.slow.bound),
  ]);
}

/** What can be said of the tail without taking lookups as independent, of the cell that says least. */
function piecesNote(results: readonly TortureResult[]): Block[] {
  const ran = results.filter((r) => r.outcome !== 'impossible');
  const pieces = ran.flatMap((r) => r.pieces ?? []);
  if (pieces.length === 0 || pieces.length < ran.length) return [];
  const least = pieces.reduce((a, b) => (b.beyond_max > a.beyond_max ? b : a));
  return [
    paragraph(
      `Lookups of one machine may depend on each other. Without a word on how: another ${grouped(least.lookups)} lookups hold one that retries ` +
        `more with a chance below ${percent(Math.ceil(least.beyond_max * 1000) / 1000)}, as ${grouped(least.count)} machines tell.`,
    ),
  ];
}

/** How many lookups had how many retries, in bins that double, where there were any. */
function distribution(results: readonly TortureResult[]): Block[] {
  const counted = results.flatMap((result) => {
    const fine = result.histograms?.retries ?? [];
    const bins = binsOf(
      fine.map(({ from, count: n }) => [from, n]),
      1,
    );
    return bins.length > 0 ? [{ result, bins }] : [];
  });
  const all = counted.flatMap(({ bins }) => bins);
  const names = new Map(
    binsOf(
      all.map(({ from }) => [from, 1]),
      1,
    ).map(({ from, to }) => [from, from === to ? String(from) : `${from}-${to}`]),
  );
  if (names.size < 2) return [];
  const of = new Map(
    counted.map(({ result, bins }) => [
      result,
      new Map(bins.map(({ from, count: n }) => [from, n])),
    ]),
  );
  return [
    paragraph('Lookups by the number of their retries, the column being that number:'),
    tableOf(
      counted.map(({ result }) => result),
      [...names.values()],
      (result) => [...names.keys()].map((from) => grouped(of.get(result)?.get(from) ?? 0)),
    ),
  ];
}

function timeTable(results: readonly TortureResult[]): Block {
  const titles = ['p50', 'p99', 'p99.9', 'Longest', 'Rounds/s', 'Alone', 'Loss'];
  return tableOf(results, titles, (r) => [
    ...quantiles({ ...r.time_ns, max: longestOf(r) }),
    grouped(Math.round(r.writers.ops_per_second)),
    grouped(Math.round(r.writers.alone)),
    lossText(r.writers),
  ]);
}

function lossText({ loss, loss_range: range }: TortureResult['writers']): string {
  if (range === undefined) return percent(loss);
  return `${percent(loss)} (${percent(range.from)} to ${percent(range.to)})`;
}

/** Every figure as comma-separated values, one line for each cell. */
export function tortureCsv(results: readonly TortureResult[]): string {
  const head =
    'edition,lookup,adversary,writers,place,scheduler,profile,seed,outcome,lookups,retries_p50,retries_p99,retries_p999,retries_max,' +
    'beyond_max,slow_share,slow_bound,p50_ns,p99_ns,p999_ns,max_ns,exhausted,writer_ops,writer_alone,writer_loss,writer_loss_from,writer_loss_to';
  const lines = results.map((r) => {
    const { cell, retries: q, time_ns: t } = r;
    return [
      ...[cell.edition, cell.lookup, cell.adversary, cell.writers, cell.place, cell.scheduler],
      ...[cell.profile, cell.seed, r.outcome, r.lookups],
      ...[q.p50, q.p99, q.p999, retriesOf(r), r.beyond_max, r.slow.share, r.slow.bound],
      ...[t.p50, t.p99, t.p999, longestOf(r), r.exhausted],
      ...[r.writers.ops_per_second, r.writers.alone, r.writers.loss],
      ...[r.writers.loss_range?.from ?? '', r.writers.loss_range?.to ?? ''],
    ];
  });
  return csvText(head.split(','), lines);
}
