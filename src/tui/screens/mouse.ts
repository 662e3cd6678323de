import { dialogLines, roomIn } from '../dialogs/dialog-view.ts';
import { dialogModule } from '../dialogs/registry.ts';
import type { KeyName } from '../keys/decode.ts';
import { goToTab } from '../state/commands.ts';
import { moveCursor, rowAt, selectable, setCursor } from '../state/cursor.ts';
import { replaceTop, type State, topOf, withList } from '../state/model.ts';
import { stepOf } from '../state/step.ts';
import { clamp, windowOf } from '../state/window.ts';
import type { MouseEvent } from '../stdin/event.ts';
import { type Click, clickAt } from '../text/line.ts';
import { bottomLine, tabLine, topLine } from './frame-lines.ts';
import type { ScreenWorld } from './module.ts';

/** Rows a notch of the wheel goes. */
const NOTCH = 3;

/** What a key does to a state. */
type Press = (state: State, key: KeyName, world: ScreenWorld) => State;

/**
 * The state after a mouse report: the wheel scrolls, a click selects, a click on what is selected opens,
 * and tabs, names in the breadcrumb and keys in the footer do what they say.
 */
export function mouseStep(
  state: State,
  mouse: MouseEvent,
  world: ScreenWorld,
  press: Press,
): State {
  switch (mouse.button) {
    case 'wheel-up':
      return wheel(state, world, -1);
    case 'wheel-down':
      return wheel(state, world, 1);
    case 'left':
      return click(state, mouse, world, press);
    default:
      return state;
  }
}

function wheel(state: State, world: ScreenWorld, direction: 1 | -1): State {
  const { dialog } = state;
  if (dialog) {
    const step = dialogModule(dialog).commands[`${dialog.kind}:${direction < 0 ? 'up' : 'down'}`];
    return step ? step(state, world, dialog, '') : state;
  }
  return scrollBy(state, world, direction * NOTCH);
}

/** The list moved under the cursor, which stays in view; a list that fits has only its cursor to move. */
function scrollBy(state: State, world: ScreenWorld, by: number): State {
  const screen = topOf(state);
  const rows = world.rows(state, screen);
  const height = world.listHeight(state);
  const { list } = screen;
  const offset = clamp(list.offset + by, 0, Math.max(0, rows.length - height));
  if (offset === list.offset) return moveCursor(state, world, by);
  const wanted = clamp(list.cursor, offset, offset + height - 1);
  const cursor = selectable(rows, wanted, by < 0 ? -1 : 1);
  return replaceTop(state, withList(screen, { ...list, cursor, offset }));
}

function click(state: State, { column, row }: MouseEvent, world: ScreenWorld, press: Press): State {
  const { size, dialog } = state;
  const layout = world.layout(state);
  if (layout.panes === 'sentence') return state;
  if (row === size.rows - 1) {
    return follow(state, clickAt(bottomLine(state, world), column), world, press);
  }
  if (dialog) {
    const { lines } = dialogLines(state, world, dialog, size);
    const above = Math.max(1, size.rows - 1 - lines.length);
    const module = dialogModule(dialog);
    // The title is the first of its lines.
    return module.click?.(state, world, dialog, row - above - 1, roomIn(size)) ?? state;
  }
  const closed = state.typing ? { ...state, typing: false } : state;
  if (row === 0) return follow(closed, clickAt(topLine(state, world), column), world, press);
  if (layout.tabs > 0 && row === 1) {
    return follow(closed, clickAt(tabLine(state, world) ?? [], column), world, press);
  }
  const line = row - 1 - layout.tabs - layout.above - layout.header;
  return line < 0 || line >= layout.list ? closed : clickRow(closed, line, world);
}

/** A click on a line of the list. */
function clickRow(state: State, line: number, world: ScreenWorld): State {
  const screen = topOf(state);
  const rows = world.rows(state, screen);
  const { start } = windowOf({
    count: rows.length,
    height: world.listHeight(state),
    ...screen.list,
  });
  const index = start + line;
  const clicked = rowAt(rows, index);
  if (!clicked || clicked.heading) return state;
  if (index !== screen.list.cursor) return setCursor(state, index);
  const opens = world.keys.bindings(screen.kind).some(({ command }) => command === 'open');
  return opens ? stepOf('open', state, world)(state, world, screen, 'enter') : state;
}

function follow(state: State, click: Click | null, world: ScreenWorld, press: Press): State {
  if (click === null) return state;
  if ('key' in click) return press(state, click.key, world);
  if ('tab' in click) return goToTab(state, world, click.tab, 1);
  return { ...state, stack: state.stack.slice(0, click.depth) };
}
