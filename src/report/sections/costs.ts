import { type Block, code, heading, paragraph, table } from '../document.ts';
import type { Report } from '../model.ts';
import { grouped, percent } from '../words.ts';

/** What one operation costs on one CPU in every kernel. */
export function costsSection({ costs, kernels }: Report): Block[] {
  if (costs.length === 0) return [];
  const groups = Map.groupBy(costs, ({ operation }) => operation);
  return [
    heading(2, 'Costs of single operations'),
    paragraph(
      { strong: 'Modelled, not measured.' },
      ' One CPU; the median of the runs with its spread, (most - least) / median.',
    ),
    ...[...groups].flatMap(([operation, rows]) => {
      const units = [...new Set(rows.map(({ unit }) => unit))];
      return [
        heading(3, 'One ', code(operation)),
        table(
          [{ title: 'Kernel' }, ...units.map((unit) => ({ title: unit, align: 'right' as const }))],
          kernels.map(({ id }) => [
            [code(id)],
            ...units.map((unit) => {
              const row = rows.find((found) => found.kernel === id && found.unit === unit);
              if (!row) return [''];
              const { each, least, most } = row;
              return [`${grouped(Number(each.toFixed(1)))} ±${percent((most - least) / each)}`];
            }),
          ]),
        ),
      ];
    }),
  ];
}
