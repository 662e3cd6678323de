import type { KeyName } from './decode.ts';

/** What comes from the keyboard: keys, or a text pasted, which is no keys. */
export type Typed = { readonly keys: readonly KeyName[] } | { readonly paste: string };

/** What was typed, on its way to whoever acts on it; it waits while there is nobody. */
export interface KeyQueue {
  push(keys: readonly KeyName[]): void;
  paste(text: string): void;
  /** Take what comes from now on, what waits first. The result ends that. */
  subscribe(listener: (typed: Typed) => void): () => void;
}

/** An empty queue. */
export function createKeyQueue(): KeyQueue {
  let waiting: Typed[] = [];
  let listener: ((typed: Typed) => void) | null = null;
  const add = (typed: Typed): void => {
    if (listener) listener(typed);
    else waiting.push(typed);
  };
  return {
    push: (keys) => {
      if (keys.length > 0) add({ keys });
    },
    paste: (text) => {
      if (text !== '') add({ paste: text });
    },
    subscribe: (taker) => {
      listener = taker;
      const late = waiting;
      waiting = [];
      for (const typed of late) taker(typed);
      return () => {
        if (listener === taker) listener = null;
      };
    },
  };
}
