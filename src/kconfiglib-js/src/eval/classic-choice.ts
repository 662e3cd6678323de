import { MOD, NO, YES } from '../expr/store.ts';
import { TYPE } from '../menu/model.ts';
import type { Tristate } from '../menu/views.ts';
import { choiceDefault } from './choice.ts';
import type { Evaluator } from './evaluator.ts';
import { type ChoiceProgram, type Program, TRAIT } from './program.ts';

/**
 * Choices as up to Linux 6.10, which is how U-Boot, Buildroot, coreboot and Kconfiglib have them: the choice itself is
 * n, m or y. With n no member is available, with m the members are independent of each other and at most m, with y
 * exactly one is y.
 */

/** Is the symbol a member of such a choice. */
export function isClassicMember(program: Program, id: number): boolean {
  return (
    (program.choice[id] as number) >= 0 && ((program.traits[id] as number) & TRAIT.CLASSIC) !== 0
  );
}

/** The program of a choice by the id of its symbol. */
export function choiceOfId(program: Program, id: number): ChoiceProgram | undefined {
  return program.choices.find((choice) => choice.id === id);
}

/** What the user wants a choice to be, plus 1; 0 if nothing was said: the most any of its members was set to. */
export function wantedMode(evaluator: Evaluator, id: number): number {
  let wanted = evaluator.user[id] as number;
  if (wanted !== 0) return wanted;
  for (const member of choiceOfId(evaluator.program, id)?.members ?? [])
    wanted = Math.max(wanted, evaluator.user[member] as number);
  return wanted;
}

/** In a choice that is y, a member that could only be m is not available. */
export function memberVisibility(evaluator: Evaluator, id: number, visible: number): number {
  const { program, tri } = evaluator;
  const choice = program.choices[program.choice[id] as number] as ChoiceProgram;
  const hidden = visible === MOD && program.type[id] === TYPE.TRISTATE && tri[choice.id] === YES;
  return hidden ? NO : visible;
}

/** The member the user set to y last, or -1. */
function wantedMember({ retracted, order, user }: Evaluator, group: number): number {
  const members = order[group] as readonly number[];
  return retracted.get(group) ?? members.find((id) => user[id] === YES + 1) ?? -1;
}

/**
 * A line of a file gives a member this value. A choice remembers which member was set to y last, and goes by it even if
 * a later line sets that member to something else (conf_read_simple and sym_calc_choice up to 6.10).
 */
export function retract(evaluator: Evaluator, group: number, id: number, value: number): void {
  if (value === YES) evaluator.retracted.delete(group);
  else if (wantedMember(evaluator, group) === id) evaluator.retracted.set(group, id);
}

/**
 * Find the one member of a choice that is y: the last the user set to y if it is available, else the default, else the
 * first that is available. Without any, the choice is n.
 */
export function chooseClassic(evaluator: Evaluator, choice: ChoiceProgram): number {
  const { visible, tri, valid, write, program } = evaluator;
  for (const id of choice.members) evaluator.visibility(id);
  const wanted = wantedMember(evaluator, program.choices.indexOf(choice));
  const chosen = wanted >= 0 && visible[wanted] !== NO ? wanted : choiceDefault(evaluator, choice);
  if (chosen < 0) {
    // Conditions on the choice were found while it still was y.
    tri[choice.id] = NO;
    evaluator.known.fill(0);
  }
  for (const id of choice.members) {
    if (visible[id] === NO) continue;
    tri[id] = id === chosen ? YES : NO;
    valid[id] = 1;
    write[id] = 1;
  }
  return chosen;
}

/**
 * allyesconfig and its relatives set a choice itself, unless its members say what it should be. With allmodconfig all
 * members of a tristate choice are m.
 */
export function applyToClassic(evaluator: Evaluator, value: number): void {
  const { choices, traits, type } = evaluator.program;
  const { user } = evaluator;
  for (const { id, members } of choices) {
    if (((traits[id] as number) & TRAIT.CLASSIC) === 0) continue;
    // One that a file left n is at least m where it is tristate, and its members with it.
    const left = user[id] === NO + 1;
    if (!left && wantedMode(evaluator, id) !== 0) continue;
    if (!left) user[id] = value + 1;
    if (type[id] !== TYPE.TRISTATE || !(value === MOD || (left && value === YES))) continue;
    for (const member of members)
      if (type[member] === TYPE.TRISTATE && user[member] === 0) user[member] = value + 1;
  }
}

/**
 * A file that sets values to start from says of every choice what it is, n where it has no member (conf_read_simple up to
 * 6.10).
 */
export function leaveUnnamed(evaluator: Evaluator): void {
  const { choices, traits } = evaluator.program;
  for (const { id } of choices) {
    const classic = ((traits[id] as number) & TRAIT.CLASSIC) !== 0;
    if (classic && wantedMode(evaluator, id) === 0) evaluator.user[id] = NO + 1;
  }
}

/** A member set to more than n says what its choice should be; what the choice itself was set to is over. */
export function forgetMode(evaluator: Evaluator, group: number): void {
  const { id } = evaluator.program.choices[group] as ChoiceProgram;
  evaluator.user[id] = 0;
}

/** Does every member that is available have a user value, and so the choice one of its own. */
export function isSettled({ user, visible }: Evaluator, choice: ChoiceProgram): boolean {
  return choice.members.every((id) => visible[id] === NO || user[id] !== 0);
}

/**
 * After a file was read, a choice that is y keeps what its members say of it only if all that are available were in the
 * file. Values already found stay, as in `conf`, until all are found anew.
 */
export function forgetOpenModes(evaluator: Evaluator): void {
  const { choices, traits } = evaluator.program;
  for (const choice of choices) {
    if (((traits[choice.id] as number) & TRAIT.CLASSIC) === 0) continue;
    if (evaluator.tri[choice.id] !== YES) continue;
    if (wantedMode(evaluator, choice.id) <= NO + 1 || isSettled(evaluator, choice)) continue;
    evaluator.user[choice.id] = NO + 1;
  }
}

/**
 * What the user can set a member to: y wherever the choice could be had, even if it is n now, for setting a member sets
 * the choice; m where the choice can be m and so can the member; n always.
 */
export function classicAssignable(evaluator: Evaluator, id: number, group: number): Tristate[] {
  const { program } = evaluator;
  const choice = program.choices[group] as ChoiceProgram;
  evaluator.calc(choice.id);
  const most = evaluator.visible[choice.id] as number;
  const available = evaluator.tri[choice.id] === NO || evaluator.visible[id] !== NO;
  if (most === NO || !available) return [];
  const tristate = program.type[id] === TYPE.TRISTATE && evaluator.modules !== NO;
  const both = tristate && program.type[choice.id] === TYPE.TRISTATE;
  if (most === MOD) return both ? ['n', 'm'] : [];
  return both ? ['n', 'm', 'y'] : ['n', 'y'];
}
