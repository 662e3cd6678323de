import { PROPERTIES } from '../../kernel/index.ts';
import { type Block, bullets, code, heading, type Line, paragraph, table } from '../document.ts';
import type { ReportVerdict, VerificationGroup } from '../model.ts';
import { grouped } from '../words.ts';

/** The report's Verification section: what the model checker says, and what it rests on. */
export function verificationSection(groups: readonly VerificationGroup[]): Block[] {
  const all = groups.flatMap((g) => g.verdicts);
  if (all.length === 0) return [];
  const common = [...new Set(all.flatMap((v) => v.assumptions))].filter((a) =>
    all.every((v) => v.assumptions.includes(a)),
  );
  return [
    heading(2, 'Verification'),
    paragraph(
      'Every schedule of the modelled routines was explored, each in a kernel with the threads named. ' +
        `Assumed throughout: ${common.join('; ')}.`,
    ),
    ...groups.flatMap(groupBlocks),
  ];
}

function groupBlocks({ title, verdicts }: VerificationGroup): Block[] {
  const properties = [...new Set(verdicts.map((v) => v.property))];
  const bounds = verdicts.some((v) => v.retryBound !== null);
  const conditions = verdicts.some((v) => conditionOf(v) !== '');
  const rows = verdicts.map((v): Line[] => [
    [code(v.edition)],
    [code(v.question.lookup)],
    [String(v.question.readers)],
    [writersOf(v)],
    ...(conditions ? [[conditionOf(v)]] : []),
    [{ strong: v.verdict }, ...caughtOf(v)],
    ...(bounds ? [[String(v.retryBound ?? '')], [boundsOf(v)]] : []),
    [grouped(v.states)],
  ]);
  return [
    heading(3, title),
    bullets(properties.map((p) => [{ strong: p }, `: ${PROPERTIES[p]}`])),
    table(
      [
        { title: 'Edition' },
        { title: 'Lookup' },
        { title: 'Readers', align: 'right' },
        { title: 'Writers' },
        ...(conditions ? [{ title: 'With' }] : []),
        { title: 'Verdict' },
        ...(bounds ? [{ title: 'Most retries' }, { title: 'Of each loop', prose: true }] : []),
        { title: 'States', align: 'right' },
      ],
      rows,
    ),
  ];
}

/** Of a mutant: whether its absence is noticed. */
export function caughtOf({ question, verdict }: ReportVerdict): string[] {
  if (question.mutate === undefined) return [];
  return [verdict === 'violated' ? ': caught' : verdict === 'holds' ? ': not caught' : ''];
}

/** `1: modify x 2`, `2: remote x 1`, `1: holds`. */
export function writersOf({ question: q, property }: ReportVerdict): string {
  if (property === 'killable') return `${q.writers}: never lets go`;
  return `${q.writers}: ${q.write} x ${q.ops}`;
}

/** What is not as usual: a lock held before, a fairness, a queue that does not hand off, a mutant. */
export function conditionOf({ question: q, property, fairness }: ReportVerdict): string {
  return [
    ...(q.holding === 'nothing' ? [] : [`${q.holding} held`]),
    ...(property === 'progress' ? [`${fairness} fairness`] : []),
    ...(q.queue === 'handoff' ? [] : ['lock may be stolen']),
    ...(q.mutate === undefined ? [] : [q.mutate]),
  ].join(', ');
}

/** Passes of each loop in one lookup, at most. */
export function boundsOf(v: ReportVerdict): string {
  return v.loops
    .map(({ routine, from, bound }) => `${routine}.${from}: ${bound ?? 'unbounded'}`)
    .join(', ');
}
