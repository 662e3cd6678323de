import { type Block, bullets, code, heading, type Line, paragraph } from '../document.ts';
import { count } from '../words.ts';
import type { GateResult, Regression } from './regressions.ts';

/** What a gate found, as blocks of text: a line for each thing that got worse, as a log is read. */
export function gateDocument(result: GateResult, baseline: string): Block[] {
  const { regressions, compared, notCompared } = result;
  const found =
    regressions.length === 0
      ? 'Nothing is'
      : `${count(regressions.length, 'thing is', 'things are')}`;
  return [
    heading(2, 'Gate'),
    paragraph(
      `${found} worse than in `,
      code(baseline),
      ` (${count(compared.length, 'cell')} compared).`,
    ),
    ...listOf(regressions.map(regressionLine)),
    ...(notCompared.length > 0
      ? [
          paragraph('In one of the two reports only, and not compared:'),
          ...listOf(notCompared.map((id) => [code(id)])),
        ]
      : []),
  ];
}

function listOf(items: readonly Line[]): Block[] {
  return items.length > 0 ? [bullets(items)] : [];
}

/** So many cells are named; a matrix may have thousands. */
const NAMED = 4;

function regressionLine({ rule, subject, before, after, where }: Regression): Line {
  const named = where.slice(0, NAMED).flatMap((id, i) => [i > 0 ? ', ' : '', code(id)]);
  const more = where.length - NAMED;
  return [
    { strong: rule },
    ': ',
    code(subject),
    ` ${before} -> ${after}; in `,
    ...named,
    ...(more > 0 ? [` and ${count(more, 'other')}`] : []),
  ];
}
