import type { ChoiceProgram } from '../eval/program.ts';
import { NO, YES } from '../expr/store.ts';
import { visibility } from './encode-tristate.ts';
import type { Encoder } from './encoder.ts';
import type { Lit } from './sat/solver.ts';

/**
 * Define the members of a choice, and return them. A user's decision is to pick one visible member, now and with
 * precedence; whatever else can be done by user values has no other results. Without a pick the rules of selection
 * work on the present user values.
 */
export function encodeChoice(enc: Encoder, index: number): readonly number[] {
  const { gates, program, evaluator } = enc;
  const choice = program.choices[index] as ChoiceProgram;
  const entries = [...new Set(choice.entries)];
  if (entries.some((id) => program.choice[id] !== index))
    enc.doubts.add('a choice with an automatic submenu');
  const shown = new Map<number, Lit>();
  for (const id of entries) shown.set(id, visibility(enc, id)[0]);
  const visible = (id: number): Lit => shown.get(id) ?? gates.false;

  const picks = new Map<number, Lit>();
  for (const id of entries) {
    const pick = gates.decision(false);
    gates.solver.addClause([pick ^ 1, visible(id)]);
    picks.set(id, pick);
    enc.decide({ id, changed: pick, step: () => ({ id, to: 'y' }) });
  }
  gates.atMostOne([...picks.values()]);

  const chosen = new Map<number, Lit[]>(entries.map((id) => [id, [picks.get(id) as Lit]]));
  /** What must hold for the next rule to apply: nothing was chosen before. */
  let open = gates.and([...picks.values()].map((l) => l ^ 1));
  const take = (id: number, when: Lit): void => {
    chosen.get(id)?.push(when);
  };
  const first = (ids: readonly number[]): void => {
    for (const id of ids) {
      take(id, gates.and([open, visible(id)]));
      open = gates.and([open, visible(id) ^ 1]);
    }
  };

  const order = evaluator.order[index] as readonly number[];
  first(order.filter((id) => evaluator.user[id] === YES + 1));
  open = byDefault(enc, choice, entries, visible, open, take);
  first(entries.filter((id) => evaluator.user[id] === 0));
  first(order.toReversed());

  enc.equate(
    entries[0] ?? choice.id,
    'both',
    entries.map((id) => [enc.isY(id), gates.or(chosen.get(id) as Lit[])]),
  );
  return entries;
}

/** The default member, unless it is set to n and may refuse. Returns when nothing was chosen by it. */
export function byDefault(
  enc: Encoder,
  choice: ChoiceProgram,
  entries: readonly number[],
  visible: (id: number) => Lit,
  before: Lit,
  take: (id: number, when: Lit) => void,
  mayRefuse = true,
): Lit {
  const { gates, program, evaluator } = enc;
  const { start, cond } = program.defaults;
  let undecided = gates.true;
  const refused: Lit[] = [];
  const consider = (id: number, when: Lit): void => {
    const here = gates.and([undecided, when, visible(id)]);
    undecided = gates.and([undecided, gates.and([when, visible(id)]) ^ 1]);
    if (mayRefuse && evaluator.user[id] === NO + 1) refused.push(here);
    else take(id, gates.and([before, here]));
  };
  for (let row = start[choice.id] as number; row < (start[choice.id + 1] as number); row++) {
    const id = evaluator.defaultSource(row);
    if (id >= 0) consider(id, enc.exprM(cond[row] as number));
  }
  for (const id of entries) consider(id, gates.true);
  return gates.and([before, gates.or([undecided, ...refused])]);
}
