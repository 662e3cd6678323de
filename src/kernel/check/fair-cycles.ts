import { components, cyclic } from './components.ts';
import type { Edges } from './edges.ts';
import type { Fairness } from './question.ts';

/**
 * States of a set that can be gone round for ever under a fairness, all of them infinitely often; `undefined` when there is none.
 *
 * A component of the part is gone round by a cycle through all its states and edges. With weak fairness that is fair unless some thread
 * can move in every state of it and never does inside; with strong fairness, unless it can move in some state and never does: those states
 * are taken out then and the rest is looked at again (Lichtenstein and Pnueli's treatment of compassion).
 */
export function fairCycle(
  edges: Edges,
  states: number,
  inside: (state: number) => boolean,
  fairness: Fairness,
): readonly number[] | undefined {
  for (const members of cyclic(edges, components(edges, states, inside)).values()) {
    const found = fairPart(edges, states, members, fairness);
    if (found !== undefined) return found;
  }
  return undefined;
}

function fairPart(
  edges: Edges,
  states: number,
  members: readonly number[],
  fairness: Fairness,
): readonly number[] | undefined {
  if (fairness === 'none') return members;
  const set = new Set(members);
  for (let t = 0; t < edges.threads; t++) {
    let moves = false;
    let enabled = 0;
    for (const state of members) {
      const to = edges.to(state, t);
      if (to === -1) continue;
      enabled++;
      if (set.has(to)) moves = true;
    }
    if (moves || enabled === 0) continue;
    if (enabled === members.length) return undefined;
    if (fairness === 'weak') continue;
    const rest = new Set(members.filter((state) => edges.to(state, t) === -1));
    return fairCycle(edges, states, (state) => rest.has(state), fairness);
  }
  return members;
}
