import { type Block, bullets, code, heading, type Line, paragraph, table } from '../document.ts';
import { groupKernels, legend } from '../kernel-groups.ts';
import type { Report, StructLayout } from '../model.ts';
import { fieldsThatVary } from '../varies.ts';
import { grouped } from '../words.ts';

/** Sizes of structures per kernel, and the fields that come and go. */
export function structSection(report: Report): Block[] {
  const { structs } = report.surface;
  if (structs.length === 0) return [];
  const columns = structs.map(({ name }) => ({ title: name, align: 'right' as const }));
  const rows = report.kernels.map(({ id }) => [
    [code(id)],
    ...structs.map(({ kernels }): Line => [sizeText(kernels[id] ?? null)]),
  ]);
  return [
    heading(2, 'Structures'),
    paragraph(
      'Bytes of one object; after the slash what it takes in its slab cache, where it has one.',
    ),
    table([{ title: 'Kernel' }, ...columns], rows),
    ...fieldTable(report),
  ];
}

function sizeText(layout: StructLayout | null): string {
  if (!layout) return 'absent';
  const slab = layout.slabObjectSize === null ? '' : ` / ${grouped(layout.slabObjectSize)}`;
  return `${grouped(layout.size)}${slab}`;
}

function fieldTable(report: Report): Block[] {
  const fields = fieldsThatVary(report);
  if (fields.length === 0) return [];
  const groups = groupKernels(report.kernels, (id) =>
    fields.map((field) => field.kernels[id] ?? '').join('\n'),
  );
  return [
    heading(3, 'Fields that come and go'),
    bullets(legend(groups)),
    table(
      [{ title: 'Field' }, ...groups.map(({ label }) => ({ title: label }))],
      fields.map(({ struct, field, kernels }) => [
        [code(`${struct}.${field}`)],
        ...groups.map(({ kernels: ids }): Line => {
          const type = kernels[ids[0] ?? ''];
          return type ? [code(type)] : ['absent'];
        }),
      ]),
    ),
  ];
}
