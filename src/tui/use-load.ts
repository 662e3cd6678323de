import { useCallback, useEffect, useRef, useState } from 'react';
import type { Opened } from './opened.ts';
import type { Progress } from './screens/loading.tsx';

/** Loads what is browsed. `signal` is aborted when the user leaves first. */
export type Load = (progress: (progress: Progress) => void, signal: AbortSignal) => Promise<Opened>;

/** How far loading is. */
export interface Loaded {
  readonly opened: Opened | null;
  readonly progress: Progress;
  /** Seconds since loading began. */
  readonly seconds: number;
  readonly abort: () => void;
}

/** Often enough to be seen to move, seldom enough to cost nothing. */
const PROGRESS_INTERVAL_MS = 100;

const NO_PROGRESS: Progress = { done: 0, total: 0, label: '' };

/** Load once. What `load` throws goes to `onError`, unless loading was given up before. */
export function useLoad(load: Load, onError: (error: unknown) => void): Loaded {
  const [opened, setOpened] = useState<Opened | null>(null);
  const [shown, setShown] = useState({ progress: NO_PROGRESS, seconds: 0 });
  const controller = useRef<AbortController>(null);

  useEffect(() => {
    const own = new AbortController();
    controller.current = own;
    const began = performance.now();
    let latest = NO_PROGRESS;
    const timer = setInterval(() => {
      setShown({ progress: latest, seconds: (performance.now() - began) / 1000 });
    }, PROGRESS_INTERVAL_MS);
    const run = async (): Promise<void> => {
      // The first frame comes before the work: a busy first second must not be a blank one.
      await new Promise((resolve) => setImmediate(resolve));
      const loaded = await load((progress) => {
        latest = progress;
      }, own.signal);
      if (!own.signal.aborted) setOpened(loaded);
    };
    run()
      .catch((error: unknown) => {
        if (!own.signal.aborted) onError(error);
      })
      .finally(() => clearInterval(timer));
    return () => {
      own.abort();
      clearInterval(timer);
    };
  }, [load, onError]);

  const abort = useCallback(() => controller.current?.abort(), []);
  return { opened, ...shown, abort };
}
