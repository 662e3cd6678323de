import type { InputEvent } from './event.ts';

/** Events on their way to whoever acts on them; they wait while there is nobody. */
export interface EventQueue {
  push(events: readonly InputEvent[]): void;
  /** Take events from now on, those that wait first. The result ends that. */
  listen(listener: (events: readonly InputEvent[]) => void): () => void;
}

/** An empty queue. */
export function createEventQueue(): EventQueue {
  let waiting: InputEvent[] = [];
  let listener: ((events: readonly InputEvent[]) => void) | null = null;
  return {
    push: (events) => {
      if (events.length === 0) return;
      if (listener) listener(events);
      else waiting.push(...events);
    },
    listen: (taker) => {
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
