import type { ScreenWorld } from '../screens/module.ts';
import type { Size, State } from '../state/model.ts';
import { fitLine, type Line } from '../text/line.ts';
import { ruleLine } from '../widgets/rule.ts';
import type { Dialog } from './dialog.ts';
import { dialogModule } from './registry.ts';

/** A dialog is at most this high: what it is about should stay in view. */
const MOST_LINES = 13;

/** The dialog as lines of the terminal's width, its title in a rule above. */
export interface DialogLines {
  readonly lines: readonly Line[];
  /** Index of the selected line; -1 for none. */
  readonly selected: number;
}

function mostLines(rows: number): number {
  return Math.max(1, Math.min(MOST_LINES, rows - 2));
}

/** What of a terminal a dialog has for itself, below its title. */
export function roomIn({ columns, rows }: Size): Size {
  return { columns, rows: Math.max(1, mostLines(rows) - 1) };
}

/** A dialog drawn in the lower part of a terminal. Of its size only `rows - 2` lines can be had. */
export function dialogLines(
  state: State,
  world: ScreenWorld,
  dialog: Dialog,
  { columns, rows }: Size,
): DialogLines {
  const most = mostLines(rows);
  const room = roomIn({ columns, rows });
  const { lines, selected, remark = '' } = dialogModule(dialog).view(state, world, dialog, room);
  const { glyphs } = world.theme;
  const title = ruleLine(dialog.title, remark, columns, glyphs);
  const fitted = lines.slice(0, room.rows).map((line) => fitLine(line, columns, glyphs.ellipsis));
  // With two lines to draw on, what is typed matters more than what it is called.
  const all = most < 2 ? fitted : [title, ...fitted];
  return { lines: all, selected: selected < 0 ? -1 : selected + all.length - fitted.length };
}
