import { type Block, bullets, code, heading, type Line, paragraph, table } from '../document.ts';
import { axesLabel, count, listed } from '../words.ts';
import { isNone } from './instead.ts';
import type { Compat, CompatEntry, CompatKernel, CompatRow, Instead, Use } from './model.ts';

/** The uses from best to worst, and what each means. */
export const USES: Readonly<Record<Use, string>> = {
  without: 'it does its work, or there is none to do: no other way is needed',
  with: 'it can fail, or is a stub that always does: another way must be there',
  not: 'code that uses it does not compile',
};

/** A compatibility report as blocks of text: an overview, then each name with its reasons and what to write instead. */
export function compatDocument(compat: Compat): Block[] {
  const rows = [...compat.apis, ...compat.callers];
  return [
    heading(1, `kmatrix compat: ${rows.map(({ name }) => name).join(', ')}`),
    paragraph(
      `In ${count(compat.kernels.length, 'kernel')} of `,
      code(compat.matrix),
      ', as the simulated kernels registered themselves.',
    ),
    bullets(Object.entries(USES).map(([use, meaning]): Line => [{ strong: use }, `: ${meaning}.`])),
    ...(rows.length > 1 ? [overview(compat, rows)] : []),
    ...compat.apis.flatMap((row) => rowBlocks(compat, row, 'API')),
    ...compat.callers.flatMap((row) => rowBlocks(compat, row, 'caller')),
  ];
}

/** What a name is good for in each edition: one word, or a word with how many kernels it holds for. */
function overview({ kernels }: Compat, rows: readonly CompatRow[]): Block {
  const editions = Map.groupBy(kernels, ({ edition }) => edition);
  return table(
    [{ title: 'Name' }, ...[...editions.keys()].map((title) => ({ title }))],
    rows.map((row) => [
      [code(row.name)],
      ...[...editions.values()].map((own): Line => [wordsOfUses(row, own)]),
    ]),
  );
}

/** `without`, or `2 with, 1 not`. */
export function wordsOfUses(row: CompatRow, kernels: readonly CompatKernel[]): string {
  const uses = kernels.map(({ id }) => row.kernels[id]?.use);
  const counted = (Object.keys(USES) as Use[])
    .map((use) => [use, uses.filter((found) => found === use).length] as const)
    .filter(([, n]) => n > 0);
  const [only] = counted;
  return counted.length === 1 && only
    ? only[0]
    : counted.map(([use, n]) => `${n} ${use}`).join(', ');
}

function rowBlocks({ kernels }: Compat, row: CompatRow, what: 'API' | 'caller'): Block[] {
  const groups = Map.groupBy(kernels, ({ id }) => JSON.stringify(entryOf(row, id)));
  return [
    heading(2, code(row.name), what === 'caller' ? ', a caller' : ''),
    bullets([...linesOfUses(kernels, row), sinceLine(row)]),
    bullets([...groups.values()].map((own) => groupLine(kernels, row, own))),
    ...insteadBlocks(row),
  ];
}

/** Kernels of which the same is to be said, and what. */
function groupLine(
  kernels: readonly CompatKernel[],
  row: CompatRow,
  own: readonly CompatKernel[],
): Line {
  const { use, state, fallback, why } = entryOf(row, own[0]?.id ?? '');
  const word = fallback === null ? use : `${use}, ${fallback}`;
  return [
    { strong: word },
    ` (${state}) in `,
    ...placesOf(kernels, own),
    why.length === 0 ? '.' : `. ${why.map(sentence).join(' ')}`,
  ];
}

function sentence(text: string): string {
  // A file or an identifier is not written with another letter.
  const begin = /^[a-z]+ /.test(text) ? text.charAt(0).toUpperCase() : text.charAt(0);
  return `${begin}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}

/** `v7.0 and v7.1: 64BIT=y,SMP=n`: editions of which the same configurations are meant are named together. */
function placesOf(kernels: readonly CompatKernel[], own: readonly CompatKernel[]): Line {
  const editions = [...Map.groupBy(own, ({ edition }) => edition)].map(([edition, some]) => ({
    edition,
    labels:
      some.length === kernels.filter((kernel) => kernel.edition === edition).length
        ? []
        : some.map(({ id }) => axesLabel(id)),
  }));
  const alike = [...Map.groupBy(editions, ({ labels }) => JSON.stringify(labels)).values()];
  return alike.flatMap((group, i): Line => {
    const labels = group[0]?.labels ?? [];
    return [
      `${i > 0 ? '; ' : ''}${listed(group.map(({ edition }) => edition))}`,
      labels.length > 0 ? ' with ' : '',
      ...labels.flatMap((label, n) => [n > 0 ? ', ' : '', code(label)]),
    ];
  });
}

const NOTHING: CompatEntry = { use: 'not', state: 'absent', fallback: null, why: [], options: [] };

/** What a row says of a kernel. */
export function entryOf(row: CompatRow, kernel: string): CompatEntry {
  return row.kernels[kernel] ?? NOTHING;
}

const HEADS: Readonly<Record<Use, string>> = {
  without: 'Without a fallback',
  with: 'With a fallback only',
  not: 'Not at all',
};

function linesOfUses(kernels: readonly CompatKernel[], row: CompatRow): Line[] {
  return (Object.keys(USES) as Use[]).map((use): Line => {
    const own = kernels.filter(({ id }) => entryOf(row, id).use === use);
    const editions = [...Map.groupBy(own, ({ edition }) => edition)].map(([edition, some]) => {
      const all = kernels.filter((kernel) => kernel.edition === edition).length;
      return some.length === all
        ? `${edition} (all ${all})`
        : `${edition} (${some.length} of ${all})`;
    });
    return [{ strong: HEADS[use] }, `: ${editions.length > 0 ? listed(editions) : 'nowhere'}.`];
  });
}

function sinceLine({ since }: CompatRow): Line {
  const parts = [
    since.somewhere === null ? 'in no edition here' : `somewhere since ${since.somewhere}`,
    since.everywhere === null ? 'in no edition everywhere' : `everywhere since ${since.everywhere}`,
    since.withoutFallback === null
      ? 'never everywhere without a fallback'
      : `everywhere without a fallback since ${since.withoutFallback}`,
    ...(since.gone === null ? [] : [`gone in ${since.gone}`]),
  ];
  return [{ strong: 'Real' }, `: ${parts.join('; ')}.`];
}

function insteadBlocks({ instead }: CompatRow): Block[] {
  const [best, ...others] = instead;
  if (!best) return [];
  const writable = !isNone(best.code) && best.named && best.lacking.length === 0;
  return [
    heading(3, 'What to write instead'),
    writable
      ? paragraph(...insteadLine(best))
      : paragraph('No way of a caller works in every kernel here.'),
    ...(writable && others.length === 0
      ? []
      : [
          paragraph(writable ? 'Other ways callers have:' : 'What callers do:'),
          bullets((writable ? others : instead).map(insteadLine)),
        ]),
  ];
}

/** What callers do, who does, when, and whether it works in every kernel. */
function insteadLine({ code: text, when, callers, named, lacking }: Instead): Line {
  const who = listed(callers.map(({ caller, file }) => `${caller} (${file})`));
  const where =
    !named || isNone(text)
      ? ''
      : lacking.length === 0
        ? ' Every kernel here has these functions.'
        : ` Not everywhere: ${listed(lacking)} ${lacking.length === 1 ? 'is' : 'are'} missing or a stub in some kernel.`;
  return [code(text), `: ${who}, when ${when}.${where}`];
}
