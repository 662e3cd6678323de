import { type Components, components, membersOf } from './components.ts';
import type { Edges } from './edges.ts';

/** How often a jump back can be made while a thread stays busy. */
export interface RetryBound {
  /** Exact: some schedule makes as many; `Infinity` when one makes them for ever. */
  readonly bound: number;
  /** State to begin at: in it the thread is busy and `bound` jumps are still to come, or it lies on the cycle. */
  readonly from: number;
}

/**
 * The most often thread `t` makes each of some jumps back in one go.
 *
 * @param busy states in which it is inside what is judged
 * @param loops numbers of the jumps
 */
export function retryBounds(
  edges: Edges,
  states: number,
  busy: (state: number) => boolean,
  t: number,
  loops: readonly number[],
): RetryBound[] {
  const parts = components(edges, states, busy);
  // States by component: those of lower numbers come first, so that what follows a state is known before it.
  const order = membersOf(parts).states;
  return loops.map((loop) => longest(edges, parts, order, t, loop));
}

function longest(
  edges: Edges,
  { of, count }: Components,
  order: Int32Array,
  t: number,
  loop: number,
): RetryBound {
  const bit = 1 << loop;
  const jumps = (state: number, u: number) => u === t && (edges.loops(state, u) & bit) !== 0;
  const ahead = new Int32Array(count);
  let best: RetryBound = { bound: 0, from: -1 };
  for (const state of order) {
    const c = of[state] as number;
    for (let u = 0; u < edges.threads; u++) {
      const to = edges.to(state, u);
      if (to === -1) continue;
      const inside = of[to] as number;
      const jump = jumps(state, u) ? 1 : 0;
      if (inside === c) {
        if (jump) return { bound: Number.POSITIVE_INFINITY, from: state };
        continue;
      }
      const more = jump + (inside === -1 ? 0 : (ahead[inside] as number));
      if (more > (ahead[c] as number)) ahead[c] = more;
    }
    if ((ahead[c] as number) > best.bound) best = { bound: ahead[c] as number, from: state };
  }
  return best;
}
