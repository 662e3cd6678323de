import { blocksHtml, type Section, sectionsHtml } from '../html/blocks.ts';
import { type Context, newContext } from '../html/context.ts';
import { breakable, el, join } from '../html/html.ts';
import { pageText } from '../html/page.ts';
import { section } from '../html/section.ts';
import { kernelTable } from '../html/sections/kernel-table.ts';
import { type Look, legend, STATES } from '../html/sections/state.ts';
import { axesLabel } from '../words.ts';
import { compatDocument, entryOf, USES } from './document.ts';
import type { Compat, Use } from './model.ts';

/** How a use looks: the signs and colours of the states it goes by. */
const LOOKS: Readonly<Record<Use, Look>> = {
  without: { ...STATES.real, word: 'without' },
  with: { ...STATES.stub, word: 'with' },
  not: { ...STATES.absent, word: 'not' },
};

/** A compatibility report as one HTML file: the table with the reason behind each cell, then each name. */
export function compatHtml(compat: Compat): string {
  const context = newContext();
  const [, ...blocks] = compatDocument(compat);
  const names = [...compat.apis, ...compat.callers].map(({ name }) => name).join(', ');
  const first = blocks.findIndex((block) => block.kind === 'heading');
  return pageText(context, {
    title: `kmatrix compat: ${names}`,
    intro: blocksHtml(blocks.slice(0, 1), names),
    sections: [tableSection(context, compat), ...sectionsHtml(context, blocks.slice(first))],
  });
}

function tableSection(context: Context, compat: Compat): Section {
  const title = 'Compatibility';
  const { ids } = context;
  return {
    title,
    html: section(
      context,
      title,
      legend(...(Object.keys(USES) as Use[]).map((use) => [LOOKS[use], USES[use]] as const)),
      kernelTable(context, {
        caption: 'Usable without a fallback, with one, or not at all',
        first: 'Name',
        columns: compat.kernels.map(({ id, edition }) => ({
          edition,
          label: axesLabel(id),
          kernel: id,
          kernels: [id],
        })),
        rows: [...compat.apis, ...compat.callers].map((row) => ({
          id: ids.of('api', row.name),
          name: row.name,
          head: join(el('code', {}, breakable(row.name))),
          cell: ({ kernel }) => {
            const entry = entryOf(row, kernel);
            const [way] = row.instead;
            return {
              look: LOOKS[entry.use],
              tip: [
                `${row.name}: ${entry.state}`,
                `Kernel: ${kernel}`,
                ...entry.why,
                ...(entry.use !== 'without' && way ? [`Write instead: ${way.code}`] : []),
              ],
            };
          },
        })),
      }),
    ),
  };
}
