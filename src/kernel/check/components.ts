import type { Edges } from './edges.ts';

/** Strongly connected components of a part of a graph. */
export interface Components {
  /** Component of each state, -1 outside the part. Every edge leads to the same or a lower number. */
  readonly of: Int32Array;
  readonly count: number;
}

/**
 * Components of the states `inside` says are in the part, by Tarjan's algorithm without recursion.
 *
 * @param states how many states there are
 */
export function components(
  edges: Edges,
  states: number,
  inside: (state: number) => boolean,
): Components {
  const { threads } = edges;
  const of = new Int32Array(states).fill(-1);
  const index = new Int32Array(states);
  const low = new Int32Array(states);
  const stack: number[] = [];
  const path: number[] = [];
  const branch: number[] = [];
  let next = 0;
  let count = 0;
  const enter = (state: number) => {
    index[state] = low[state] = ++next;
    stack.push(state);
    path.push(state);
    branch.push(0);
  };
  for (let root = 0; root < states; root++) {
    if (index[root] !== 0 || !inside(root)) continue;
    enter(root);
    while (path.length > 0) {
      const at = path.length - 1;
      const state = path[at] as number;
      const t = branch[at] as number;
      if (t < threads) {
        branch[at] = t + 1;
        const to = edges.to(state, t);
        if (to === -1 || !inside(to)) continue;
        if (index[to] === 0) enter(to);
        else if (of[to] === -1) low[state] = Math.min(low[state] as number, index[to] as number);
        continue;
      }
      path.pop();
      branch.pop();
      const above = path[at - 1];
      if (above !== undefined) low[above] = Math.min(low[above] as number, low[state] as number);
      if (low[state] !== index[state]) continue;
      for (let member = -1; member !== state; ) {
        member = stack.pop() as number;
        of[member] = count;
      }
      count++;
    }
  }
  return { of, count };
}

/** The states of each component that has an edge inside; others can hold no cycle. */
export function cyclic(edges: Edges, c: Components): Map<number, number[]> {
  const cycles = new Set<number>();
  const { of } = c;
  for (let state = 0; state < of.length; state++) {
    if (of[state] === -1) continue;
    for (let t = 0; t < edges.threads; t++) {
      const to = edges.to(state, t);
      if (to !== -1 && of[to] === of[state]) cycles.add(of[state] as number);
    }
  }
  const members = new Map<number, number[]>();
  for (let state = 0; state < of.length; state++) {
    const component = of[state] as number;
    if (!cycles.has(component)) continue;
    const list = members.get(component);
    if (list === undefined) members.set(component, [state]);
    else list.push(state);
  }
  return members;
}
