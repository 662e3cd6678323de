import { nameText, type Report } from '../../../report/index.ts';
import type { Row } from '../../state/row.ts';
import { seg } from '../../text/line.ts';
import type { Glyphs } from '../../theme.ts';
import { basisOf, elsewhere, stateSegment } from '../cell-facts.ts';
import { searchText } from '../table.ts';
import { groups } from './groups.ts';

type NameRow = Report['surface']['names'][number];

/** A constant, ioctl, trace point, variable or option: present or absent in this cell's kernel, and its value. */
export function nameTableRow(report: Report, row: NameRow, kernel: string, glyphs: Glyphs): Row {
  const { name, kind, file, kernels } = row;
  const entry = kernels[kernel] ?? null;
  const state = entry ? 'present' : 'absent';
  const value = entry?.value ?? null;
  const what = value === null ? kind : `${kind} = ${value}`;
  return {
    key: `${kind} ${name}`,
    title: name,
    cells: [
      stateSegment(state, glyphs),
      seg(name, entry ? 'plain' : 'muted'),
      seg(what, entry ? 'plain' : 'muted'),
      seg(file, 'muted'),
    ],
    search: searchText(state, name, what, file),
    detail: () => [
      { label: name, text: `${kind}, ${nameText(kind, entry)}`, tone: 'strong' },
      ...(value === null ? [] : [{ label: 'value', text: value }]),
      { label: 'file', text: file },
      ...groups(elsewhere(kernels, (other) => nameText(kind, other))),
      { label: 'basis', text: basisOf(report, 'surface').statement },
    ],
  };
}
