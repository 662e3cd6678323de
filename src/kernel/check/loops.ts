import type { CheckExec } from './check-exec.ts';

/** An edge from a label back to one before it in the same routine. */
export interface BackEdge {
  readonly routine: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Notices jumps back within a routine. Each gets a number, which is its bit in a step's mask. Whether one closes a loop at all is known
 * when all jumps of its routine have been seen, see {@link isLoop}.
 */
export class Loops {
  readonly edges: BackEdge[] = [];
  readonly #numbers = new Map<number, number>();
  /** Control flow seen, by routine: from label to labels. */
  readonly #flow = new Map<number, Map<number, Set<number>>>();
  readonly #routineOf: number[] = [];
  readonly #ends: [number, number][] = [];

  /** Notes that a routine went from one label to another. Gives the edge's bit, 0 when it leads on. */
  flow(k: CheckExec, routine: number, from: number, to: number): number {
    let flow = this.#flow.get(routine);
    if (flow === undefined) this.#flow.set(routine, (flow = new Map()));
    const seen = flow.get(from);
    if (seen === undefined) flow.set(from, new Set([to]));
    else seen.add(to);
    if (to > from) return 0;
    const key = (routine * 256 + from) * 256 + to;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.edges.length;
      this.#numbers.set(key, number);
      const r = k.routineOf(routine);
      this.edges.push({
        routine: r.name,
        from: r.labels[from] as string,
        to: r.labels[to] as string,
      });
      this.#routineOf.push(routine);
      this.#ends.push([from, to]);
    }
    if (number > 23) throw new RangeError('more than 24 jumps back');
    return 1 << number;
  }

  /** Whether the jump's target leads to it again. */
  isLoop(edge: number): boolean {
    const flow = this.#flow.get(this.#routineOf[edge] as number);
    const [from, to] = this.#ends[edge] as [number, number];
    const seen = new Set([to]);
    for (const at of seen) {
      if (at === from) return true;
      for (const next of flow?.get(at) ?? []) seen.add(next);
    }
    return false;
  }
}
