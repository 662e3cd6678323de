import { type Exploration, successor } from './explore.ts';
import type { Move } from './paths.ts';
import { BROKE, Stepper } from './stepper.ts';

/** A step of a schedule: thread `thread` goes on from the state in `tuple`. */
export interface RealMove {
  readonly tuple: Int32Array;
  readonly thread: number;
}

/**
 * The schedule behind moves between the states of an exploration. Where alike states were made one, a move's thread is the one that
 * stood there after threads had changed places; here every thread keeps its own.
 *
 * @param moves from the initial state on, each from where the one before led to
 */
export function unfold(e: Exploration, moves: readonly Move[]): RealMove[] {
  const { arena, width } = e.states;
  const stored = (state: number) => arena.slice(state * width, (state + 1) * width);
  const { symmetry, stepper } = e;
  if (symmetry === undefined) {
    return moves.map(({ state, thread }) => ({ tuple: stored(state), thread }));
  }
  let real = stored(0);
  const next = new Int32Array(width);
  return moves.map((move, i) => {
    const tuple = real;
    const target = moves[i + 1];
    for (let t = 0; t < width - 1; t++) {
      const info = stepper.step(t, tuple[0] as number, tuple[t + 1] as number);
      const kind = Stepper.kindOf(info);
      // The last move may be one that breaks a rule and leads nowhere.
      if (target === undefined && kind === BROKE) return { tuple, thread: t };
      if (kind !== 0) continue;
      successor(tuple, 0, t, info, stepper, next);
      const settled = next.slice();
      symmetry.settle(settled);
      const to = e.states.indexOf(settled);
      if (to !== (target?.state ?? move.to)) continue;
      real = next.slice();
      return { tuple, thread: t };
    }
    throw new Error('a move leads nowhere');
  });
}
