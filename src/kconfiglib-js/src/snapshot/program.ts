import { type ChoiceProgram, grouped, Program, type Rows } from '../eval/program.ts';
import { textColumns } from '../eval/text-columns.ts';
import { ExprStore } from '../expr/store.ts';
import type { Kconfig } from '../menu/kconfig.ts';
import type { Column, Columns } from './container.ts';
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
  const headings = textColumns(Array.from(listing.cond, (_, row) => listing.text(row)));
  const members = grouped(choices, 'members');
  const entries = grouped(choices, 'entries');
  return [
    Int32Array.of(program.slots, program.modules),
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
    members.start,
    members.ids,
    entries.start,
    entries.ids,
    hashOrder,
    Buffer.from(nameText.text),
    nameText.starts,
    packNames(names, named),
    listing.step,
    listing.arg,
    listing.cond,
    listing.visibility,
    headings.bytes,
    headings.start,
  ];
}

/** Lay the columns out again. What is in them is not looked at: the sum of the part told that it is what was packed. */
export function unpackProgram(columns: Columns): { program: Program; hashOrder: Int32Array } {
  const [slots = 0, modules = 0] = columns.ints();
  const store = new ExprStore({
    kind: columns.bytes(),
    left: columns.ints(),
    right: columns.ints(),
  });
  const type = columns.bytes();
  const traits = columns.bytes();
  const [dirDep, revDep, implied] = [columns.ints(), columns.ints(), columns.ints()];
  const choice = columns.ints();
  const slot = columns.ints();
  /** Conditions, and up to two columns of values beside them. */
  const table = (values: number): Rows => {
    const start = columns.ints();
    const cond = columns.ints();
    const a = values > 0 ? columns.ints() : cond;
    return { start, cond, a, b: values > 1 ? columns.ints() : cond };
  };
  const prompts = table(0);
  const defaults = table(1);
  const ranges = table(2);
  const choiceIds = columns.ints();
  const groups = (): number[][] => {
    const start = columns.ints();
    const ids = columns.ints();
    return Array.from(choiceIds, (_, i) => [...ids.subarray(start[i], start[i + 1])]);
  };
  const members = groups();
  const entries = groups();
  const choices = Array.from(
    choiceIds,
    (id, i): ChoiceProgram => ({
      id,
      members: members[i] as number[],
      entries: entries[i] as number[],
    }),
  );
  const hashOrder = columns.ints();
  const names = new PackedNames(columns.bytes(), columns.ints(), columns.ints());
  const step = columns.bytes();
  const [arg, cond, visibility] = [columns.ints(), columns.ints(), columns.ints()];
  const headings = { bytes: columns.bytes(), start: columns.ints() };
  const { buffer, byteOffset, length } = headings.bytes;
  const headingBytes = Buffer.from(buffer, byteOffset, length);
  const text = (row: number): string =>
    headingBytes.toString('utf8', headings.start[row], headings.start[row + 1]);
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
    names,
    listing: { step, arg, cond, visibility, text, columns: () => headings },
  });
  return { program, hashOrder };
}
