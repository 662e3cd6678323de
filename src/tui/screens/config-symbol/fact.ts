import type { Row, Rows } from '../../state/row.ts';
import { fitText } from '../../text/fit.ts';
import { seg, type Tone } from '../../text/line.ts';
import { textWidth } from '../../text/width.ts';
import { wrap } from '../../text/wrap.ts';
import { searchText } from '../table.ts';

/** Something said of a symbol. */
export interface Fact {
  readonly label: string;
  readonly text: string;
  readonly tone?: Tone;
  /** Columns the text is set in by: reasons of reasons stand below them. */
  readonly depth?: number;
  /** The symbol it is about: Enter goes there. */
  readonly symbol?: string | undefined;
  /** The value whose plan it is part of. */
  readonly plan?: string;
}

/** A row of a fact; long ones take several. */
export interface FactRow extends Row {
  readonly fact: Fact;
}

/** Facts as rows of a list, wrapped to the width of the terminal. */
export function factRows(facts: readonly Fact[], width: number): Rows {
  const labels = Math.max(0, ...facts.map(({ label }) => textWidth(label)));
  const rows = facts.flatMap((fact, index): FactRow[] => {
    const indent = '  '.repeat(fact.depth ?? 0);
    const room = Math.max(8, width - labels - indent.length - 6);
    return wrap(fact.text, room).map((text, line) => ({
      key: `${index} ${line}`,
      span: true,
      search: searchText(text),
      fact,
      cells: [
        seg(`${fitText(line === 0 ? fact.label : '', labels)}  `, 'muted'),
        seg(indent + text, fact.tone ?? 'plain'),
      ],
      detail: () => [],
    }));
  });
  return rows;
}
