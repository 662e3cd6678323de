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

/** `12/48 cells, 3.1/s, 12 s left`. */
export function progressLine(done: number, total: number, seconds: number, what: string): string {
  const rate = seconds > 0 ? done / seconds : 0;
  const head = `${done}/${total} ${what}`;
  if (done === 0 || rate === 0) return head;
  const left = Math.ceil((total - done) / rate);
  return `${head}, ${rate.toFixed(1)}/s, ${left} s left`;
}
