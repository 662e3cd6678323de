import type { Config } from '../eval/config.ts';
import { TYPE } from '../menu/model.ts';
import { Encoder, type Rule } from './encoder.ts';
import { type Goal, valueIs } from './goal.ts';
import { obstacleOf } from './obstacle.ts';
import type { Obstacle, Plan } from './plan.ts';
import { SLICE } from './planner.ts';
import type { Lit } from './sat/solver.ts';

/**
 * The statements that together exclude what is asked for. Every definition gets a literal by which it can be left out;
 * of those that take part in the contradiction, one after the other is left out for good as long as it remains one.
 */
export function* findCore(
  config: Config,
  goal: Goal,
  defined: ReadonlySet<number>,
  budget: number,
): Generator<void, Plan> {
  const enc = new Encoder(config, true);
  const { solver } = enc.gates;
  solver.workLimit = budget;
  for (const l of valueIs(enc, goal.id, goal.value)) solver.addClause([l]);
  const kept = new Map<Lit, number>();
  for (const id of goal.keep) {
    const held = enc.gates.free(true);
    kept.set(held, id);
    for (const l of valueIs(enc, id, config.valueOf(id))) solver.addClause([held ^ 1, l]);
  }
  // A text symbol comes with those that mention it.
  for (const id of defined) if ((enc.program.type[id] as number) < TYPE.INT) enc.define(id);

  const rules = new Map<Lit, Rule>(enc.rules.map((rule) => [rule.guard, rule]));
  let core: Lit[] = [...kept.keys(), ...rules.keys()];
  let minimal = (yield* solver.solving(core, SLICE)) === false;
  if (minimal) core = solver.core;
  // The furthest first, so that what remains is near the wanted symbol.
  for (const l of minimal ? core.toSorted((a, b) => b - a) : []) {
    if (!core.includes(l)) continue;
    const rest = core.filter((other) => other !== l);
    const solved = yield* solver.solving(rest, SLICE);
    if (solved === false) core = solver.core;
    else if (solved === undefined) {
      minimal = false;
      break;
    }
  }
  const obstacles: Obstacle[] = [];
  for (const [l, id] of kept) {
    if (!core.includes(l)) continue;
    const symbol = enc.program.names.nameOf(id);
    obstacles.push({ symbol, text: `you keep ${symbol}=${config.valueOf(id)}` });
  }
  // In the order in which the search came upon them: from the wanted symbol outwards.
  for (const [l, rule] of rules) if (core.includes(l)) obstacles.push(obstacleOf(enc, rule));
  return { possible: false, core: obstacles, minimal };
}
