import { MOST_COSTS, nearFactor } from '../kernel/index.ts';
import { type Block, bullets, code, type Inline, type Line, paragraph, table } from './document.ts';
import {
  headlinesOf,
  type NamedHeadline,
  type Published,
  type SensitivityData,
} from './published.ts';

/** Published factors beside the modelled ones, and what each hangs on where that is known. */
export function publishedDocument(published: Published): Block[] {
  const headlines = headlinesOf(published);
  const known = headlines.flatMap((of) =>
    of.sensitivity ? [{ ...of, sensitivity: of.sensitivity }] : [],
  );
  const [first] = known;
  if (first === undefined) return [factorTable(headlines)];
  return [paragraph(legend(first.sensitivity)), bullets(known.map(hangsOn))];
}

function factorTable(headlines: readonly NamedHeadline[]): Block {
  return table(
    [
      { title: 'factor' },
      { title: 'published', align: 'right' },
      { title: 'modelled', align: 'right' },
    ],
    headlines.map((of) => [[of.name], [publishedText(of)], [nearFactor(of.modelled)]]),
  );
}

function legend({ chance }: SensitivityData): string {
  return (
    `Modelled is the mean of ${chance.draws} runs of both kernels, each with another seed and each cost up to 1% other; behind "by chance" are the ` +
    'least and the greatest of them. One cost: each cost 30% less and 30% more by itself, as far as that goes further than chance; all costs: ' +
    'all at once, each the way that makes the factor least, or greatest, by itself. Then the costs it hangs on most, with 30% less and 30% more of ' +
    'each. Factors are of how much better it is after a change, those of one CPU of how much longer it takes.'
  );
}

function hangsOn({
  sensitivity: of,
  ...headline
}: NamedHeadline & { readonly sensitivity: SensitivityData }): Line {
  const said = publishedText(headline);
  const strongest = of.costs.filter(({ told }) => told).slice(0, MOST_COSTS);
  const ranges = [
    ['by chance', of.chance.least, of.chance.greatest],
    ['one cost', of.least, of.greatest],
    ['all costs', of.all_least, of.all_greatest],
  ] as const;
  return [
    { strong: headline.name },
    `: ${nearFactor(of.headline)}${said === '' ? '' : `, published ${said}`}; `,
    ranges.map(([what, ...ends]) => `${what} ${rangeText(ends)}`).join(', '),
    '. ',
    ...(strongest.length > 0
      ? commas(strongest.map(({ cost, less, more }) => [code(cost), ` ${pairText(less, more)}`]))
      : ['Nothing can be told from chance']),
    '.',
    ...turns(of),
  ];
}

function turns({ chance, turned_by: turned = [] }: SensitivityData): Inline[] {
  const costs = turned.map((cost) => [code(cost)]);
  return [
    chance.least < 1 && chance.greatest > 1 ? ' Chance alone turns its direction.' : '',
    ...(costs.length > 0
      ? [' Turned by ', ...commas(costs), '.']
      : [' No cost alone turns its direction.']),
  ];
}

function publishedText({ published, atMost }: Pick<NamedHeadline, 'published' | 'atMost'>): string {
  return published === undefined ? '' : `${atMost ? 'up to ' : ''}${nearFactor(published)}`;
}

function rangeText(ends: readonly number[]): string {
  return `${nearFactor(Math.min(...ends))} to ${nearFactor(Math.max(...ends))}`;
}

function pairText(less: number, more: number): string {
  return `${nearFactor(less)} and ${nearFactor(more)}`;
}

function commas(items: readonly Inline[][]): Inline[] {
  return items.flatMap((item, i) => (i > 0 ? [', ', ...item] : item));
}
