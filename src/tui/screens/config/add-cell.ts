import type { AddCellEffect } from '../../effects/run.ts';
import type { ConfigSession } from '../../sessions/config/index.ts';
import { asking, type State } from '../../state/model.ts';
import { runSession } from '../cell-list/listed.ts';
import type { ScreenWorld } from '../module.ts';
import { type ConfigScreen, sessionOf } from './screen.ts';

/** Whether a configuration can become a cell: it is that of one, and was changed. */
export function canAddCell(world: ScreenWorld, session: ConfigSession): boolean {
  return session.cell !== undefined && session.undoable > 0 && runSession(world)?.canAdd === true;
}

/** Ask for a cell that is the one the configuration was opened as, with what was changed since. */
export function addCell(state: State, world: ScreenWorld, screen: ConfigScreen): State {
  const session = sessionOf(world, screen);
  const { cell } = session;
  if (!cell || !runSession(world)?.canAdd) {
    return { ...state, notice: 'This is no configuration of a matrix: s saves it.' };
  }
  const asked = session.asked();
  if (Object.keys(asked).length === 0) {
    return { ...state, notice: `Nothing is changed: this is the cell ${cell.id}.` };
  }
  // Marked, so that d compares the two.
  const marks = state.marks.length === 0 ? [cell.id] : state.marks;
  const { edition, set } = cell;
  return asking<AddCellEffect>(
    { ...state, marks, notice: 'Adding the cell…' },
    { kind: 'run:add', from: screen.session, cell: { edition, set: { ...set, ...asked } } },
  );
}
