import { type CsvValue, csvText } from '../csv/csv.ts';
import { nameText, takenText } from '../varies.ts';
import { answerText } from './answer-text.ts';
import type { MatrixDiff, Where } from './matrix-model.ts';
import type { FunctionDiff, Layers } from './model.ts';

const COLUMNS = [
  'layer',
  'subject',
  'detail',
  'left',
  'right',
  'ratio',
  'least',
  'most',
  'why',
  'where',
];

/**
 * A diff as comma-separated values: a line for each difference and each pair of cells it is found in. That a
 * cell is on one side only, or is rejected there, is a difference, too.
 */
export function matrixDiffCsv(diff: MatrixDiff): string {
  return csvText(COLUMNS, [
    ...diff.removed.map((id) => line(['cell', id, null, 'present', null], {}, [id])),
    ...diff.added.map((id) => line(['cell', id, null, null, 'present'], {}, [id])),
    ...diff.cells.flatMap(({ left, right, refusals, where }) =>
      where.map((key) => {
        const why = refusals.map((one) => `${one.symbol}=${one.wanted}: ${one.reason}`).join('; ');
        return line(['cell', key, null, left, right], { why }, [key]);
      }),
    ),
    ...layerRows(diff),
  ]);
}

interface Extra {
  readonly figures?: readonly [number, number, number];
  readonly why?: string;
}

function line(
  facts: readonly CsvValue[],
  { figures, why }: Extra,
  [where]: readonly string[],
): CsvValue[] {
  const [ratio = null, least = null, most = null] = figures ?? [];
  return [...facts, ratio, least, most, why, where];
}

type Facts = readonly [detail: CsvValue, left: CsvValue, right: CsvValue, extra?: Extra];

/** Lines of one difference: one for each place it is found in. */
function lines(
  layer: string,
  subject: string,
  item: object,
  [detail, left, right, extra = {}]: Facts,
): CsvValue[][] {
  const { where = [] } = item as Partial<Where>;
  const places = where.length === 0 ? [[]] : where.map((key) => [key]);
  return places.map((place) => line([layer, subject, detail, left, right], extra, place));
}

function layerRows(diff: Layers): CsvValue[][] {
  const { surface } = diff;
  return [
    ...diff.options.flatMap((o) =>
      lines('options', o.symbol, o, [null, o.left, o.right, { why: o.why }]),
    ),
    ...surface.functions.flatMap(functionRows),
    ...surface.counters.flatMap((c) => lines('counter', c.name, c, [null, c.left, c.right])),
    ...surface.names.flatMap((n) =>
      lines(n.kind, n.name, n, [
        null,
        n.left ?? nameText(n.kind, null),
        n.right ?? nameText(n.kind, null),
      ]),
    ),
    ...surface.structs.flatMap((struct) =>
      struct.fields.flatMap(({ name, left, right }) => {
        const text = (field: typeof left) =>
          field && `${field.type}, ${field.size} bytes at ${field.offset}`;
        return lines('field', `${struct.name}.${name}`, struct, [null, text(left), text(right)]);
      }),
    ),
    ...diff.sizes.flatMap((size) => [
      ...lines('size', size.struct, size, ['struct', size.left, size.right]),
      ...lines('size', size.struct, size, ['slab object', size.slab.left, size.slab.right]),
    ]),
    ...diff.fallbacks.flatMap((one) => [
      ...lines('fallback', one.site, one, ['taken', takenText(one.left), takenText(one.right)]),
      ...one.hits.flatMap((hit) =>
        lines('fallback', one.site, one, [`hits in ${hit.workload}`, hit.left, hit.right]),
      ),
    ]),
    ...diff.counters.flatMap((c) =>
      lines('count', `${c.group}.${c.name}`, c, [c.workload, c.left, c.right]),
    ),
    ...diff.outcomes.flatMap((o) => lines('outcome', o.workload, o, [null, o.left, o.right])),
    ...diff.performance.flatMap((p) =>
      lines('performance', p.workload, p, [
        `ops/s on ${p.cpus}`,
        p.left.ops_per_second,
        p.right.ops_per_second,
        { figures: [p.ratio, ...p.interval] },
      ]),
    ),
    ...diff.verdicts.flatMap((v) =>
      lines('verdict', v.question, v, [null, answerText(v.left), answerText(v.right)]),
    ),
  ];
}

function functionRows(f: FunctionDiff): CsvValue[][] {
  const state = (side: 'left' | 'right') =>
    f.stub[side] === null ? f[side] : `${f[side]}: ${f.stub[side]}`;
  return [
    ...(state('left') === state('right')
      ? []
      : lines(f.kind, f.name, f, ['state', state('left'), state('right')])),
    ...(['signature', 'file'] as const)
      .filter((key) => f[key].left !== f[key].right && f.left !== 'absent' && f.right !== 'absent')
      .flatMap((key) => lines(f.kind, f.name, f, [key, f[key].left, f[key].right])),
  ];
}
