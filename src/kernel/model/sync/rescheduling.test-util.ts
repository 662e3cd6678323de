import { SequentialExec } from '../machine/index.ts';

/** An executor whose threads should now and then give way to others. */
export class Rescheduling extends SequentialExec {
  wanted: () => boolean = () => false;

  override needResched(): boolean {
    return this.wanted();
  }
}

/** Random numbers of 16 bits: a schedule that leaves nobody out for ever. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 16;
  };
}
