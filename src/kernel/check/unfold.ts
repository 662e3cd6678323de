import type { Exploration } from './explore.ts';
import type { Move } from './paths.ts';
import { BROKE, MOVED, Stepper } from './stepper.ts';

/** A step of a schedule: thread `thread` goes on from a state, given in full. */
export interface RealMove {
  readonly state: Int32Array;
  readonly thread: number;
}

/**
 * The schedule behind moves between the states of an exploration. Where alike states were made one, a move's thread is the one that
 * stood there after threads had changed places; here every thread keeps its own.
 *
 * @param moves from the initial state on, each from where the one before led to
 */
export function unfold(e: Exploration, moves: readonly Move[]): RealMove[] {
  const { symmetry, stepper, states } = e;
  const stored = (state: number) => stepper.unpack(states.arena, state * states.width);
  if (symmetry === undefined) {
    return moves.map(({ state, thread }) => ({ state: stored(state), thread }));
  }
  stepper.onLayout = (now, before) => states.repack(stepper.fields, now, before);
  let real = stored(0);
  return moves.map((move, i) => {
    const state = real;
    const target = moves[i + 1];
    for (let t = 0; t < stepper.frames.of.length; t++) {
      const next = reached(e, state, t);
      // The last move may be one that breaks a rule and leads nowhere.
      if (target === undefined && next === 'broke') return { state, thread: t };
      if (typeof next !== 'object' || next.index !== (target?.state ?? move.to)) continue;
      real = next.state;
      return { state, thread: t };
    }
    throw new Error('a move leads nowhere');
  });
}

/** Where thread `t` goes from a state, in full and as the exploration knows it. */
function reached(e: Exploration, from: Int32Array, t: number) {
  const { stepper, symmetry, states } = e;
  for (;;) {
    stepper.resume(from);
    const leaf = stepper.step(t);
    const { layout } = stepper;
    const kind = Stepper.kindOf(stepper.info(leaf));
    if (kind === BROKE) return 'broke';
    if (kind !== MOVED) return undefined;
    const next = new Int32Array(layout.width);
    stepper.apply(t, leaf, next, 0);
    if (stepper.layout !== layout) continue;
    const settled = next.slice();
    symmetry?.settle(settled, 0);
    if (stepper.layout !== layout) continue;
    return { state: stepper.unpack(next, 0), index: states.indexOf(settled) };
  }
}
