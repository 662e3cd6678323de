import { PROPERTIES } from '../../../kernel/index.ts';
import type { ReportVerdict, VerificationGroup } from '../../model.ts';
import { boundsOf, caughtOf, conditionOf, writersOf } from '../../sections/verification.ts';
import { questionText } from '../../verdict-text.ts';
import { grouped } from '../../words.ts';
import type { Context } from '../context.ts';
import { el, type Html, join } from '../html.ts';
import { fold, section } from '../section.ts';
import { htmlTable } from '../table.ts';
import { type Look, lookHtml } from './state.ts';
import { traceHtml } from './trace.ts';

const LOOKS: Readonly<Record<ReportVerdict['verdict'], Look>> = {
  holds: { sign: '✓', word: 'holds', tone: 'good' },
  violated: { sign: '✗', word: 'violated', tone: 'bad' },
  undecided: { sign: '?', word: 'undecided', tone: 'mixed' },
};

/** What the model checker says, group by group, each counterexample to be unfolded. */
export function verificationHtml(context: Context, groups: readonly VerificationGroup[]): Html[] {
  const all = groups.flatMap(({ verdicts }) => verdicts);
  if (all.length === 0) return [];
  const common = [...new Set(all.flatMap(({ assumptions }) => assumptions))].filter((text) =>
    all.every(({ assumptions }) => assumptions.includes(text)),
  );
  return [
    section(
      context,
      'Verification',
      el(
        'p',
        {},
        'Every schedule of the modelled routines was explored, each in a kernel with the threads named.',
      ),
      common.length > 0 && [
        el('p', {}, 'Assumed throughout:'),
        el(
          'ul',
          {},
          common.map((text) => el('li', {}, text)),
        ),
      ],
      groups.map((group) => groupHtml(context, group, common)),
    ),
  ];
}

function groupHtml(
  context: Context,
  { title, verdicts }: VerificationGroup,
  common: readonly string[],
): Html {
  const id = context.ids.of('part', title);
  const name = (i: number): string => context.ids.of('trace', title, String(i + 1));
  const conditions = verdicts.some((verdict) => conditionOf(verdict) !== '');
  const bounds = verdicts.some(({ retryBound }) => retryBound !== null);
  const properties = [...new Set(verdicts.map(({ property }) => property))];
  return el(
    'section',
    { id, 'aria-labelledby': `${id}:h` },
    el('h3', { id: `${id}:h` }, title),
    el(
      'ul',
      {},
      properties.map((property) =>
        el('li', {}, el('strong', {}, property), `: ${PROPERTIES[property]}`),
      ),
    ),
    htmlTable({
      caption: title,
      columns: [
        { title: 'Edition' },
        { title: 'Lookup' },
        { title: 'Verdict' },
        { title: 'Property' },
        { title: 'Readers', numeric: true },
        { title: 'Writers' },
        ...(conditions ? [{ title: 'With' }] : []),
        ...(bounds ? [{ title: 'Most retries' }] : []),
        { title: 'States', numeric: true },
        { title: 'Evidence' },
      ],
      rows: verdicts.map((verdict, i) => ({
        cells: [
          el('code', {}, verdict.edition),
          el('code', {}, verdict.question.lookup),
          {
            content: join(lookHtml(LOOKS[verdict.verdict]), caughtOf(verdict)),
            attributes: { class: LOOKS[verdict.verdict].tone },
          },
          verdict.property,
          verdict.question.readers,
          writersOf(verdict),
          ...(conditions ? [conditionOf(verdict)] : []),
          ...(bounds ? [String(verdict.retryBound ?? '')] : []),
          grouped(verdict.states),
          el('a', { href: `#${name(i)}` }, verdict.trace ? 'trace' : 'details'),
        ],
      })),
    }),
    fold(
      'Verdicts one by one, with their traces',
      verdicts.map((verdict, i) => verdictHtml(verdict, name(i), i + 1, common)),
    ),
  );
}

function verdictHtml(
  verdict: ReportVerdict,
  id: string,
  n: number,
  common: readonly string[],
): Html {
  const { assumptions, states, transitions, depth, trace } = verdict;
  const own = assumptions.filter((text) => !common.includes(text));
  const bounds = boundsOf(verdict);
  return el(
    'details',
    { class: 'verdict' },
    el(
      'summary',
      {},
      `${n}. `,
      el('code', {}, verdict.edition),
      ', ',
      el('code', {}, verdict.question.lookup),
      ', ',
      verdict.property,
      ': ',
      el('span', { class: `key ${LOOKS[verdict.verdict].tone}` }, lookHtml(LOOKS[verdict.verdict])),
    ),
    el(
      'div',
      { id },
      el('p', {}, questionText(verdict), '. ', el('strong', {}, verdict.what), '.'),
      el(
        'p',
        {},
        `Explored: ${grouped(states)} states, ${grouped(transitions)} transitions, depth ${grouped(depth)}.`,
      ),
      bounds !== '' && el('p', {}, `Passes of each loop, at most: ${bounds}.`),
      own.length > 0 && el('p', {}, `Assumed besides: ${own.join('; ')}.`),
      trace && traceHtml(trace, `Trace of verdict ${n}: ${trace.what}`),
    ),
  );
}
