import { type Block, bullets, code, heading, type Line, paragraph, table } from '../document.ts';
import { groupKernels, legend } from '../kernel-groups.ts';
import type { FallbackEntry, FallbackRow, Report } from '../model.ts';
import { takenText } from '../varies.ts';
import { grouped } from '../words.ts';

/** Where callers fall back to mmap_lock, whether each kernel can avoid it, and how often it happened. */
export function fallbackSection(report: Report): Block[] {
  const { fallbacks, kernels } = report;
  if (fallbacks.length === 0) return [];
  const groups = groupKernels(kernels, (id) =>
    fallbacks.map((row) => takenText(row.kernels[id]?.taken)).join('\n'),
  );
  return [
    heading(2, 'Fallback paths'),
    paragraph(
      'always: the first try cannot succeed or is not made, every call takes the fallback. ' +
        'sometimes: it depends on what happens. never: it cannot happen. none: this kernel has no ' +
        'such fallback.',
    ),
    bullets(legend(groups)),
    table(
      [{ title: 'Site' }, ...groups.map(({ label }) => ({ title: label }))],
      fallbacks.map((row) => [
        [code(row.site)],
        ...groups.map((group): Line => [takenText(row.kernels[group.kernels[0] ?? '']?.taken)]),
      ]),
    ),
    ...fallbacks.flatMap((row) => siteHits(row, report)),
    ...unhit(fallbacks),
  ];
}

function siteHits(row: FallbackRow, { kernels, workloads }: Report): Block[] {
  if (!wasHit(row)) return [];
  const names = [...new Set(workloads.map(({ workload }) => workload))];
  const entry = Object.values(row.kernels).find((found) => found !== null);
  return [
    heading(3, 'Hits of ', code(row.site)),
    ...(entry ? [paragraph(...description(entry))] : []),
    table(
      [
        { title: 'Kernel' },
        { title: 'Taken' },
        ...names.map((name) => ({ title: name, align: 'right' as const })),
      ],
      kernels.flatMap(({ id }) => {
        const found = row.kernels[id];
        if (!found) return [];
        return [[[code(id)], [found.taken], ...names.map((name): Line => [hitText(found, name)])]];
      }),
    ),
  ];
}

function description({ caller, file, tries, trigger, fallback }: FallbackEntry): Line {
  return [code(caller), ' in ', code(file), ` tries ${tries}. When ${trigger}: ${fallback}.`];
}

function hitText(entry: FallbackEntry, workload: string): string {
  const hits = entry.hits[workload];
  return hits === undefined ? 'not run' : grouped(hits);
}

function wasHit(row: FallbackRow): boolean {
  return Object.values(row.kernels).some((entry) =>
    Object.values(entry?.hits ?? {}).some((hits) => hits > 0),
  );
}

function unhit(rows: readonly FallbackRow[]): Block[] {
  const sites = rows.filter((row) => !wasHit(row)).map((row) => row.site);
  if (sites.length === 0) return [];
  const line = sites.flatMap((site, i) => [i > 0 ? ', ' : '', code(site)]);
  return [paragraph('No workload of this run reached: ', ...line, '.')];
}
