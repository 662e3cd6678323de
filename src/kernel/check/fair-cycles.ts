import { type Components, components, cyclic, type Inside, membersOf } from './components.ts';
import type { Edges } from './edges.ts';
import type { Fairness } from './question.ts';

/**
 * States of a set that can be gone round for ever under a fairness, all of them infinitely often, in ascending order; `undefined` when
 * there is none.
 *
 * A component of the part is gone round by a cycle through all its states and edges. With weak fairness that is fair unless some thread
 * can move in every state of it and never does inside; with strong fairness, unless it can move in some state and never does: those states
 * are taken out then and the rest is looked at again (Lichtenstein and Pnueli's treatment of compassion).
 */
export function fairCycle(
  edges: Edges,
  states: number,
  inside: Inside,
  fairness: Fairness,
): Int32Array | undefined {
  // Each pass looks at all components at once; what strong fairness takes out of them is gone in the next.
  let taken: Uint8Array | undefined;
  for (;;) {
    const before = taken;
    const part = before === undefined ? inside : (s: number) => before[s] === 0 && inside(s);
    const found = components(edges, states, part);
    const cycles = cyclic(edges, found);
    const { begin, states: members } = membersOf(found);
    const next = before ?? new Uint8Array(states);
    let more = false;
    const seen = new Uint8Array(found.count);
    // In the order they are come by first, so that what is shown begins early.
    for (let state = 0; state < states; state++) {
      const c = found.of[state] as number;
      if (c === -1 || seen[c] === 1) continue;
      seen[c] = 1;
      const all = members.subarray(begin[c], begin[c + 1]);
      const end = cycles[c] === 1 ? judge(edges, found, c, all, fairness) : 'unfair';
      if (end === 'fair') return all.slice();
      if (end === 'unfair') {
        for (const s of all) next[s] = 1;
        continue;
      }
      more = true;
      for (const s of all) if (edges.to(s, end) !== -1) next[s] = 1;
    }
    if (!more) return undefined;
    taken = next;
  }
}

/** Whether a component can be gone round; a thread that must not be able to move in it for that. */
function judge(
  edges: Edges,
  { of }: Components,
  c: number,
  members: Int32Array,
  fairness: Fairness,
): 'fair' | 'unfair' | number {
  if (fairness === 'none') return 'fair';
  for (let t = 0; t < edges.threads; t++) {
    let moves = false;
    let enabled = 0;
    for (const state of members) {
      const to = edges.to(state, t);
      if (to === -1) continue;
      enabled++;
      if (of[to] === c) moves = true;
    }
    if (moves || enabled === 0) continue;
    if (enabled === members.length) return 'unfair';
    if (fairness === 'strong') return t;
  }
  return 'fair';
}
