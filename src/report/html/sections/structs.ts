import type { Report, StructRow } from '../../model.ts';
import { fieldsThatVary, varies } from '../../varies.ts';
import { grouped } from '../../words.ts';
import { byEdition, kernelColumns } from '../columns.ts';
import type { Context } from '../context.ts';
import { breakable, el, type Html } from '../html.ts';
import { barPlot } from '../plot/bars.ts';
import { basisNote, fold, section } from '../section.ts';
import { htmlTable } from '../table.ts';
import { kernelTable } from './kernel-table.ts';
import { kernelReasons } from './reasons.ts';
import { presenceLook } from './state.ts';

/** Bytes of each structure in every kernel as bars and figures, and the fields that come and go. */
export function structsHtml(context: Context, report: Report): Html[] {
  const { structs } = report.surface;
  if (structs.length === 0) return [];
  const telling = structs
    .filter((row) => varies(row.kernels, (found) => String(found?.size)))
    .sort((a, b) => rank(a) - rank(b));
  return [
    section(
      context,
      'Structures',
      basisNote(report, 'structs'),
      telling.length > 0 && [
        el(
          'p',
          {},
          'Bytes of one object. After the slash, and as an outline: what it takes in its slab cache, where that is more.',
        ),
        el(
          'div',
          { class: 'plots' },
          telling.map((row) => bars(context, report, row)),
        ),
      ],
      fold('Sizes as a table', sizeTable(context, report)),
      fields(context, report),
    ),
  ];
}

/** What there is one of per mapping and per process comes first: its bytes are what a change costs. */
function rank({ name }: StructRow): number {
  const first = ['vm_area_struct', 'mm_struct'].indexOf(name);
  return first < 0 ? 2 : first;
}

function bars({ ids }: Context, { kernels }: Report, { name, kernels: layouts }: StructRow): Html {
  const own = byEdition(kernels).flatMap(({ id }) => {
    const layout = layouts[id];
    return layout ? [{ name: id, value: layout.size, outer: layout.slabObjectSize }] : [];
  });
  const id = ids.of('plot', name);
  return el(
    'figure',
    { id: ids.of('struct', name) },
    el('figcaption', {}, el('code', {}, `struct ${name}`), ', bytes'),
    barPlot({
      id,
      title: `Bytes of struct ${name} in every kernel`,
      description: own.map((bar) => `${bar.name}: ${grouped(bar.value)} bytes`).join('; '),
      unit: 'B',
      bars: own,
    }),
  );
}

function sizeTable({ ids }: Context, { kernels, surface }: Report): Html {
  return htmlTable({
    caption: 'Structures in every kernel, in bytes',
    columns: [
      { title: 'Structure' },
      { title: 'Kernel' },
      { title: 'Size (bytes)', numeric: true },
      { title: 'Alignment (bytes)', numeric: true },
      { title: 'Slab object (bytes)', numeric: true },
      { title: 'File' },
    ],
    rows: surface.structs.flatMap(({ name, kernels: layouts }) =>
      kernels.map(({ id }) => {
        const layout = layouts[id];
        return {
          id: ids.of('struct', name, id),
          cells: [
            el('code', {}, name),
            el('code', {}, id),
            layout ? grouped(layout.size) : 'absent',
            layout ? grouped(layout.align) : '',
            layout && layout.slabObjectSize !== null ? grouped(layout.slabObjectSize) : '',
            el('code', {}, layout?.file ?? ''),
          ],
        };
      }),
    ),
  });
}

function fields(context: Context, report: Report): Html | false {
  const rows = fieldsThatVary(report);
  if (rows.length === 0) return false;
  const columns = kernelColumns(report.kernels, (id) =>
    rows.map((row) => row.kernels[id] ?? '').join('\n'),
  );
  const ofKernels = kernelReasons(report);
  return kernelTable(context, {
    caption: 'Fields that are not the same in every kernel',
    first: 'Field',
    columns,
    rows: rows.map(({ struct, field, kernels }) => ({
      id: context.ids.of('struct', struct, 'field', field),
      name: `${struct}.${field}`,
      head: breakable(`${struct}.${field}`),
      cell: ({ kernel, kernels: own }) => {
        const type = kernels[kernel] ?? null;
        const layout = report.surface.structs.find(({ name }) => name === struct)?.kernels[kernel];
        const found = layout?.fields.find(({ name }) => name === field);
        return {
          look: presenceLook(type !== null, found ? `${found.size} B` : 'absent'),
          tip: [
            `${struct}.${field}`,
            found
              ? `${found.type}: ${found.size} bytes at offset ${found.offset}`
              : layout
                ? 'this kernel has the structure without the field'
                : 'this kernel does not have the structure',
            ...ofKernels(own),
          ],
        };
      },
    })),
  });
}
