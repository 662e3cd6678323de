import type { KeyName } from './decode.ts';

/** Keys on their way from the terminal to whoever acts on them; they wait while there is nobody. */
export interface KeyQueue {
  push(keys: readonly KeyName[]): void;
  /** Take keys from now on, those that wait first. The result ends that. */
  subscribe(listener: (keys: readonly KeyName[]) => void): () => void;
}

/** An empty queue. */
export function createKeyQueue(): KeyQueue {
  let waiting: KeyName[] = [];
  let listener: ((keys: readonly KeyName[]) => void) | null = null;
  return {
    push: (keys) => {
      if (keys.length === 0) return;
      if (listener) listener(keys);
      else waiting.push(...keys);
    },
    subscribe: (taker) => {
      listener = taker;
      const late = waiting;
      waiting = [];
      if (late.length > 0) taker(late);
      return () => {
        if (listener === taker) listener = null;
      };
    },
  };
}
