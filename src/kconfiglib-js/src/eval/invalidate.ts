import { YES } from '../expr/store.ts';
import type { Evaluator } from './evaluator.ts';
import { type ChoiceProgram, type Program, TRAIT } from './program.ts';

/** What is to be looked at yet. Kept, for who edits a configuration invalidates on every key. */
let stack = new Int32Array(256);
let top = 0;

function push(node: number): void {
  if (top === stack.length) {
    const larger = new Int32Array(stack.length * 2);
    larger.set(stack);
    stack = larger;
  }
  stack[top++] = node;
}

/**
 * Forget the values that may depend on a symbol: below `size` a node is a symbol, else an expression. A change of the
 * modules symbol changes the meaning of all.
 */
export function invalidateFrom(ev: Evaluator, id: number): void {
  const { program, known, valid, visible } = ev;
  const { dependents, size, choice } = program;
  const { start, users } = dependents;
  top = 0;
  push(id);
  // A member can be invalid while the others are valid; its user value concerns them all the same.
  if (choice[id] !== -1) valid[id] = 1;
  while (top > 0) {
    const v = stack[--top] as number;
    if (v >= size) {
      if (known[v - size] === 0) continue;
      known[v - size] = 0;
    } else {
      if (v <= YES) continue;
      pushChoice(ev, v);
      if (valid[v] === 0) continue;
      valid[v] = 0;
      visible[v] = 0;
      if (v === program.modules) {
        ev.invalidateAll();
        return;
      }
    }
    const end = start[v + 1] as number;
    for (let i = start[v] as number; i < end; i++) push(users[i] as number);
  }
}

/** A choice and its members concern each other. */
function pushChoice({ program, valid }: Evaluator, v: number): void {
  const choice = program.choice[v] as number;
  if (choice < 0 && ((program.traits[v] as number) & TRAIT.CHOICE) === 0) return;
  for (const member of groupOf(program, v, choice))
    if (member !== v && valid[member] !== 0) push(member);
  // A classic choice has a value of its own, which follows from what its members were set to.
  const owner = choice >= 0 ? (program.choices[choice] as ChoiceProgram).id : v;
  if (owner !== v && valid[owner] !== 0) push(owner);
}

function groupOf(program: Program, v: number, choice: number): readonly number[] {
  if (choice >= 0) return (program.choices[choice] as ChoiceProgram).entries;
  return program.choices.find((c) => c.id === v)?.entries ?? [];
}

/** The longest list of ids that was asked for: comparing configurations asks on every key of whoever edits one. */
let ids = new Int32Array(0);

/** All ids below `size`, in order. */
export function inOrder(size: number): Int32Array {
  if (ids.length < size) ids = new Int32Array(size).map((_, id) => id);
  return ids.subarray(0, size);
}
