import { code, type Line } from '../document.ts';
import { takenText } from '../varies.ts';
import { grouped } from '../words.ts';
import type { CountDiff, FallbackDiff, Layers } from './model.ts';

/**
 * The differences a reader looks for first, as sentences: callers that move between the per-VMA lock
 * and mmap_lock, then what that does to the counts of each workload.
 */
export function movesOf(diff: Pick<Layers, 'fallbacks' | 'counters'>): Line[] {
  const moves = diff.fallbacks.flatMap((site) => {
    const direction = directionOf(site);
    return direction === undefined ? [] : [{ site, direction }];
  });
  const toMmapLock = new Set(
    moves.filter(({ direction }) => direction === TO_MMAP_LOCK).map(({ site }) => site.caller),
  );
  // A caller that always takes mmap_lock has no other fallback to take: that it loses them is no news.
  const news = moves.filter(
    ({ site, direction }) => direction !== LOSES || !toMmapLock.has(site.caller),
  );
  const byCaller = Map.groupBy(news, ({ site, direction }) => `${site.caller} ${direction}`);
  return [...[...byCaller.values()].map(moveLine), ...countLines(diff.counters)];
}

const TO_MMAP_LOCK = 'moves from the VMA lock to mmap_lock';
const LOSES = 'loses its fallback';

interface Move {
  readonly site: FallbackDiff;
  readonly direction: string;
}

function moveLine(moves: readonly Move[]): Line {
  const [first] = moves;
  const sites = moves.flatMap(
    ({ site }, i): Line => [
      i > 0 ? ', ' : '',
      code(site.site),
      ` ${takenText(site.left)} -> ${takenText(site.right)}${hitsText(site)}`,
    ],
  );
  return [code(first?.site.caller ?? ''), ` ${first?.direction}: `, ...sites, '.'];
}

function hitsText({ hits }: FallbackDiff): string {
  const texts = hits.map(
    ({ workload, left, right }) => `${workload} ${grouped(left ?? 0)} -> ${grouped(right ?? 0)}`,
  );
  return texts.length > 0 ? ` (hits: ${texts.join(', ')})` : '';
}

function directionOf({ left, right }: FallbackDiff): string | undefined {
  if (left === right) return undefined;
  if (left === null) return 'gets a fallback';
  if (right === null || right === 'never') return LOSES;
  if (right === 'always') return TO_MMAP_LOCK;
  return left === 'always' ? 'moves from mmap_lock to the VMA lock' : undefined;
}

/** Counts that show which lock was taken. */
const TELLING: Readonly<Record<string, string>> = {
  vma_lock_success: 'vma_lock_success',
  read_acquired: 'mmap_lock taken for reading',
};

function countLines(counters: readonly CountDiff[]): Line[] {
  const telling = counters.filter(({ name }) => Object.hasOwn(TELLING, name));
  return [...Map.groupBy(telling, ({ workload }) => workload)].map(([workload, own]) => [
    code(workload),
    `: ${own.map(({ name, left, right }) => change(TELLING[name] ?? name, left, right)).join(', ')}.`,
  ]);
}

function change(title: string, left: number | null, right: number | null): string {
  const text = (value: number | null): string => (value === null ? 'not counted' : grouped(value));
  return `${title} ${text(left)} -> ${text(right)}`;
}
