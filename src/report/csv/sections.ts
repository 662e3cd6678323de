import type { Report } from '../model.ts';
import { type CsvValue, csvText } from './csv.ts';

/** A table of a report, one thing in each row and one fact in each column. */
interface Section {
  readonly columns: readonly string[];
  readonly rows: (report: Report) => CsvValue[][];
}

const FIGURES = ['ops_per_second', 'min', 'max', 'spread', 'runs', 'p50_ns', 'p99_ns'] as const;

const SECTIONS = {
  cells: {
    columns: ['cell', 'edition', 'status', 'kernel', 'lock_present', 'lock_why', 'set', 'refused'],
    rows: ({ cells }) =>
      cells.map((cell) => [
        cell.id,
        cell.edition,
        cell.status,
        cell.kernel,
        cell.lock?.present,
        cell.lock?.why,
        settings(cell.set),
        cell.refusals.map(({ symbol, wanted }) => `${symbol}=${wanted}`).join(' '),
      ]),
  },
  options: {
    columns: ['cell', 'option', 'value', 'why'],
    rows: ({ cells }) =>
      cells.flatMap(({ id, options }) =>
        options.map(({ symbol, value, why }) => [id, symbol, value, why]),
      ),
  },
  functions: {
    columns: ['function', 'kind', 'kernel', 'state', 'stub', 'signature', 'file'],
    rows: ({ surface }) =>
      surface.functions.flatMap(({ name, kind, kernels }) =>
        Object.entries(kernels).map(([kernel, entry]) => [
          name,
          kind,
          kernel,
          entry.state,
          entry.state === 'stub' ? entry.stub : null,
          entry.state === 'absent' ? null : entry.signature,
          entry.state === 'absent' ? null : entry.file,
        ]),
      ),
  },
  structs: {
    columns: ['struct', 'kernel', 'size', 'align', 'slab_object_size', 'file'],
    rows: ({ surface }) =>
      surface.structs.flatMap(({ name, kernels }) =>
        Object.entries(kernels).map(([kernel, layout]) => [
          name,
          kernel,
          layout?.size,
          layout?.align,
          layout?.slabObjectSize,
          layout?.file,
        ]),
      ),
  },
  fields: {
    columns: ['struct', 'field', 'kernel', 'type', 'offset', 'size'],
    rows: ({ surface }) =>
      surface.structs.flatMap(({ name, kernels }) =>
        Object.entries(kernels).flatMap(([kernel, layout]) =>
          (layout?.fields ?? []).map((field) => [
            name,
            field.name,
            kernel,
            field.type,
            field.offset,
            field.size,
          ]),
        ),
      ),
  },
  counters: {
    columns: ['counter', 'kernel', 'present', 'file'],
    rows: ({ surface }) =>
      surface.counters.flatMap(({ name, file, kernels }) =>
        Object.entries(kernels).map(([kernel, present]) => [name, kernel, present, file]),
      ),
  },
  names: {
    columns: ['name', 'kind', 'kernel', 'present', 'value', 'file'],
    rows: ({ surface }) =>
      surface.names.flatMap(({ name, kind, file, kernels }) =>
        Object.entries(kernels).map(([kernel, entry]) => [
          name,
          kind,
          kernel,
          entry !== null,
          entry?.value,
          file,
        ]),
      ),
  },
  fallbacks: {
    columns: ['site', 'kernel', 'taken', 'caller', 'tries', 'trigger', 'fallback', 'file'],
    rows: ({ fallbacks }) =>
      fallbacks.flatMap(({ site, kernels }) =>
        Object.entries(kernels).map(([kernel, entry]) => [
          site,
          kernel,
          entry?.taken,
          entry?.caller,
          entry?.tries,
          entry?.trigger,
          entry?.fallback,
          entry?.file,
        ]),
      ),
  },
  hits: {
    columns: ['site', 'kernel', 'workload', 'hits'],
    rows: ({ fallbacks }) =>
      fallbacks.flatMap(({ site, kernels }) =>
        Object.entries(kernels).flatMap(([kernel, entry]) =>
          Object.entries(entry?.hits ?? {}).map(([workload, hits]) => [
            site,
            kernel,
            workload,
            hits,
          ]),
        ),
      ),
  },
  counts: {
    columns: ['workload', 'kernel', 'group', 'count', 'value'],
    rows: ({ workloads }) =>
      workloads.flatMap(({ workload, kernel, counters, mmap_lock, vma_write_locks }) => [
        ...counted(workload, kernel, 'vmstat', counters),
        ...counted(workload, kernel, 'mmap_lock', mmap_lock),
        [workload, kernel, 'vma_lock', 'vma_write_locks', vma_write_locks],
      ]),
  },
  outcomes: {
    columns: ['workload', 'kernel', 'outcome'],
    rows: ({ outcomes }) =>
      outcomes.map(({ workload, kernel, outcome }) => [workload, kernel, outcome.kind]),
  },
  performance: {
    columns: ['workload', 'kernel', 'cpus', ...FIGURES],
    rows: ({ performance }) =>
      performance.map((row) => [
        row.workload,
        row.kernel,
        row.cpus,
        ...FIGURES.map((figure) => row[figure]),
      ]),
  },
  latency: {
    columns: ['workload', 'kernel', 'cpus', 'share', 'ns', 'min', 'max', 'runs'],
    rows: ({ performance }) =>
      performance.flatMap(({ workload, kernel, cpus, runs, latency = [] }) =>
        latency.map(({ share, ns, min, max }) => [
          workload,
          kernel,
          cpus,
          share,
          ns,
          min,
          max,
          runs,
        ]),
      ),
  },
  comparisons: {
    columns: ['axis', 'left', 'right', 'workload', 'cpus', 'ratio', 'least', 'most', 'verdict'],
    rows: ({ comparisons }) =>
      comparisons.map(({ axis, left, right, workload, cpus, ratio, interval, verdict }) => [
        axis,
        left,
        right,
        workload,
        cpus,
        ratio,
        ...interval,
        verdict,
      ]),
  },
  verdicts: {
    columns: [
      'question',
      'edition',
      'property',
      'lookup',
      'readers',
      'writers',
      'vmas',
      'ops',
      'write',
      'holding',
      'fairness',
      'queue',
      'mutant',
      'verdict',
      'retry_bound',
      'states',
    ],
    rows: ({ verification }) =>
      verification.flatMap(({ title, verdicts }) =>
        verdicts.map(({ edition, question: q, property, verdict, retryBound, states }) => [
          title,
          edition,
          property,
          q.lookup,
          q.readers,
          q.writers,
          q.vmas,
          q.ops,
          q.write,
          q.holding,
          q.fairness,
          q.queue,
          q.mutate ?? null,
          verdict,
          retryBound,
          states,
        ]),
      ),
  },
} as const satisfies Readonly<Record<string, Section>>;

/** A table of a report as comma-separated values. */
export type CsvSection = keyof typeof SECTIONS;

/** The tables a report can be written as. */
export const csvSections = Object.keys(SECTIONS) as CsvSection[];

/** One table of a report as comma-separated values; the first line names the columns. */
export function reportCsv(report: Report, section: CsvSection): string {
  const { columns, rows } = SECTIONS[section];
  return csvText(columns, rows(report));
}

function counted(
  workload: string,
  kernel: string,
  group: string,
  counts: Readonly<Record<string, number>>,
): CsvValue[][] {
  return Object.entries(counts).map(([name, value]) => [workload, kernel, group, name, value]);
}

function settings(set: Readonly<Record<string, string>>): string {
  return Object.entries(set)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
