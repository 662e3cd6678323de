import { MOST_COSTS, nearFactor } from '../kernel/index.ts';
import { type Block, bullets, code, type Inline, type Line, paragraph, table } from './document.ts';
import { headlinesOf, type Published, type SensitivityData } from './published.ts';

/** Published factors beside the modelled ones, and what each hangs on where that is known. */
export function publishedDocument(published: Published): Block[] {
  const headlines = headlinesOf(published);
  const known = headlines.flatMap(({ name, sensitivity }) =>
    sensitivity ? [{ name, sensitivity }] : [],
  );
  const [first] = known;
  const factors = headlines.map(({ name, published: factor, atMost, modelled, sensitivity }) => {
    const said = factor === undefined ? '' : `${atMost ? '<= ' : ''}${nearFactor(factor)}`;
    const ranges = sensitivity ? rangesOf(sensitivity) : known.length > 0 ? ['', '', ''] : [];
    return [name, said, nearFactor(sensitivity?.headline ?? modelled), ...ranges];
  });
  const titles = [
    'published',
    'modelled',
    ...(first ? ['by chance', 'one cost', 'all costs'] : []),
  ];
  return [
    table(
      [{ title: 'factor' }, ...titles.map((title) => ({ title, align: 'right' as const }))],
      factors.map((row) => row.map((text): Line => [text])),
    ),
    ...(first ? [paragraph(legend(first.sensitivity))] : []),
    ...(first ? [bullets(known.map(({ name, sensitivity }) => hangsOn(name, sensitivity)))] : []),
  ];
}

function legend({ chance }: SensitivityData): string {
  return (
    `Modelled: mean of ${chance.draws} runs of both kernels, each with another seed and each cost up to 1% other; by chance: the least and the ` +
    'greatest of them. One cost: each cost 30% less and 30% more by itself, as far as that goes further than chance; all costs: all at once, ' +
    'each the way that makes the factor least or greatest. What a factor hangs on most, with 30% less and 30% more of it:'
  );
}

function rangesOf(of: SensitivityData): string[] {
  return [
    [of.chance.least, of.chance.greatest],
    [of.least, of.greatest],
    [of.all_least, of.all_greatest],
  ].map((values) => values.map(nearFactor).join(' to '));
}

function hangsOn(name: string, { chance, costs, turned_by: turned = [] }: SensitivityData): Line {
  const strongest = costs.filter(({ told }) => told).slice(0, MOST_COSTS);
  const list = strongest.flatMap(({ cost, less, more }, i): Inline[] => [
    i > 0 ? ', ' : '',
    code(cost),
    ` ${nearFactor(less)} and ${nearFactor(more)}`,
  ]);
  const byItself =
    chance.least < 1 && chance.greatest > 1 ? ' Chance alone turns better to worse.' : '';
  const turns =
    turned.length > 0
      ? [' Turned by ', ...turned.flatMap((cost, i) => [i > 0 ? ', ' : '', code(cost)]), '.']
      : [' No cost alone turns its direction.'];
  return [
    { strong: name },
    ': ',
    ...(list.length > 0 ? list : ['nothing that can be told from chance']),
    '.',
    byItself,
    ...turns,
  ];
}
