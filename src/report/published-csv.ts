import { csvText } from './csv/csv.ts';
import { headlinesOf, type Published } from './published.ts';

const FIGURE = ['headline', 'published', 'modelled'] as const;
const SENSITIVITY = [
  ...([
    'mean',
    'chance_least',
    'chance_greatest',
    'chance_deviation',
    'least',
    'greatest',
  ] as const),
  ...([
    'all_least',
    'all_greatest',
    'cost',
    '30%_less',
    '30%_more',
    'draws',
    'told',
    'turns',
  ] as const),
];

/** Published factors as comma-separated values: a line for each, or, where it is known, for each cost that a figure hangs on. */
export function publishedCsv(published: Published): string {
  const headlines = headlinesOf(published);
  if (headlines.every(({ sensitivity }) => sensitivity === undefined)) {
    return csvText(
      FIGURE,
      headlines.map(({ name, published: factor, modelled }) => [name, factor, modelled]),
    );
  }
  const lines = headlines.flatMap(({ name, published: factor, modelled, sensitivity: of }) =>
    (of?.costs ?? []).map(({ cost, less, more, draws, told }) => [
      ...[name, factor, modelled, of?.headline],
      ...[of?.chance.least, of?.chance.greatest, of?.chance.deviation, of?.least, of?.greatest],
      ...[of?.all_least, of?.all_greatest, cost, less, more, draws],
      ...[told ? 1 : 0, of?.turned_by?.includes(cost) ? 1 : 0],
    ]),
  );
  return csvText([...FIGURE, ...SENSITIVITY], lines);
}
