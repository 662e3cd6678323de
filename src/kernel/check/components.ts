import type { Edges } from './edges.ts';

/** Strongly connected components of a part of a graph. */
export interface Components {
  /** Component of each state, -1 outside the part. Every edge leads to the same or a lower number. */
  readonly of: Int32Array;
  readonly count: number;
}

/** Says whether a state belongs to a part of a graph. */
export type Inside = (state: number) => boolean;

/** Component of a state outside the part, or of one whose component is not closed yet. */
const NONE = -1;

/**
 * Components of the states `inside` says are in the part, by Tarjan's algorithm without recursion and in arrays of numbers, for millions of
 * states.
 *
 * @param states how many states there are
 */
export function components(edges: Edges, states: number, inside: Inside): Components {
  const { threads } = edges;
  const of = new Int32Array(states).fill(NONE);
  const index = new Int32Array(states);
  const low = new Int32Array(states);
  // Both stacks as chains through the states: a state stands in each at most once.
  const below = new Int32Array(states);
  const came = new Int32Array(states);
  const branch = new Uint8Array(states);
  let top = -1;
  let next = 0;
  let count = 0;
  for (let root = 0; root < states; root++) {
    if (index[root] !== 0 || !inside(root)) continue;
    let state = root;
    came[root] = -1;
    index[root] = low[root] = ++next;
    below[root] = top;
    top = root;
    while (state !== -1) {
      const t = branch[state] as number;
      if (t < threads) {
        branch[state] = t + 1;
        const to = edges.to(state, t);
        if (to === -1 || !inside(to)) continue;
        if (index[to] === 0) {
          came[to] = state;
          index[to] = low[to] = ++next;
          below[to] = top;
          top = to;
          state = to;
        } else if (of[to] === NONE && (index[to] as number) < (low[state] as number)) {
          low[state] = index[to] as number;
        }
        continue;
      }
      const above = came[state] as number;
      if (low[state] === index[state]) {
        for (let member = -1; member !== state; ) {
          member = top;
          top = below[member] as number;
          of[member] = count;
        }
        count++;
      } else if ((low[state] as number) < (low[above] as number)) {
        low[above] = low[state] as number;
      }
      state = above;
    }
  }
  return { of, count };
}

/** The states of components one after the other: those of component c from `begin[c]` to `begin[c + 1]`, in ascending order. */
export interface Members {
  readonly begin: Int32Array;
  readonly states: Int32Array;
}

/** The states of each component, one component behind the other. */
export function membersOf({ of, count }: Components): Members {
  const begin = new Int32Array(count + 1);
  for (const c of of) if (c !== NONE) begin[c + 1] = (begin[c + 1] as number) + 1;
  for (let c = 0; c < count; c++) begin[c + 1] = (begin[c + 1] as number) + (begin[c] as number);
  const states = new Int32Array(begin[count] as number);
  const at = begin.slice();
  for (let state = 0; state < of.length; state++) {
    const c = of[state] as number;
    if (c === NONE) continue;
    states[at[c] as number] = state;
    at[c] = (at[c] as number) + 1;
  }
  return { begin, states };
}

/** By component whether it has an edge inside; others can hold no cycle. */
export function cyclic(edges: Edges, { of, count }: Components): Uint8Array {
  const cycles = new Uint8Array(count);
  for (let state = 0; state < of.length; state++) {
    const c = of[state] as number;
    if (c === NONE || cycles[c] === 1) continue;
    for (let t = 0; t < edges.threads; t++) {
      const to = edges.to(state, t);
      if (to !== -1 && of[to] === c) cycles[c] = 1;
    }
  }
  return cycles;
}
