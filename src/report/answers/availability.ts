import type { FallbackRow, Report } from '../model.ts';
import { count, listed } from '../words.ts';
import type { Pair, Series } from './pairs.ts';

/** Where the lock is without the series and with it. */
export function presenceSentence({ cells }: Report, { without, with: last }: Series): string {
  const part = (edition: string): string => {
    const accepted = cells.filter((cell) => cell.edition === edition && cell.lock !== null);
    const present = accepted.filter(({ lock }) => lock?.present);
    return `${edition} has the lock in ${present.length} of ${count(accepted.length, 'accepted cell')}`;
  };
  return `${part(without)}, ${part(last)}.`;
}

/** Which stubs become real where the lock was missing, and which functions come. */
export function surfaceSentences({ surface }: Report, pairs: readonly Pair[]): string[] {
  const moved = (from: string): string[] =>
    surface.functions
      .filter(({ kernels }) =>
        pairs.some(
          (pair) =>
            kernels[pair.without.kernel]?.state === from &&
            kernels[pair.with.kernel]?.state === 'real',
        ),
      )
      .map(({ name }) => name);
  const [stubs, absent] = [moved('stub'), moved('absent')];
  const left = surface.functions.filter(({ kernels }) =>
    pairs.some((pair) => kernels[pair.with.kernel]?.state === 'stub'),
  );
  return [
    ...(stubs.length > 0 ? [`Stubs that go: ${stubs.length} (${listed(stubs)}).`] : []),
    ...(absent.length > 0
      ? [`Functions that were not there and are now: ${absent.length} (${listed(absent)}).`]
      : []),
    left.length === 0
      ? 'No stub is left in any kernel of the series.'
      : `Stubs left: ${listed(left.map(({ name }) => name))}.`,
  ];
}

/** Which fallbacks to mmap_lock go, which are no longer always taken, and which stay. */
export function fallbackSentences({ fallbacks }: Report, pairs: readonly Pair[]): string[] {
  const taken = (row: FallbackRow, side: 'without' | 'with'): string[] =>
    pairs.flatMap((pair) => row.kernels[pair[side].kernel]?.taken ?? []);
  const before = fallbacks.filter((row) => taken(row, 'without').some((word) => word !== 'never'));
  const gone = before.filter((row) => taken(row, 'with').length === 0);
  const eased = before.filter(
    (row) =>
      taken(row, 'without').includes('always') &&
      taken(row, 'with').length > 0 &&
      !taken(row, 'with').includes('always'),
  );
  const stay = fallbacks.filter((row) => taken(row, 'with').some((word) => word !== 'never'));
  const added = stay.filter((row) => taken(row, 'without').length === 0);
  const named = (rows: readonly FallbackRow[]): string => listed(rows.map(({ site }) => site));
  return [
    `Fallbacks that go: ${gone.length === 0 ? 'none' : `${gone.length} (${named(gone)})`}.`,
    ...(eased.length > 0
      ? [`Fallbacks that every call took in some kernel and no longer does: ${eased.length}.`]
      : []),
    ...(added.length > 0 ? [`Ways out that come: ${named(added)}.`] : []),
    `Fallbacks that stay because a lookup can still fail: ${stay.length - added.length}.`,
  ];
}
