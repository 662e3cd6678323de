import type { Config } from '../eval/config.ts';
import { isTristateType } from '../menu/views.ts';
import type { Encoder, Step } from './encoder.ts';
import type { Lit } from './sat/solver.ts';

/** What is asked for. */
export interface Goal {
  readonly id: number;
  readonly value: string;
  /** Symbols whose values must stay. */
  readonly keep: readonly number[];
}

/** Define a symbol and return the literals that say it has this value. */
export function valueIs(enc: Encoder, id: number, value: string): Lit[] {
  if (isTristateType(enc.program.type[id] as number)) {
    enc.define(id);
    const m = enc.atLeastM(id);
    const y = enc.isY(id);
    return value === 'y' ? [y] : value === 'm' ? [m, y ^ 1] : [m ^ 1];
  }
  enc.wantedText.set(id, value);
  const { texts, lits } = enc.options(id);
  return [lits[texts.indexOf(value)] ?? enc.gates.false];
}

/** A copy of the configuration with the steps taken. */
export function taken(config: Config, steps: readonly Step[]): Config {
  const fork = config.fork();
  for (const { id, to } of steps) {
    if (to === undefined) fork.unset(fork.evaluator.program.names.nameOf(id));
    else fork.store(id, to);
  }
  return fork;
}

/** Does a configuration have what is asked for. */
export function reached(goal: Goal, before: Config, after: Config): boolean {
  return (
    after.valueOf(goal.id) === goal.value &&
    goal.keep.every((id) => after.valueOf(id) === before.valueOf(id))
  );
}
