import { NO, YES } from '../expr/store.ts';
import { chooseClassic } from './classic-choice.ts';
import type { Evaluator } from './evaluator.ts';
import { type ChoiceProgram, TRAIT } from './program.ts';

/**
 * Find the chosen member: the first visible one set to y, by priority; else the default, unless set to n; else the
 * first visible one not set; else the visible one set to n with the least priority.
 */
export function choose(ev: Evaluator, choice: ChoiceProgram, index: number): number {
  if ((ev.program.traits[choice.id] as number) & TRAIT.CLASSIC) {
    ev.calc(choice.id);
    return ev.tri[choice.id] === YES ? chooseClassic(ev, choice) : -1;
  }
  const order = ev.order[index] as readonly number[];
  let chosen = -1;
  for (const id of order) {
    ev.visibility(id);
    if (ev.visible[id] !== NO && ev.user[id] === YES + 1) {
      chosen = id;
      break;
    }
  }
  if (chosen < 0) {
    chosen = choiceDefault(ev, choice);
    if (chosen >= 0 && ev.user[chosen] === NO + 1) chosen = -1;
  }
  if (chosen < 0)
    chosen = choice.entries.find((id) => ev.visible[id] !== NO && ev.user[id] === 0) ?? -1;
  if (chosen < 0) chosen = order.findLast((id) => ev.visible[id] !== NO) ?? -1;
  for (const id of choice.entries) {
    if (ev.visible[id] === NO) continue;
    ev.tri[id] = id === chosen ? YES : NO;
    ev.valid[id] = 1;
    ev.write[id] = 1;
  }
  return chosen;
}

/** The member a choice has without user values. */
export function defaultMember(ev: Evaluator, choice: ChoiceProgram): number {
  for (const id of choice.entries) ev.calc(id);
  return choiceDefault(ev, choice);
}

/** The first default that applies and is visible, else the first visible member, else -1. */
export function choiceDefault(ev: Evaluator, choice: ChoiceProgram): number {
  const { start, cond } = ev.program.defaults;
  const end = start[choice.id + 1] as number;
  for (let row = start[choice.id] as number; row < end; row++) {
    if (ev.expr(cond[row] as number) === NO) continue;
    const id = ev.defaultSource(row);
    if (id >= 0 && ev.visible[id] !== NO) return id;
  }
  return choice.entries.find((id) => ev.visible[id] !== NO) ?? -1;
}
