import type { Io } from './io.ts';

/** Shows how far a run is. */
export interface Progress {
  readonly update: (done: number, total: number, what?: string) => void;
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
  if (quiet || stderr.isTTY !== true) return { update: () => {}, end: () => {} };
  const start = now();
  let shown = Number.NEGATIVE_INFINITY;
  return {
    update: (done, total, what = 'cells') => {
      const at = now();
      if (at - shown < INTERVAL_MS && done < total) return;
      shown = at;
      const line = progressLine(done, total, (at - start) / 1000, what);
      stderr.write(`\r\x1b[K${line.slice(0, (stderr.columns ?? 80) - 1)}`);
    },
    end: () => {
      if (shown !== Number.NEGATIVE_INFINITY) stderr.write('\r\x1b[K');
    },
  };
}

/** `12/48 cells, 3.1/s, 12 s left`; `3/48 cells, 2.4/min, 19 min left` where it is slow. */
export function progressLine(done: number, total: number, seconds: number, what: string): string {
  const rate = seconds > 0 ? done / seconds : 0;
  const head = `${done}/${total} ${what}`;
  if (done === 0 || rate === 0) return head;
  const shown = rate >= 1 ? `${rate.toFixed(1)}/s` : `${(rate * 60).toFixed(1)}/min`;
  return `${head}, ${shown}, ${durationText(Math.ceil((total - done) / rate))} left`;
}

/** Seconds, minutes from two of them on, hours from two of them on: nobody plans by the second then. */
function durationText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
