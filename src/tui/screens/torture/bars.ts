import type { Bin, Counted } from '../../sessions/tally.ts';
import { type Line, seg } from '../../text/line.ts';
import { grouped } from '../../text/number.ts';
import type { Glyphs } from '../../theme.ts';

/** A distribution as lying bars on a logarithmic scale: a line for each bin, the first lines for the smallest. */
export function barLines(
  title: string,
  bins: readonly Bin[],
  counted: Counted,
  { columns, rows }: { readonly columns: number; readonly rows: number },
  glyphs: Glyphs,
): Line[] {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const head: Line = [seg(` ${title}`, 'strong'), seg('  logarithmic', 'muted')];
  if (total === 0) return [head, [seg('  nothing counted yet', 'muted')]];
  const fitted = foldedTo(bins, rows - 1);
  const labels = fitted.map((bin) => binLabel(bin, counted));
  const counts = fitted.map(({ count }) => grouped(count));
  const left = Math.max(...labels.map(({ length }) => length));
  const right = Math.max(...counts.map(({ length }) => length)) + 9;
  const width = Math.max(4, columns - left - right - 4);
  const top = Math.log10(1 + Math.max(...fitted.map(({ count }) => count)));
  return [
    head,
    ...fitted.map(({ count }, i): Line => {
      const filled =
        count === 0 ? 0 : Math.max(1, Math.round((Math.log10(1 + count) / top) * width));
      const share = `${((100 * count) / total).toPrecision(3)}%`;
      return [
        seg(` ${labels[i]?.padStart(left)} `, 'muted'),
        seg(glyphs.barFull.repeat(filled), 'series0'),
        seg(` ${counts[i]}`),
        seg(count === 0 ? '' : ` ${share}`, 'muted'),
      ];
    }),
  ];
}

/** At most so many bins: what lies beyond the last is told of it. */
function foldedTo(bins: readonly Bin[], most: number): readonly Bin[] {
  if (bins.length <= most) return bins;
  const kept = bins.slice(0, Math.max(0, most - 1));
  const rest = bins.slice(kept.length);
  const count = rest.reduce((sum, bin) => sum + bin.count, 0);
  return [...kept, { from: rest[0]?.from ?? 0, to: rest.at(-1)?.to ?? 0, count }];
}

function binLabel({ from, to }: Bin, counted: Counted): string {
  const unit = counted === 'time' ? ' ns' : '';
  return from === to ? `${from}${unit}` : `${grouped(from)}-${grouped(to)}${unit}`;
}
