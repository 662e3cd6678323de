import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { collectGarbage } from './collect-garbage.ts';

/** MiB of either half of the space for new objects; V8 lets it grow to two of 64. */
const HALF_MB = 2;
/** By how many percent the old objects may get more until it is looked which of them are still in use. */
const GROWTH_PERCENT = 20;
/** The same where much is made and thrown away again, and time counts more: a check takes some 8 % longer by it, and a quarter less room. */
const OFTEN_PERCENT = 60;
/** Compiled code that was kept is not taken under other settings: what loads at the start, threads too, has loaded by then. */
const LOADED_MS = 2000;

/**
 * Keep the heap of this thread small, for a process that stays. V8 takes in how large the space for new objects may get
 * when a thread starts; for this one, which has, whether it may grow is decided after each collection, which is when it grows:
 * looked at now and then it doubled several times between two looks.
 */
export function keepHeapSmall(after = LOADED_MS): void {
  const look = (): void => {
    setFlagsFromString(`--semi-space-growth-factor=${halfOfNewSpace() < HALF_MB ? 2 : 1}`);
  };
  const begin = (): void => {
    setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
    // How many old objects there may be is reckoned when they are collected: it begins with a number it takes minutes to come to.
    collectGarbage();
    look();
    new PerformanceObserver(look).observe({ entryTypes: ['gc'] });
  };
  setTimeout(begin, after).unref();
}

/** Go back to the settings a process starts with. */
export function letHeapGrow(): void {
  setFlagsFromString('--heap-growing-percent=0');
  setFlagsFromString('--semi-space-growth-factor=2');
}

/**
 * Do something that throws away much more than it keeps, in threads, too: left alone, V8 looks for what is not used any more when
 * there is four times as much as is.
 */
export async function collectingOften<T>(run: () => Promise<T>): Promise<T> {
  setFlagsFromString(`--heap-growing-percent=${OFTEN_PERCENT}`);
  try {
    return await run();
  } finally {
    setFlagsFromString('--heap-growing-percent=0');
  }
}

function halfOfNewSpace(): number {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
  return (space?.space_size ?? 0) / 2 / 2 ** 20;
}
