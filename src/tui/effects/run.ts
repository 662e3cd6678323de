import type { ConfigSession } from '../sessions/config/index.ts';
import {
  type AddedCell,
  RUN_SESSION,
  type RunSession,
  type RunWanted,
} from '../sessions/run/run-session.ts';
import type { Effect } from './effect.ts';
import type { Runner } from './runner.ts';

/** Run cells of the matrix that is being browsed. */
export interface RunEffect extends Effect, RunWanted {
  readonly kind: 'run';
}

/** Runs cells; how far they are is seen from the session. */
export const runRunner: Runner<RunEffect> = {
  kind: 'run',
  run: ({ only, afresh }, { sessions }) =>
    sessions
      .get<RunSession>(RUN_SESSION)
      ?.start({ ...(only && { only }), ...(afresh !== undefined && { afresh }) }),
};

/** Asks the model checker about the editions of the matrix. */
export const verifyRunner: Runner = {
  kind: 'run:verify',
  run: (_effect, { sessions }) => sessions.get<RunSession>(RUN_SESSION)?.verify(),
};

/** Stops what the session of the matrix is doing. */
export const stopRunner: Runner = {
  kind: 'run:stop',
  run: (_effect, { sessions }) => sessions.get<RunSession>(RUN_SESSION)?.stop(),
};

/** Add a cell to the matrix that is being browsed, and run it. */
export interface AddCellEffect extends Effect {
  readonly kind: 'run:add';
  readonly cell: AddedCell;
  /** Id of the session of the configuration it comes from. */
  readonly from: string;
}

/** Adds a cell; the list of cells is told what came of it. */
export const addCellRunner: Runner<AddCellEffect> = {
  kind: 'run:add',
  run: async ({ cell, from }, { sessions, dispatch }) => {
    const value = await sessions.get<RunSession>(RUN_SESSION)?.add(cell);
    if (!value) return;
    if ('id' in value) sessions.get<ConfigSession>(from)?.kept();
    dispatch({ type: 'answer', answer: { to: 'matrix', name: 'added', value } });
  },
};

/** Take out a cell that was added. */
export interface RemoveCellEffect extends Effect {
  readonly kind: 'run:remove';
  readonly id: string;
}

export const removeCellRunner: Runner<RemoveCellEffect> = {
  kind: 'run:remove',
  run: ({ id }, { sessions }) => sessions.get<RunSession>(RUN_SESSION)?.remove(id),
};
