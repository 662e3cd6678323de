import { NO } from '../expr/store.ts';
import type { Node } from '../menu/model.ts';
import { TYPE } from '../menu/model.ts';
import type { Evaluator } from './evaluator.ts';

/** Does a menu show this entry (scripts/kconfig/menu.c, menu_is_visible). The modules symbol must have been found. */
export function isShown(ev: Evaluator, node: Node): boolean {
  // Entries that depend on each other nest as deep as a tree has symbols: too deep for a function that calls itself.
  const open: Node[] = [node];
  for (let at = open.pop(); at; at = open.pop()) {
    if (!at.prompt) continue;
    if (at.visibility !== 0 && ev.expr(at.visibility) === NO) continue;
    if (ev.expr(at.prompt.cond) !== NO) return true;
    if (!at.sym || !isOn(ev, at.sym.id)) continue;
    for (let child = at.list; child; child = child.next) open.push(child);
  }
  return false;
}

/** Only a bool or tristate is on or off; numbers and texts count as off. */
function isOn(ev: Evaluator, id: number): boolean {
  const type = ev.program.type[id];
  ev.calc(id);
  return (type === TYPE.BOOL || type === TYPE.TRISTATE) && ev.tri[id] !== NO;
}
