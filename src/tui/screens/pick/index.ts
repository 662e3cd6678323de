import { selectedKey } from '../../state/cursor.ts';
import { push } from '../../state/model.ts';
import { cellOf } from '../cell-facts.ts';
import { CELL_COMMANDS, CELL_LIST, cellBindings, toggledGroup } from '../cell-list/screen.ts';
import { cellDiff } from '../diff/compare.ts';
import type { ScreenModule } from '../module.ts';
import type { PickScreen } from './screen.ts';

/** Choosing the other side of a comparison. */
export const pickModule: ScreenModule<PickScreen> = {
  kind: 'pick',
  ...CELL_LIST,
  crumb: ({ left }) => `compare ${left} with`,
  bindings: cellBindings({ label: 'compare', help: 'compare with this cell' }),
  commands: {
    ...CELL_COMMANDS,
    open: (state, world, screen) => {
      const { left } = screen;
      const toggled = toggledGroup(state, world, screen);
      if (toggled) return toggled;
      const cell = selectedKey(state, world);
      if (cell === null) return state;
      if (!cellOf(world.report, cell)) {
        return { ...state, notice: 'Nothing is known of this cell yet.' };
      }
      if (cell === left) {
        return { ...state, notice: 'That is the same cell: choose another one.' };
      }
      // The choice is made: going back from the comparison leads to where it was asked for.
      return push({ ...state, stack: state.stack.slice(0, -1) }, cellDiff(left, cell));
    },
  },
};
