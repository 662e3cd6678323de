import { Text, textFrom } from './text';

// The columns of a program, as eval/program.ts describes them, and those of its values, as eval/evaluator.ts does: where
// each begins in the memory. `bind` takes them in the order in which batch/bind.ts writes them.
export let kind: usize = 0;
export let left: usize = 0;
export let right: usize = 0;
export let dirDep: usize = 0;
export let revDep: usize = 0;
export let implied: usize = 0;
export let slot: usize = 0;
export let promptStart: usize = 0;
export let promptCond: usize = 0;
export let defaultStart: usize = 0;
export let defaultCond: usize = 0;
export let defaultValue: usize = 0;
export let rangeStart: usize = 0;
export let rangeCond: usize = 0;
export let rangeLow: usize = 0;
export let rangeHigh: usize = 0;
export let choiceIds: usize = 0;
export let memberStart: usize = 0;
export let members: usize = 0;
export let entryStart: usize = 0;
export let entries: usize = 0;
export let hashOrder: usize = 0;
export let names: usize = 0;
export let nameRows: usize = 0;
export let nameTable: usize = 0;
export let steps: usize = 0;
export let stepArgs: usize = 0;
export let headingCond: usize = 0;
export let headingVisibility: usize = 0;
export let headings: usize = 0;
export let headingStart: usize = 0;
export let prefix: usize = 0;

export let expressions: i32 = 0;
export let size: i32 = 0;
export let slots: i32 = 0;
export let choices: i32 = 0;
export let ordered: i32 = 0;
export let nameMask: i32 = 0;
/** Bytes from one row of names to the next, and to its beginning and end within it. */
export let nameStride: i32 = 0;
export let nameBegin: i32 = 0;
export let listed: i32 = 0;
export let prefixLength: usize = 0;
export let modulesId: i32 = 0;

/** Where what is made in the run ends so far, and where there is no more room. */
export let free: usize = 0;
export let limit: usize = 0;

/** A record for each symbol, whose fields are the offsets below. Together, for that is how they are looked at. */
export let symbols: usize = 0;
/** Symbols are so many bits apart. */
export const RECORD_BITS = 4;
export const VALID = 0;
export const TRI = 1;
export const VISIBLE = 2;
export const WRITE = 3;
export const DIR = 4;
export const REV = 5;
export const IMPLY = 6;
export const USER = 7;
export const TEXT_FIELD = 8;
/** A line of the file gave it a value; later, it was written. */
export const MARK = 9;
export const TYPE = 10;
export const TRAITS = 11;
/** The choice it belongs to, or -1. */
export const GROUP = 12;

export let known: usize = 0;
/** Texts by slot. */
export let text: usize = 0;
export let userText: usize = 0;
/** Where the members of each choice lie by priority, and where they end. */
export let orderStart: usize = 0;
export let orderEnd: usize = 0;
/** Texts that stand nowhere else. */
export let noText: Text = 0;
export let zero: Text = 0;
export let hexZero: Text = 0;

/** Why the run cannot be done here; 0 if it can. */
export let failure: i32 = 0;

export const NOT_ASCII = 1;
/** A line of the file is to be warned of. */
export const WARNING = 2;
/** A transitional symbol has a value. */
export const CARRIES = 3;
/** A select forces a symbol against its dependencies. */
export const UNMET = 4;
export const NO_ROOM = 5;

export function fail(reason: i32): void {
  if (failure === 0) failure = reason;
}

/** Bytes of their own, which are zero. Where there is no room, none. */
export function take(bytes: usize): usize {
  const at = (free + 7) & ~7;
  if (at > limit || limit - at < bytes) {
    fail(NO_ROOM);
    return 0;
  }
  free = at + bytes;
  memory.fill(at, 0, bytes);
  return at;
}

/** Say where the order of all symbols is, and how many there are. */
export function setHashOrder(start: usize, count: i32): void {
  hashOrder = start;
  ordered = count;
}

/** Say that what is made ends here. */
export function setFree(end: usize): void {
  free = end;
}

let next: usize = 0;

function word(): usize {
  next += 4;
  return load<usize>(next - 4);
}

/** Take the words at a place; see batch/bind.ts. */
export function bind(words: usize): void {
  next = words;
  free = word();
  limit = word();
  prefix = word();
  prefixLength = word();
  size = word() as i32;
  expressions = word() as i32;
  slots = word() as i32;
  choices = word() as i32;
  ordered = word() as i32;
  listed = word() as i32;
  modulesId = word() as i32;
  nameMask = word() as i32;
  nameStride = word() as i32;
  nameBegin = word() as i32;
  kind = word();
  left = word();
  right = word();
  const type = word();
  const traits = word();
  dirDep = word();
  revDep = word();
  implied = word();
  const choice = word();
  slot = word();
  promptStart = word();
  promptCond = word();
  defaultStart = word();
  defaultCond = word();
  defaultValue = word();
  rangeStart = word();
  rangeCond = word();
  rangeLow = word();
  rangeHigh = word();
  choiceIds = word();
  memberStart = word();
  members = word();
  entryStart = word();
  entries = word();
  hashOrder = word();
  names = word();
  nameRows = word();
  nameTable = word();
  steps = word();
  stepArgs = word();
  headingCond = word();
  headingVisibility = word();
  headings = word();
  headingStart = word();
  takeValues();
  if (failure === 0) setSymbols(type, traits, choice);
}

/** What never changes of the records. */
function setSymbols(type: usize, traits: usize, choice: usize): void {
  for (let id: usize = 0; id < (size as usize); id++) {
    const at = symbols + (id << RECORD_BITS);
    store<u8>(at, load<u8>(type + id), TYPE);
    store<u8>(at, load<u8>(traits + id), TRAITS);
    store<i32>(at, load<i32>(choice + (id << 2)), GROUP);
  }
}

/** The record of a symbol. */
export function symbol(id: i32): usize {
  return symbols + ((id as usize) << RECORD_BITS);
}

/** The columns of values. */
function takeValues(): void {
  failure = 0;
  symbols = take((size as usize) << RECORD_BITS);
  known = take(expressions);
  text = take(slots * 8);
  userText = take(slots * 8);
  orderStart = take(choices * 4);
  orderEnd = take(choices * 4);
  if (failure !== 0) return;
  noText = constant(0x296c6c756e28, 6); // (null)
  zero = constant(0x30, 1);
  hexZero = constant(0x307830, 3);
}

/** A text of up to 8 bytes, given as a number. */
function constant(bytes: u64, length: usize): Text {
  const at = take(8);
  if (failure === 0) store<u64>(at, bytes);
  return textFrom(at, at + length);
}
