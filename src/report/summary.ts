import { allBut } from './kernels.ts';
import type { OutcomeRow, Report, ReportCell, ReportKernel, WorkloadRow } from './model.ts';
import { axesLabel, count, grouped, listed, range } from './words.ts';

/** The tables said in sentences: what a reader wants to know before looking at any of them. */
export function summarise(report: Report): string[] {
  return [
    counts(report),
    ...lockSentences(report),
    ...editionSentences(report),
    ...workloadSentences(report),
    ...outcomeSentences(report),
    ...comparisonSentence(report),
  ];
}

function counts({ cells, kernels }: Report): string {
  const rejected = cells.filter((cell) => cell.status === 'rejected').length;
  const accepted = cells.length - rejected;
  return (
    `${count(cells.length, 'cell')}: Kconfig accepts ${accepted} and rejects ${rejected}; ` +
    `the accepted ones instantiate ${count(kernels.length, 'distinct kernel')}.`
  );
}

/** In which cells the per-VMA lock is there, and why it is not in the others. */
export function lockSentences({ cells }: Report): string[] {
  const editions = [...new Set(cells.map((cell) => cell.edition))];
  const known = cells.filter((cell) => cell.lock);
  return [
    ...editions.flatMap((edition) => {
      const own = known.filter((cell) => cell.edition === edition);
      return own.length === 0 ? [] : [lockSentence(edition, own)];
    }),
    ...reasons(known.filter((cell) => !cell.lock?.present)),
  ];
}

function lockSentence(edition: string, cells: readonly ReportCell[]): string {
  const present = cells.filter((cell) => cell.lock?.present);
  const all = count(cells.length, 'accepted cell');
  if (present.length === cells.length) {
    return `${edition}: all ${all} ${cells.length === 1 ? 'has' : 'have'} the per-VMA lock.`;
  }
  if (present.length === 0) return `${edition}: none of ${all} has the per-VMA lock.`;
  const having = listed(present.map(({ id }) => axesLabel(id)));
  const verb = present.length === 1 ? 'has' : 'have';
  return `${edition}: ${present.length} of ${all} ${verb} the per-VMA lock (${having}).`;
}

/** One sentence per reason, not per cell: cells often lack the lock for the same one. */
function reasons(absent: readonly ReportCell[]): string[] {
  const byReason = Map.groupBy(absent, ({ lock }) => lock?.why ?? '');
  return [...byReason].map(
    ([why, cells]) =>
      `${listed(cells.map(({ id }) => id))} ${cells.length === 1 ? 'lacks' : 'lack'} it: ${why.replace(/\.$/, '')}.`,
  );
}

/** What changes between neighbouring editions, cells that change alike together. */
export function editionSentences(report: Report): string[] {
  const byEdition = Map.groupBy(report.cells, ({ edition }) => edition);
  const editions = [...byEdition.keys()];
  const changes = new Map<string, string[]>();
  for (const [i, edition] of editions.entries()) {
    const next = editions[i + 1];
    if (next === undefined) continue;
    const twins = new Map<string, ReportCell>();
    for (const other of byEdition.get(next) ?? []) {
      const key = allBut('edition', other);
      if (!twins.has(key)) twins.set(key, other);
    }
    for (const cell of byEdition.get(edition) ?? []) {
      const twin = twins.get(allBut('edition', cell));
      if (!cell.kernel || !twin?.kernel) continue;
      const key = `From ${edition} to ${next}\n${changeText(report, cell.kernel, twin.kernel)}`;
      changes.set(key, [...(changes.get(key) ?? []), axesLabel(cell.id)]);
    }
  }
  return [...changes].map(([key, labels]) => {
    const [head, text] = key.split('\n');
    return `${head} (${labels.join('; ')}): ${text}.`;
  });
}

function changeText({ surface, fallbacks }: Report, left: string, right: string): string {
  const moves = surface.functions.map(
    ({ kernels }) => `${kernels[left]?.state} -> ${kernels[right]?.state}`,
  );
  const parts: string[] = [];
  for (const [move, text] of MOVES) {
    const n = moves.filter((candidate) => candidate === move).length;
    if (n > 0) parts.push(`${count(n, 'function')} ${n === 1 ? 'goes' : 'go'} ${text}`);
  }
  for (const { name, kernels } of surface.structs) {
    const a = kernels[left]?.size;
    const b = kernels[right]?.size;
    if (a !== undefined && b !== undefined && a !== b) parts.push(`${name} ${a} -> ${b} bytes`);
  }
  const sites = fallbacks.filter(
    ({ kernels }) => kernels[left]?.taken !== kernels[right]?.taken,
  ).length;
  if (sites > 0) parts.push(`${count(sites, 'fallback')} ${sites === 1 ? 'changes' : 'change'}`);
  return parts.length > 0 ? listed(parts) : 'nothing changes in the surface';
}

const MOVES: readonly (readonly [string, string])[] = [
  ['stub -> real', 'from stub to real'],
  ['real -> stub', 'from real to stub'],
  ['absent -> real', 'from absent to real'],
  ['absent -> stub', 'from absent to stub'],
  ['real -> absent', 'from real to absent'],
  ['stub -> absent', 'from stub to absent'],
];

/** How often each workload takes mmap_lock with and without the per-VMA lock. */
export function workloadSentences({ workloads, kernels }: Report): string[] {
  const names = [...new Set(workloads.map((row) => row.workload))];
  return names.flatMap((name) => {
    const rows = workloads.filter((row) => row.workload === name);
    const having = readLocks(rows, kernels, true);
    const lacking = readLocks(rows, kernels, false);
    if (having.length === 0 || lacking.length === 0) return [];
    return [
      `${name}: mmap_lock is taken for reading ${range(having)} times on kernels with the ` +
        `per-VMA lock and ${range(lacking)} times on those without.`,
    ];
  });
}

/** Which workloads did not complete, and where. */
export function outcomeSentences({ outcomes }: Report): string[] {
  const groups = Map.groupBy(outcomes, ({ workload, outcome }) => `${workload} ${outcome.kind}`);
  return [...groups.values()].flatMap((rows) => {
    const [first] = rows;
    if (!first) return [];
    return [
      `${first.workload}: ${ENDS[first.outcome.kind]} on ${listed(rows.map((r) => r.kernel))}.`,
    ];
  });
}

const ENDS: Readonly<Record<OutcomeRow['outcome']['kind'], string>> = {
  oops: 'the kernel crashes (oops)',
  hung: 'it never ends (hung)',
  unsupported: 'an operation does not exist (unsupported)',
  refused: 'an operation is refused',
};

function readLocks(
  rows: readonly WorkloadRow[],
  kernels: readonly ReportKernel[],
  present: boolean,
): number[] {
  const wanted = new Set(kernels.filter((k) => k.lockPresent === present).map((k) => k.id));
  return rows.filter((row) => wanted.has(row.kernel)).map((row) => row.mmap_lock.read_acquired);
}

/** How many comparisons of throughput exceed the spread. */
export function comparisonSentence({ comparisons }: Report): string[] {
  if (comparisons.length === 0) return [];
  const differ = comparisons.filter((c) => c.verdict === 'faster' || c.verdict === 'slower').length;
  const single = comparisons.filter((c) => c.verdict === 'single run').length;
  const unknown =
    single > 0 ? ` ${grouped(single)} come from single runs, which have no spread to exceed.` : '';
  return [
    `Of ${count(comparisons.length, 'throughput comparison')} along one axis, ` +
      `${grouped(differ)} exceed the spread of their runs (modelled, not measured).${unknown}`,
  ];
}
