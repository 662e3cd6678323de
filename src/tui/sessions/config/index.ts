export { activeRange, refusedValue } from './check-value.ts';
export {
  type CellOrigin,
  type ConfigFiles,
  type ConfigParts,
  ConfigSession,
  type Format,
  shownValue,
} from './config-session.ts';
export { type Entry, isEmptyMenu, isEntered, menusTo, placeOf } from './entries.ts';
export { type Journal, type KeptEdits, keptEdits } from './journal.ts';
export { chosenOf, isNew, markOf } from './mark.ts';
export { type Assignment, isOp, type Op, type Outcome, othersOf } from './op.ts';
export type { PlanState } from './plans.ts';
