import type { Edges } from './edges.ts';

/** A step on a way through a graph: thread `thread` goes on from `state`. */
export interface Move {
  readonly state: number;
  readonly thread: number;
  /** State it leads to, where that is not the next move's. */
  readonly to?: number;
}

/** The shortest way of at least one step from a state to one that `target` accepts, over states `inside` accepts. */
export function wayTo(
  edges: Edges,
  from: number,
  target: (state: number) => boolean,
  inside: (state: number) => boolean,
): Move[] | undefined {
  const came = new Map<number, Move>();
  const queue = [from];
  for (const at of queue) {
    for (let thread = 0; thread < edges.threads; thread++) {
      const to = edges.to(at, thread);
      if (to === -1 || !inside(to) || (came.has(to) && to !== from)) continue;
      if (target(to)) {
        const way: Move[] = [{ state: at, thread }];
        for (let back = at; back !== from; ) {
          const move = came.get(back) as Move;
          way.unshift(move);
          back = move.state;
        }
        return way;
      }
      if (came.has(to) || to === from) continue;
      came.set(to, { state: at, thread });
      queue.push(to);
    }
  }
  return undefined;
}
