import type { DetailLine, Row } from '../../state/row.ts';
import { seg, type Tone } from '../../text/line.ts';
import type { Glyphs } from '../../theme.ts';
import { searchText } from '../table.ts';

/** One thing on both sides of a comparison, as the screen tells it. */
export interface Entry {
  readonly key: string;
  readonly name: string;
  readonly left: string;
  readonly right: string;
  /** Why, or by how much. */
  readonly remark: string;
  readonly differs: boolean;
  /** Belongs to the entry above: shown, but `n` goes past it. */
  readonly part?: boolean;
  readonly tone?: Tone;
  readonly detail: () => readonly DetailLine[];
}

/** An entry as a row of the comparison. */
export function entryRow(entry: Entry, layer: number, glyphs: Glyphs): Row {
  const { key, name, left, right, remark, differs, part = false, tone = 'warn', detail } = entry;
  const sign = differs ? glyphs.changed : glyphs.same;
  return {
    key: `${layer} ${key}`,
    title: name,
    layer,
    differs: differs && !part,
    cells: [
      // A sign of its own for what differs: the tone alone would be lost without colour.
      seg(part ? ' ' : sign, differs ? tone : 'muted'),
      seg(part ? `  ${name}` : name, differs ? 'plain' : 'muted'),
      seg(left, differs ? 'plain' : 'muted'),
      seg(right, differs ? tone : 'muted'),
      seg(remark, 'muted'),
    ],
    search: searchText(key, name, left, right, remark, differs ? 'differs' : 'same'),
    detail,
  };
}

/**
 * An entry as lines below each other, as in a patch: what is left, then what is right. One row where both
 * are the same. The signs are those of a patch everywhere, also without colour.
 */
export function unifiedRows(entry: Entry, layer: number): Row[] {
  const { key, name, left, right, remark, differs, part = false, tone = 'warn', detail } = entry;
  const line = (sign: string, value: string, why: string, lineTone: Tone): Row => ({
    key: `${layer} ${key}${sign === '+' ? ' +' : ''}`,
    title: name,
    layer,
    differs: differs && !part && sign === '-',
    cells: [
      seg(part ? ` ${sign}` : sign, lineTone),
      seg(part ? `  ${name}` : name, differs ? 'plain' : 'muted'),
      seg(value, lineTone),
      seg(why, 'muted'),
    ],
    search: searchText(key, name, left, right, remark, differs ? 'differs' : 'same'),
    detail,
  });
  if (!differs) return [line(' ', left, remark, 'muted')];
  return [
    { ...line('-', left, '', 'muted'), other: 'below' },
    { ...line('+', right, remark, tone), other: 'above' },
  ];
}
