import { type ChoiceProgram, Program, type Rows, TRAIT } from '../eval/program.ts';
import { ExprStore } from '../expr/store.ts';
import type { Kconfig } from '../menu/kconfig.ts';
import { expressions, rows, starts, within } from './checks.ts';
import { BadSnapshot, type Column, type Columns, packText } from './container.ts';
import { PackedNames, packNames } from './names.ts';
import { TextPacker } from './texts.ts';

/** The columns of a laid-out tree: what is needed to read, resolve and write configurations. */
export function packProgram({ program, hashOrder }: Kconfig): Column[] {
  const { store, size, listing, choices } = program;
  const names: string[] = [];
  const named: number[] = [];
  const nameText = new TextPacker();
  for (let id = 0; id < size; id++) {
    const name = program.names.nameOf(id);
    names.push(name);
    nameText.add(name);
    if (program.names.idOf(name) === id && !program.isChoice(id)) named.push(id);
  }
  const headings = new TextPacker();
  for (let row = 0; row < listing.cond.length; row++) headings.add(listing.text(row));
  const members = grouped(choices.map((choice) => choice.members));
  const entries = grouped(choices.map((choice) => choice.entries));
  return [
    Int32Array.of(size, program.slots, program.modules),
    store.kind.slice(0, store.count),
    store.left.slice(0, store.count),
    store.right.slice(0, store.count),
    program.type,
    program.traits,
    program.dirDep,
    program.revDep,
    program.implied,
    program.choice,
    program.slot,
    program.prompts.start,
    program.prompts.cond,
    program.defaults.start,
    program.defaults.cond,
    program.defaults.a,
    program.ranges.start,
    program.ranges.cond,
    program.ranges.a,
    program.ranges.b,
    Int32Array.from(choices, (choice) => choice.id),
    ...members,
    ...entries,
    hashOrder,
    ...packText(nameText.text),
    nameText.starts,
    packNames(names, named),
    listing.step,
    listing.arg,
    listing.cond,
    listing.visibility,
    ...packText(headings.text),
    headings.starts,
  ];
}

function grouped(groups: readonly (readonly number[])[]): [Int32Array, Int32Array] {
  const start = new Int32Array(groups.length + 1);
  for (const [i, group] of groups.entries()) start[i + 1] = (start[i] as number) + group.length;
  return [start, Int32Array.from(groups.flat())];
}

/** Lay the columns out again, after checking that they can be walked. */
export function unpackProgram(columns: Columns): { program: Program; hashOrder: Int32Array } {
  const [size = 0, slots = 0, modules = 0] = columns.ints();
  const store = new ExprStore({
    kind: columns.bytes(),
    left: columns.ints(),
    right: columns.ints(),
  });
  const count = store.count;
  expressions(store.kind, store.left, store.right, size);
  const type = columns.bytes();
  const traits = columns.bytes();
  const [dirDep, revDep, implied] = [columns.ints(), columns.ints(), columns.ints()];
  const choice = columns.ints();
  const slot = columns.ints();
  for (const column of [type, traits, dirDep, revDep, implied, choice, slot]) rows(column, size);
  for (const column of [dirDep, revDep, implied]) within(column, 0, count);
  within(type, 0, 6);
  within(Int32Array.of(slots), 0, size + 1);
  within(Int32Array.of(modules), 0, size);
  checkSlots(slot, type, slots);
  /** `values` columns beside the conditions, with numbers below `limit`. */
  const table = (values: number, limit: number): Rows => {
    const start = columns.ints();
    const cond = columns.ints();
    starts(start, size, cond.length);
    within(cond, 0, count);
    const [a = cond, b = cond] = Array.from({ length: values }, () => {
      const column = columns.ints();
      rows(column, cond.length);
      within(column, 0, limit);
      return column;
    });
    return { start, cond, a, b };
  };
  const prompts = table(0, 0);
  const defaults = table(1, count);
  const ranges = table(2, size);
  const choiceIds = columns.ints();
  within(choiceIds, 0, size);
  const groups = (): number[][] => {
    const start = columns.ints();
    const ids = columns.ints();
    starts(start, choiceIds.length, ids.length);
    within(ids, 0, size);
    return Array.from(choiceIds, (_, i) => [...ids.subarray(start[i], start[i + 1])]);
  };
  const members = groups();
  const entries = groups();
  const choices = Array.from(choiceIds, (id, i): ChoiceProgram => {
    if (((traits[id] as number) & TRAIT.CHOICE) === 0) throw new BadSnapshot('choice');
    return { id, members: members[i] as number[], entries: entries[i] as number[] };
  });
  within(choice, -1, choices.length);
  const hashOrder = columns.ints();
  within(hashOrder, 0, size);
  const nameText = columns.text();
  const nameStarts = columns.ints();
  const nameTable = columns.ints();
  starts(nameStarts, size, nameText.length);
  within(nameTable, 0, size + 1);
  if (nameTable.length === 0 || (nameTable.length & (nameTable.length - 1)) !== 0)
    throw new BadSnapshot('names');
  const step = columns.bytes();
  const [arg, cond, visibility] = [columns.ints(), columns.ints(), columns.ints()];
  const headings = columns.text();
  const headingStarts = columns.ints();
  within(step, 0, 3);
  rows(arg, step.length);
  rows(visibility, cond.length);
  for (const column of [cond, visibility]) within(column, 0, count);
  starts(headingStarts, cond.length, headings.length);
  checkSteps(step, arg, size, cond.length);
  const text = (row: number): string => headings.slice(headingStarts[row], headingStarts[row + 1]);
  const program = new Program({
    store,
    type,
    dirDep,
    revDep,
    implied,
    prompts,
    defaults,
    ranges,
    choice,
    choices,
    traits,
    slot,
    slots,
    modules,
    names: new PackedNames(nameText, nameStarts, nameTable),
    listing: { step, arg, cond, visibility, text },
  });
  return { program, hashOrder };
}

// Loops by themselves: V8 optimizes a function with a long one while it runs, and this much it does not do quickly.

function checkSlots(slot: Int32Array, type: Uint8Array, slots: number): void {
  for (let id = 0; id < slot.length; id++) {
    const at = slot[id] as number;
    if ((type[id] as number) >= 3 ? at < 0 || at >= slots : at !== -1)
      throw new BadSnapshot('slot');
  }
}

function checkSteps(step: Uint8Array, arg: Int32Array, symbols: number, headings: number): void {
  for (let i = 0; i < step.length; i++) {
    const at = arg[i] as number;
    if (at < 0 || at >= (step[i] === 0 ? symbols : headings)) throw new BadSnapshot('listing');
  }
}
