import { optionText } from '../cell-facts.ts';
import type { Entry } from './entry.ts';
import type { Comparison } from './table.ts';

/** Every option either cell shows. */
export function optionEntries({ diff, sides, glyphs }: Comparison): Entry[] {
  const text = (value: string | null): string => optionText(value, glyphs);
  const differing = diff.options.map(
    ({ symbol, left, right, why, reasons }): Entry => ({
      key: symbol,
      name: symbol,
      left: text(left),
      right: text(right),
      remark: why,
      differs: true,
      detail: () => [
        { label: symbol, text: `${text(left)} ${glyphs.arrow} ${text(right)}`, tone: 'strong' },
        { label: 'first cause', text: why },
        { label: 'left', text: reasons.left },
        { label: 'right', text: reasons.right },
      ],
    }),
  );
  const named = new Set(diff.options.map(({ symbol }) => symbol));
  const same = sides.left.options
    .filter(({ symbol }) => !named.has(symbol))
    .map(
      ({ symbol, value, why }): Entry => ({
        key: symbol,
        name: symbol,
        left: text(value),
        right: text(value),
        remark: '',
        differs: false,
        detail: () => [
          { label: symbol, text: `${text(value)} on both sides` },
          { label: 'why', text: why },
        ],
      }),
    );
  return [...differing, ...same];
}
