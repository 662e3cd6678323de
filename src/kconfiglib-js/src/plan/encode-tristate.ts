import { TRAIT } from '../eval/program.ts';
import type { Expr } from '../expr/store.ts';
import { MOD, YES } from '../expr/store.ts';
import { ERA } from '../menu/era.ts';
import { TYPE } from '../menu/model.ts';
import type { Encoder } from './encoder.ts';
import type { Lit } from './sat/solver.ts';

/** A tristate as literals: at least m, and y. */
type Pair = readonly [m: Lit, y: Lit];

/** Define a bool or tristate that is no member of a choice. */
export function encodeTristate(enc: Encoder, id: number): void {
  const { gates, program, evaluator } = enc;
  const traits = program.traits[id] as number;
  const tristate = program.type[id] === TYPE.TRISTATE;
  const modules = tristate ? enc.modules(id) : gates.false;
  /** m counts as y for a bool. */
  const rounded = ([m, y]: Pair): Pair =>
    tristate ? [m, gates.or([y, gates.and([m, modules ^ 1])])] : [m, m];
  const value = (e: Expr): Pair => [enc.exprM(e), enc.exprY(e)];

  const visible = rounded(visibility(enc, id));
  const loose = (traits & (TRAIT.IN_CHOICE | TRAIT.TRANSITIONAL)) !== 0;
  const none: Pair = [gates.false, gates.false];
  const dir = loose ? none : rounded(value(program.dirDep[id] as number));
  const rev =
    loose || program.revDep[id] === 0 ? none : rounded(value(program.revDep[id] as number));
  const implied =
    loose || program.implied[id] === 0 ? none : rounded(value(program.implied[id] as number));
  const old = program.era <= ERA.V5_6;
  const imply: Pair = old
    ? [gates.and([implied[0], dir[0]]), gates.and([implied[1], dir[0]])]
    : implied;

  let own: Pair = none;
  if (!(traits & TRAIT.CHOICE)) {
    const given = defaults(enc, id);
    own = old
      ? [gates.or([given[0], imply[0]]), gates.or([given[1], imply[1]])]
      : [
          gates.choose(imply[0], dir[0], given[0]),
          gates.choose(imply[0], gates.and([gates.or([given[1], imply[1]]), dir[1]]), given[1]),
        ];
  }
  if (traits & TRAIT.TRANSITIONAL) {
    // What a configuration says of the past is not to be rewritten: it stays as it is.
    const user = evaluator.user[id] as number;
    if (user !== 0) own = [bit(enc, user - 1 >= MOD), bit(enc, user - 1 === YES)];
  } else if (enc.assignable(id)) {
    const [set, m, y] = userValue(enc, id, tristate);
    const counts = gates.and([set, visible[0]]);
    own = [
      gates.choose(counts, m, own[0]),
      gates.choose(counts, gates.and([y, visible[1]]), own[1]),
    ];
  }
  const m = gates.or([own[0], rev[0]]);
  const raised = old ? gates.and([m, imply[1]]) : gates.false;
  const final = rounded([m, gates.or([own[1], rev[1], raised])]);
  const pairs: [Lit, Lit][] = [[enc.atLeastM(id), final[0]]];
  if (tristate) pairs.push([enc.isY(id), final[1]]);
  enc.equate(id, 'each', pairs);
}

/** The visibility of the prompts, m not yet counted as y. */
export function visibility(enc: Encoder, id: number): Pair {
  const { start, cond } = enc.program.prompts;
  const rows = Array.from(cond.subarray(start[id] as number, start[id + 1] as number));
  return [enc.gates.or(rows.map((e) => enc.exprM(e))), enc.gates.or(rows.map((e) => enc.exprY(e)))];
}

/** The first default whose condition holds, as far as the condition allows. */
export function defaults(enc: Encoder, id: number): Pair {
  const { gates } = enc;
  const { start, cond, a } = enc.program.defaults;
  const ms: Lit[] = [];
  const ys: Lit[] = [];
  const earlier: Lit[] = [];
  for (let row = start[id] as number; row < (start[id + 1] as number); row++) {
    const e = cond[row] as number;
    const here = gates.and([...earlier, enc.exprM(e)]);
    if (here === gates.false) continue;
    ms.push(gates.and([here, enc.exprM(a[row] as number)]));
    ys.push(gates.and([here, enc.exprY(a[row] as number), enc.exprY(e)]));
    earlier.push(enc.exprM(e) ^ 1);
  }
  return [gates.or(ms), gates.or(ys)];
}

/** The user value as a decision: is there one, is it at least m, is it y. */
function userValue(enc: Encoder, id: number, tristate: boolean): [set: Lit, m: Lit, y: Lit] {
  const { gates } = enc;
  const { solver } = gates;
  const user = enc.evaluator.user[id] as number;
  // allmodconfig sets bools to m, which counts as y.
  const now = user - 1 === MOD && !tristate ? YES : user - 1;
  const set = gates.decision(user !== 0);
  const y = gates.decision(now === YES);
  const m = tristate ? gates.decision(now >= MOD) : y;
  solver.addClause([y ^ 1, m]);
  solver.addClause([m ^ 1, set]);
  const same =
    user === 0 ? set ^ 1 : gates.and([set, now >= MOD ? m : m ^ 1, now === YES ? y : y ^ 1]);
  enc.decide({
    id,
    changed: same ^ 1,
    step: () => ({
      id,
      to: !solver.holds(set) ? undefined : solver.holds(y) ? 'y' : solver.holds(m) ? 'm' : 'n',
    }),
  });
  return [set, m, y];
}

function bit(enc: Encoder, value: boolean): Lit {
  return value ? enc.gates.true : enc.gates.false;
}
