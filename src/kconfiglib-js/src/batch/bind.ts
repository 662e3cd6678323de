import { grouped, type Program } from '../eval/program.ts';
import { ERA } from '../menu/era.ts';

/** What is resolved: a program, and the order in which `conf` goes through all symbols, if that is known. */
export interface BatchProgram {
  program: Program;
  hashOrder?: Int32Array;
}

/** Words that {@link wordsOf} gives. */
export const WORDS = 64;
/** Where among them stands what names begin with, and how long it is. */
export const PREFIX = 2;

/** Can a configuration of this program be resolved in WebAssembly: names are ASCII, and the program is one of today. */
export function isBatchable({ names, listing, classic, era }: Program): boolean {
  return (
    !classic && era === ERA.NOW && names.columns?.() !== undefined && listing.columns !== undefined
  );
}

/**
 * Where everything lies in the memory, in the order in which `bind` of batch/wasm/state.ts takes it. `place` says where a
 * column is put. The first words are left to the caller: where the free memory begins and ends, and what names begin with.
 */
export function wordsOf(
  { program, hashOrder }: BatchProgram,
  place: (column: Uint8Array | Int32Array) => number,
): Int32Array {
  const { store, listing, choices, prompts, defaults, ranges } = program;
  const names = program.names.columns?.();
  const headings = listing.columns?.();
  if (!names || !headings) throw new Error('this program cannot be resolved in a batch');
  const members = grouped(choices, 'members');
  const entries = grouped(choices, 'entries');
  return Int32Array.of(
    0,
    0,
    0,
    0,
    program.size,
    store.count,
    program.slots,
    choices.length,
    hashOrder?.length ?? 0,
    listing.step.length,
    program.modules,
    names.table.length - 1,
    names.stride * 4,
    names.begin * 4,
    place(store.kind.subarray(0, store.count)),
    place(store.left.subarray(0, store.count)),
    place(store.right.subarray(0, store.count)),
    place(program.type),
    place(program.traits),
    place(program.dirDep),
    place(program.revDep),
    place(program.implied),
    place(program.choice),
    place(program.slot),
    place(prompts.start),
    place(prompts.cond),
    place(defaults.start),
    place(defaults.cond),
    place(defaults.a),
    place(ranges.start),
    place(ranges.cond),
    place(ranges.a),
    place(ranges.b),
    place(Int32Array.from(choices, ({ id }) => id)),
    place(members.start),
    place(members.ids),
    place(entries.start),
    place(entries.ids),
    hashOrder ? place(hashOrder) : 0,
    place(names.bytes),
    place(names.rows),
    place(names.table),
    place(listing.step),
    place(listing.arg),
    place(listing.cond),
    place(listing.visibility),
    place(headings.bytes),
    place(headings.start),
  );
}
