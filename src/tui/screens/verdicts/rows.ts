import { PROPERTIES } from '../../../kernel/index.ts';
import { questionText, type ReportVerdict, type VerificationGroup } from '../../../report/index.ts';
import { type DetailLine, headingRow, type Row } from '../../state/row.ts';
import { type Segment, seg } from '../../text/line.ts';
import { count } from '../../text/number.ts';
import type { Glyphs } from '../../theme.ts';
import { type ScreenTable, searchText } from '../table.ts';

/** Verdicts under their questions. A row's key is its group and place. */
export function verdictTable(groups: readonly VerificationGroup[], glyphs: Glyphs): ScreenTable {
  return {
    columns: [
      { title: 'verdict' },
      { title: 'edition', drop: 2 },
      { title: 'lookup' },
      { title: 'property' },
      { title: 'trace', align: 'right', drop: 3 },
      { title: 'asked', shrink: 20, cut: 'middle' },
    ],
    rows: groups.flatMap(({ title, verdicts }, g) => [
      headingRow(`${g}`, title),
      ...verdicts.map((verdict, i) => verdictRow(`${g}/${i}`, verdict, glyphs)),
    ]),
  };
}

function verdictRow(key: string, v: ReportVerdict, glyphs: Glyphs): Row {
  const asked = questionText(v);
  const steps = v.trace?.steps.length ?? 0;
  return {
    key,
    title: `${v.edition}, ${v.question.lookup}: ${v.property}`,
    cells: [
      verdictSegment(v, glyphs),
      seg(v.edition),
      seg(v.question.lookup),
      seg(v.property),
      seg(v.trace ? count(steps, 'step') : '', 'muted'),
      seg(asked, 'muted'),
    ],
    search: searchText(v.verdict, v.edition, v.question.lookup, v.property, asked, v.what),
    detail: () => verdictDetail(v),
  };
}

function verdictSegment({ verdict }: ReportVerdict, glyphs: Glyphs): Segment {
  if (verdict === 'holds') return seg(`${glyphs.present} holds`, 'good');
  return verdict === 'violated'
    ? seg(`${glyphs.rejected} violated`, 'bad')
    : seg(`${glyphs.stub} undecided`, 'warn');
}

function verdictDetail(v: ReportVerdict): DetailLine[] {
  return [
    { label: 'answer', text: v.what, ...(v.verdict === 'violated' && { tone: 'bad' as const }) },
    { label: 'property', text: PROPERTIES[v.property] },
    { label: 'asked', text: questionText(v) },
    {
      label: 'explored',
      text: `${count(v.states, 'state')}, ${count(v.transitions, 'transition')}, depth ${v.depth}`,
    },
    ...v.loops.map(({ routine, from, to, bound }, i) => ({
      label: i === 0 ? 'loops' : '',
      text: `${routine}: ${from} to ${to} ${bound === null ? 'without bound' : `at most ${bound}`}`,
    })),
    ...v.assumptions.map((text, i) => ({ label: i === 0 ? 'assumed' : '', text })),
  ];
}
