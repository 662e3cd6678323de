import type { FallbackEntry, FallbackRow, Report } from '../../model.ts';
import { takenText } from '../../varies.ts';
import { grouped } from '../../words.ts';
import { kernelColumns } from '../columns.ts';
import type { Context } from '../context.ts';
import { breakable, el, type Html } from '../html.ts';
import { basisNote, fold, section } from '../section.ts';
import { htmlTable } from '../table.ts';
import { kernelTable } from './kernel-table.ts';
import { kernelReasons } from './reasons.ts';
import { legend, NO_FALLBACK, TAKEN, takenLook } from './state.ts';

/** Every place that falls back to mmap_lock in every kernel, with how often it did. */
export function fallbacksHtml(context: Context, report: Report): Html[] {
  const { fallbacks, kernels } = report;
  if (fallbacks.length === 0) return [];
  const columns = kernelColumns(kernels, (id) =>
    fallbacks.map((row) => takenText(row.kernels[id]?.taken)).join('\n'),
  );
  const ofKernels = kernelReasons(report);
  return [
    section(
      context,
      'Fallback paths',
      basisNote(report, 'fallbacks'),
      legend(
        [TAKEN.always, 'the first try cannot succeed or is not made: every call falls back'],
        [TAKEN.sometimes, 'it depends on what happens'],
        [TAKEN.never, 'it cannot happen'],
        [NO_FALLBACK, 'this kernel has no such fallback'],
      ),
      el('p', {}, 'Below the word: hits by workload, where there were any.'),
      kernelTable(context, {
        caption: 'Fallback sites in every kernel, with hits',
        first: 'Site',
        columns,
        rows: fallbacks.map((row) => ({
          id: context.ids.of('site', row.site),
          name: row.site,
          head: el(
            'a',
            { href: `#${context.ids.of('note', 'site', row.site)}` },
            breakable(row.site),
          ),
          cell: ({ kernel, kernels: own }) => ({
            look: takenLook(row.kernels[kernel]?.taken),
            more: hits(row.kernels[kernel]),
            tip: [row.site, ...siteLines(row.kernels[kernel]), ...ofKernels(own)],
          }),
        })),
      }),
      fold('What each site tries, and what it falls back to', siteTable(context, fallbacks)),
    ),
  ];
}

function hits(entry: FallbackEntry | null | undefined): Html[] {
  return Object.entries(entry?.hits ?? {})
    .filter(([, times]) => times > 0)
    .map(([workload, times]) =>
      el('span', { class: 'hits' }, `${workload} `, el('b', {}, grouped(times))),
    );
}

function siteLines(entry: FallbackEntry | null | undefined): string[] {
  if (!entry) return ['This kernel has no such fallback.'];
  const runs = Object.entries(entry.hits);
  return [
    `${entry.caller} in ${entry.file} tries ${entry.tries}.`,
    `When ${entry.trigger}: ${entry.fallback}.`,
    runs.length === 0
      ? 'No workload of this run counts it.'
      : `Hits: ${runs.map(([workload, times]) => `${workload} ${grouped(times)}`).join(', ')}.`,
  ];
}

function siteTable({ ids }: Context, rows: readonly FallbackRow[]): Html {
  return htmlTable({
    caption: 'What each fallback site does',
    columns: [
      { title: 'Site' },
      { title: 'Caller' },
      { title: 'File' },
      { title: 'Tries' },
      { title: 'Falls back when' },
      { title: 'To' },
    ],
    rows: rows.map((row) => {
      const entry = Object.values(row.kernels).find((found) => found !== null);
      return {
        id: ids.of('note', 'site', row.site),
        cells: [
          breakable(row.site),
          el('code', {}, entry?.caller ?? ''),
          el('code', {}, entry?.file ?? ''),
          entry?.tries ?? '',
          entry?.trigger ?? '',
          entry?.fallback ?? '',
        ],
      };
    }),
  });
}
