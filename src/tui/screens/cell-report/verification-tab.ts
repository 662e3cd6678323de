import { PROPERTIES } from '../../../kernel/index.ts';
import type { Report, ReportCell, ReportVerdict } from '../../../report/index.ts';
import { verdictKey } from '../../sessions/verdicts.ts';
import { type DetailLine, headingRow, type Row } from '../../state/row.ts';
import { seg, type Tone } from '../../text/line.ts';
import { count, grouped } from '../../text/number.ts';
import type { Glyphs } from '../../theme.ts';
import { type ScreenTable, searchText } from '../table.ts';

const TONES: Readonly<Record<ReportVerdict['verdict'], Tone>> = {
  holds: 'good',
  undecided: 'warn',
  violated: 'bad',
};

/** What the model checker says of the cell's edition: of its design, whatever the cell's options are. */
export function verificationTab(report: Report, cell: ReportCell, glyphs: Glyphs): ScreenTable {
  return {
    columns: [
      { title: 'verdict' },
      { title: 'property' },
      { title: 'lookup', shrink: 8 },
      { title: 'who does what', shrink: 24, cut: 'middle' },
      { title: 'retries', drop: 2 },
      { title: 'states', align: 'right', drop: 1 },
    ],
    rows: report.verification.flatMap(({ title, verdicts }, group): Row[] => {
      const own = verdicts.flatMap((verdict, index) =>
        verdict.edition === cell.edition
          ? [verdictRow(verdict, verdictKey(group, index), glyphs)]
          : [],
      );
      return own.length === 0 ? [] : [headingRow(title, title), ...own];
    }),
  };
}

function verdictRow(verdict: ReportVerdict, key: string, glyphs: Glyphs): Row {
  const { question: q, property, retryBound, states } = verdict;
  const glyph = { holds: glyphs.present, violated: glyphs.rejected, undecided: glyphs.stub };
  const who = whoText(verdict);
  return {
    key,
    title: `${property} of ${q.lookup}`,
    cells: [
      seg(`${glyph[verdict.verdict]} ${verdict.verdict}`, toneOf(verdict)),
      seg(property),
      seg(q.lookup),
      seg(who),
      seg(retryBound === null ? '' : String(retryBound)),
      seg(grouped(states), 'muted'),
    ],
    search: searchText(verdict.verdict, property, q.lookup, who),
    detail: () => verdictDetail(verdict),
  };
}

/** A mutant is there to be caught: that its property is violated is as it should be. */
function toneOf({ question, verdict }: ReportVerdict): Tone {
  if (question.mutate === undefined) return TONES[verdict];
  return verdict === 'violated' ? 'good' : 'bad';
}

function whoText({ question: q, fairness, property }: ReportVerdict): string {
  return [
    `${count(q.readers, 'reader')}, ${count(q.writers, 'writer')}: ${q.write} x ${q.ops}, ${count(q.vmas, 'VMA')}`,
    ...(q.holding === 'nothing' ? [] : [`${q.holding} held`]),
    ...(property === 'progress' ? [`${fairness} fairness`] : []),
    ...(q.queue === 'handoff' ? [] : ['lock may be stolen']),
    ...(q.mutate === undefined ? [] : [`mutant ${q.mutate}`]),
  ].join(', ');
}

function verdictDetail(verdict: ReportVerdict): DetailLine[] {
  const { property, what, assumptions, loops, trace, states, transitions, depth } = verdict;
  return [
    { label: verdict.verdict, text: what, tone: 'strong' },
    { label: property, text: PROPERTIES[property] },
    { label: 'asked', text: whoText(verdict) },
    {
      label: 'explored',
      text: `${grouped(states)} states, ${grouped(transitions)} transitions, depth ${grouped(depth)}`,
    },
    ...loops.map(({ routine, from, to, bound }, index) => ({
      label: index === 0 ? 'loops' : '',
      text: `${routine}: ${from} to ${to}, ${bound === null ? 'unbounded' : `at most ${bound} times`}`,
    })),
    ...assumptions.map((text, index) => ({ label: index === 0 ? 'assumed' : '', text })),
    ...(trace
      ? [
          {
            label: 'trace',
            text: `${trace.steps.length} steps of ${trace.threads.join(', ')}: ${trace.what}`,
          },
        ]
      : []),
    {
      label: 'basis',
      text: 'every schedule of the modelled routines was explored; no kernel was run',
    },
  ];
}
