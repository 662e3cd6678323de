import type { FallbackEntry, Report } from '../../model.ts';
import { stateText } from '../../varies.ts';
import { grouped, range } from '../../words.ts';
import { byEdition } from '../columns.ts';
import type { Context } from '../context.ts';
import { breakable, el, type Html } from '../html.ts';
import { htmlTable } from '../table.ts';
import { lookHtml, presenceLook } from './state.ts';

/** The figures the answers are drawn from, one row per kernel. */
export function kernelOverview({ ids }: Context, report: Report): Html {
  const { kernels, surface, fallbacks, workloads } = report;
  const vma = surface.structs.find(({ name }) => name === 'vm_area_struct');
  const mm = surface.structs.find(({ name }) => name === 'mm_struct');
  const functions = (id: string, state: string): number =>
    surface.functions.filter(({ kernels: own }) => stateText(own[id]).startsWith(state)).length;
  const taken = (id: string, word: FallbackEntry['taken']): number =>
    fallbacks.filter(({ kernels: own }) => own[id]?.taken === word).length;
  const reads = (id: string): string => {
    const own = workloads.filter((row) => row.kernel === id);
    return own.length === 0 ? 'not run' : range(own.map((row) => row.mmap_lock.read_acquired));
  };
  const figure = (title: string) => ({ title, numeric: true });
  return htmlTable({
    caption: 'Every kernel in one line',
    columns: [
      { title: 'Kernel' },
      { title: 'Per-VMA lock' },
      figure('Functions real'),
      figure('stub'),
      figure('Fallbacks always'),
      figure('sometimes'),
      ...(vma ? [figure('vm_area_struct (bytes)')] : []),
      ...(mm ? [figure('mm_struct (bytes)')] : []),
      figure('mmap_lock read (times per workload)'),
    ],
    rows: byEdition(kernels).map(({ id, lockPresent }) => {
      const look = presenceLook(lockPresent, lockPresent ? 'present' : 'absent');
      const bytes = (row: typeof vma): string[] =>
        row ? [row.kernels[id] ? grouped(row.kernels[id].size) : 'absent'] : [];
      return {
        cells: [
          el('a', { href: `#${ids.of('cell', id)}` }, breakable(id)),
          { content: lookHtml(look), attributes: { class: look.tone } },
          functions(id, 'real'),
          functions(id, 'stub'),
          taken(id, 'always'),
          taken(id, 'sometimes'),
          ...bytes(vma),
          ...bytes(mm),
          reads(id),
        ],
      };
    }),
  });
}
