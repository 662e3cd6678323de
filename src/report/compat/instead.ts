import { byCodeUnit } from '../kernels.ts';
import type { FallbackEntry, Report } from '../model.ts';
import type { Instead } from './model.ts';

/**
 * What the callers of a report do where something fails: their fallbacks put together by what they do. First comes what can
 * be written everywhere: it names functions, these are there in every kernel, none of them can fail itself, and it is short.
 */
export function insteadOf(
  report: Report,
  wanted: (entry: FallbackEntry) => boolean,
  ways: ReadonlySet<string>,
): Instead[] {
  const found = new Map<string, Instead & { callers: { caller: string; file: string }[] }>();
  for (const { kernels } of report.fallbacks) {
    for (const entry of Object.values(kernels)) {
      if (entry === null || !wanted(entry)) continue;
      const known = found.get(entry.fallback) ?? {
        code: entry.fallback,
        when: entry.trigger,
        callers: [],
        ...lackingOf(report, entry.fallback),
      };
      if (!known.callers.some(({ caller }) => caller === entry.caller)) {
        known.callers.push({ caller: entry.caller, file: entry.file });
      }
      found.set(entry.fallback, known);
    }
  }
  const rank = ({ code, lacking, named }: Instead): number =>
    (isNone(code) ? 8 : 0) +
    (lacking.length > 0 ? 4 : 0) +
    (named ? 0 : 2) +
    (wordsOf(code).some((word) => ways.has(word)) ? 1 : 0);
  return [...found.values()].sort(
    (a, b) => rank(a) - rank(b) || a.code.length - b.code.length || byCodeUnit(a.code, b.code),
  );
}

/** A caller that does without: it gives up, or leaves something out. */
export function isNone(code: string): boolean {
  return code.startsWith('none');
}

function lackingOf({ surface, kernels }: Report, code: string): Pick<Instead, 'named' | 'lacking'> {
  const words = new Set(wordsOf(code));
  const rows = surface.functions.filter(({ name }) => words.has(name));
  return {
    named: rows.length > 0,
    lacking: rows
      .filter((row) => kernels.some(({ id }) => row.kernels[id]?.state !== 'real'))
      .map(({ name }) => name),
  };
}

function wordsOf(code: string): string[] {
  return code.match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? [];
}
