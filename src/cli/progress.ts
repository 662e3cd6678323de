import type { Io } from './io.ts';

/** Shows how far a run is, in one line. */
export interface Progress {
  /**
   * So many of what there is to do are done: cells, where `what` does not say otherwise; `before` stands before the
   * numbers. What is done the first time is not counted into the rate: it may come from a cache.
   */
  readonly update: (done: number, total: number, what?: string, before?: string) => void;
  /** What is done now, where there is nothing to count. */
  readonly say: (text: string) => void;
  /** Take the line away again. */
  readonly end: () => void;
}

/** Ten times a second is as often as anyone can read it. */
const INTERVAL_MS = 100;

/** Progress on standard error if that is a terminal, nothing otherwise. */
export function progressOn(
  { stderr }: Io,
  quiet: boolean,
  now: () => number = () => performance.now(),
): Progress {
  if (quiet || stderr.isTTY !== true) return { update: () => {}, say: () => {}, end: () => {} };
  let shown = Number.NEGATIVE_INFINITY;
  let counted: { readonly what: string; readonly since: number; readonly from: number } | undefined;
  const show = (line: string): void => {
    shown = now();
    stderr.write(`\r\x1b[K${line.slice(0, (stderr.columns || 80) - 1)}`);
  };
  return {
    update: (done, total, what = 'cells', before = '') => {
      const at = now();
      const begins = counted?.what !== what;
      if (!begins && at - shown < INTERVAL_MS && done < total) return;
      if (!counted || begins) counted = { what, since: at, from: done };
      const { since, from } = counted;
      show(`${before}${progressLine(done, total, (at - since) / 1000, what, from)}`);
    },
    say: (text) => {
      counted = undefined;
      show(text);
    },
    end: () => {
      if (shown !== Number.NEGATIVE_INFINITY) stderr.write('\r\x1b[K');
      shown = Number.NEGATIVE_INFINITY;
    },
  };
}

/**
 * `12/48 cells, 3.1/s, 12 s left`; `3/48 cells, 2.4/min, 19 min left` where it is slow. The rate is that of what was
 * done in these seconds, after `from`.
 */
export function progressLine(
  done: number,
  total: number,
  seconds: number,
  what: string,
  from = 0,
): string {
  const rate = seconds > 0 ? (done - from) / seconds : 0;
  const head = `${done}/${total} ${what}`;
  if (rate <= 0) return head;
  const shown = rate >= 1 ? `${rate.toFixed(1)}/s` : `${(rate * 60).toFixed(1)}/min`;
  return `${head}, ${shown}, ${durationText(Math.ceil((total - done) / rate))} left`;
}

/** Seconds, minutes from two of them on, hours from two of them on: nobody plans by the second then. */
function durationText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
