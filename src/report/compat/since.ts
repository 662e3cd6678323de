import type { ReportKernel } from '../model.ts';
import type { CompatEntry, Since } from './model.ts';

/** Since which edition a name does its work, by the order the editions have in the report. */
export function sinceOf(
  kernels: readonly ReportKernel[],
  entries: Readonly<Record<string, CompatEntry>>,
): Since {
  const editions = [...Map.groupBy(kernels, ({ edition }) => edition)].map(([edition, own]) => ({
    edition,
    own: own.flatMap(({ id }) => entries[id] ?? []),
  }));
  const real = (entry: CompatEntry): boolean => entry.state === 'real';
  const there = editions.map(({ own }) => own.some(({ use }) => use !== 'not'));
  const last = there.lastIndexOf(true);
  return {
    somewhere: editions.find(({ own }) => own.some(real))?.edition ?? null,
    everywhere: fromThereOn(editions, (own) => own.every(real)),
    withoutFallback: fromThereOn(editions, (own) => own.every(({ use }) => use === 'without')),
    gone: last >= 0 ? (editions[last + 1]?.edition ?? null) : null,
  };
}

function fromThereOn(
  editions: readonly { readonly edition: string; readonly own: readonly CompatEntry[] }[],
  holds: (own: readonly CompatEntry[]) => boolean,
): string | null {
  const lastNot = editions.findLastIndex(({ own }) => !holds(own));
  return editions[lastNot + 1]?.edition ?? null;
}
