import type { Report, ReportCell, StructLayout, StructRow } from '../../../report/index.ts';
import { type DetailLine, headingRow, type Row } from '../../state/row.ts';
import { seg } from '../../text/line.ts';
import { basisOf, elsewhere } from '../cell-facts.ts';
import { type ScreenTable, searchText } from '../table.ts';
import { conditionLine } from './evidence.ts';
import { groups } from './groups.ts';

/** Structures with their fields as the compiler would lay them out for this cell. */
export function structTab(report: Report, cell: ReportCell): ScreenTable {
  const { kernel } = cell;
  return {
    columns: [
      { title: 'offset', align: 'right' },
      { title: 'size', align: 'right' },
      { title: 'field' },
      { title: 'type', shrink: 12 },
    ],
    rows:
      kernel === null
        ? []
        : report.surface.structs.flatMap((struct) => structRows(report, struct, cell, kernel)),
  };
}

function structRows(report: Report, struct: StructRow, cell: ReportCell, kernel: string): Row[] {
  const layout = struct.kernels[kernel];
  if (!layout) {
    return [headingRow(struct.name, `struct ${struct.name}: absent`)];
  }
  return [
    headingRow(struct.name, `struct ${struct.name}: ${sizeText(layout)}`),
    ...layout.fields.map(({ name, type, offset, size }) => ({
      key: `${struct.name}.${name}`,
      cells: [seg(String(offset)), seg(String(size)), seg(name), seg(type, 'muted')],
      search: searchText(`${struct.name}.${name}`, type),
      detail: (): DetailLine[] => [
        { label: name, text: `${type}, ${size} bytes at offset ${offset}`, tone: 'strong' },
        conditionLine(report, cell, (id) => fieldText(struct.kernels[id] ?? null, name)),
        ...groups(elsewhere(struct.kernels, (other) => fieldText(other, name))),
        { label: `struct ${struct.name}`, text: `${sizeText(layout)}, ${layout.file}` },
        ...groups(elsewhere(struct.kernels, (other) => (other ? sizeText(other) : 'absent'))),
        { label: 'basis', text: basisOf(report, 'structs').statement },
      ],
    })),
  ];
}

function sizeText({ size, align, slabObjectSize }: StructLayout): string {
  const slab = slabObjectSize === null ? '' : `, ${slabObjectSize} in its slab cache`;
  return `${size} bytes, aligned to ${align}${slab}`;
}

function fieldText(layout: StructLayout | null, name: string): string {
  const field = layout?.fields.find((candidate) => candidate.name === name);
  return field ? `at ${field.offset}, ${field.size} bytes` : 'absent';
}
