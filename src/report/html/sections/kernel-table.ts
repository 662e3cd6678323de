import type { KernelColumn } from '../columns.ts';
import type { Context } from '../context.ts';
import { type Child, el, type Html, join } from '../html.ts';
import { htmlTable } from '../table.ts';
import { type Look, lookHtml } from './state.ts';

/** A row of things over kernels. */
export interface KernelRow {
  readonly id: string;
  /** Part of the ids of its cells. */
  readonly name: string;
  readonly head: Child;
  readonly cell: (column: KernelColumn) => KernelCell;
}

/** One thing in one kernel. */
export interface KernelCell {
  readonly look: Look;
  /** Below the word. */
  readonly more?: Child;
  readonly tip: readonly string[];
}

/** A table over kernels: a state per cell, what is behind it on hover, on focus and read out. */
export function kernelTable(
  { ids, tips }: Context,
  {
    caption,
    first,
    columns,
    rows,
  }: {
    readonly caption: string;
    readonly first: string;
    readonly columns: readonly KernelColumn[];
    readonly rows: readonly KernelRow[];
  },
): Html {
  return htmlTable({
    caption,
    kind: 'grid',
    columns: [
      { title: first },
      ...columns.map(({ edition, label }) => ({ title: labelHtml(label), group: edition })),
    ],
    rows: rows.map(({ id, name, head, cell }) => ({
      id,
      cells: [
        join(head),
        ...columns.map((column) => {
          const { look, more, tip } = cell(column);
          return {
            content: join(lookHtml(look), more),
            attributes: {
              id: ids.of('at', name, column.kernel),
              class: look.tone,
              'aria-describedby': tips.of(tip),
            },
          };
        }),
      ],
    })),
  });
}

/** One option per line: `64BIT=y` above `SMP=n`. */
function labelHtml(label: string): Html {
  return join(label.split(',').map((part, i) => [i > 0 && el('br', {}), part]));
}
