import { END, type FlowGraph } from './flow-graph.ts';

type Steps = Pick<FlowGraph, 'steps'>;

/**
 * Steps that are on every way from a step to the end, the end among them. They lie on any one such way; one of that is
 * passed by all if nothing that stands before it leads, past it, to what stands behind. Takes time in proportion to the
 * steps and ways.
 */
export function alwaysBehind({ steps }: Steps, from: number): ReadonlySet<number> {
  const always = new Set([END]);
  const way = wayToEnd({ steps }, from);
  const places = new Map(way.map((step, place) => [step, place]));
  const seen = new Set(way);
  let furthest = 0;
  for (const [place, step] of way.entries()) {
    if (place > 0 && furthest <= place) always.add(step);
    const open = [step];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const next of steps[at]?.next ?? []) {
        furthest = Math.max(furthest, places.get(next) ?? 0);
        if (!seen.has(next)) open.push(next);
        seen.add(next);
      }
    }
  }
  return always;
}

/** One of the shortest ways from a step to the end; none where none leads there. */
function wayToEnd({ steps }: Steps, from: number): number[] {
  const before = new Map<number, number>([[from, -1]]);
  for (const at of before.keys()) {
    for (const next of steps[at]?.next ?? []) if (!before.has(next)) before.set(next, at);
  }
  const way: number[] = [];
  for (let at = before.has(END) ? END : -1; at >= 0; at = before.get(at) as number) way.push(at);
  return way.reverse();
}
