import { type ChoiceProgram, TRAIT } from '../eval/program.ts';
import { operands, symbolsOf } from '../expr/query.ts';
import { E, type Expr, MOD, YES } from '../expr/store.ts';
import { TYPE } from '../menu/model.ts';
import { byDefault } from './encode-choice.ts';
import { defaults, visibility } from './encode-tristate.ts';
import type { Encoder } from './encoder.ts';
import type { Lit } from './sat/solver.ts';

/** A tristate as literals: at least m, and y. */
type Pair = readonly [m: Lit, y: Lit];

/** What a user decides about a member. */
interface Member {
  readonly id: number;
  readonly set: Lit;
  readonly m: Lit;
  readonly y: Lit;
  /** Set to y now, and so before all others. */
  readonly pick: Lit;
  readonly changed: Lit;
  /** Available if the choice is y. */
  readonly offered: Lit;
}

/** Is the symbol a choice as up to Linux 6.10, or a member of one. */
export function isClassic(enc: Encoder, id: number): boolean {
  return ((enc.program.traits[id] as number) & TRAIT.CLASSIC) !== 0;
}

/**
 * Define a choice as up to Linux 6.10 and its members, and return them all. The choice is what its members are set to,
 * at most what its prompt allows and, unless it is optional, at least m. With y one member is y: the one set to y last
 * if it is available, else the default. With m every member has its own value.
 */
export function encodeClassic(enc: Encoder, index: number): readonly number[] {
  const { gates, program } = enc;
  const choice = program.choices[index] as ChoiceProgram;
  const ids = [...new Set(choice.members)];
  const members = ids.map((id) => decisionOf(enc, id, choice.id));
  gates.atMostOne(members.map(({ pick }) => pick));
  const wanted = modeOf(enc, choice.id, members);
  const any = gates.or(members.map(({ offered }) => offered));
  const mode: Pair = [
    gates.and([wanted[0], gates.or([wanted[1] ^ 1, any])]),
    gates.and([wanted[1], any]),
  ];
  const chosen = chosenOf(enc, choice, index, members);
  const pairs: [Lit, Lit][] = [
    [enc.atLeastM(choice.id), mode[0]],
    [enc.isY(choice.id), mode[1]],
  ];
  for (const member of members) {
    const [m, y] = valueOfMember(enc, member, enc.isY(choice.id), chosen.get(member.id) as Lit);
    pairs.push([enc.atLeastM(member.id), m], [enc.isY(member.id), y]);
  }
  enc.equate(ids[0] ?? choice.id, 'both', pairs);
  return [...ids, choice.id];
}

function decisionOf(enc: Encoder, id: number, choice: number): Member {
  const { gates, evaluator, program } = enc;
  const { solver } = gates;
  const tristate = program.type[id] === TYPE.TRISTATE;
  const user = evaluator.user[id] as number;
  const now = user - 1 === MOD && !tristate ? YES : user - 1;
  const offered = offeredWith(enc, id, choice);
  if (!enc.assignable(id)) {
    const [set, m, y] = [user !== 0, now >= MOD, now === YES].map((on) =>
      on ? gates.true : gates.false,
    ) as [Lit, Lit, Lit];
    return { id, set, m, y, pick: gates.false, changed: gates.false, offered };
  }
  const set = gates.decision(user !== 0);
  const y = gates.decision(now === YES);
  const m = tristate ? gates.decision(now >= MOD) : y;
  const pick = gates.decision(false);
  solver.addClause([y ^ 1, m]);
  solver.addClause([m ^ 1, set]);
  solver.addClause([pick ^ 1, y]);
  // In a bool choice an m is as good as a y, and reads worse.
  if (program.type[choice] !== TYPE.TRISTATE && now !== MOD) solver.addClause([m ^ 1, y]);
  // Whatever is set to y anew is set last.
  if (now !== YES) solver.addClause([y ^ 1, pick]);
  const same =
    user === 0 ? set ^ 1 : gates.and([set, now >= MOD ? m : m ^ 1, now === YES ? y : y ^ 1]);
  const changed = gates.or([same ^ 1, pick]);
  enc.decide({
    id,
    changed,
    step: () => ({
      id,
      to: !solver.holds(set) ? undefined : solver.holds(y) ? 'y' : solver.holds(m) ? 'm' : 'n',
    }),
  });
  return { id, set, m, y, pick, changed, offered };
}

/** Can the member be had where the choice is y: its conditions without those on the choice. */
function offeredWith(enc: Encoder, id: number, choice: number): Lit {
  const { gates, program } = enc;
  const { store, prompts, type } = program;
  const own = (e: Expr): boolean =>
    store.left[e] === choice &&
    (store.kind[e] === E.SYMBOL || (store.kind[e] === E.EQUAL && store.right[e] === YES));
  const ms: Lit[] = [];
  const ys: Lit[] = [];
  for (let row = prompts.start[id] as number; row < (prompts.start[id + 1] as number); row++) {
    const cond = prompts.cond[row] as number;
    const rest = cond === 0 ? [] : operands(store, cond, E.AND).filter((e) => !own(e));
    if (rest.some((e) => [...symbolsOf(store, e)].includes(choice)))
      enc.doubts.add('a member depends on its choice in an unusual way');
    ms.push(gates.and(rest.map((e) => enc.exprM(e))));
    ys.push(gates.and(rest.map((e) => enc.exprY(e))));
  }
  const m = gates.or(ms);
  if (type[id] !== TYPE.TRISTATE) return m;
  return gates.choose(enc.modules(id), gates.or(ys), m);
}

/** The value of the choice before it is known whether any member is available. */
function modeOf(enc: Encoder, id: number, members: readonly Member[]): Pair {
  const { gates, program, evaluator } = enc;
  const user = evaluator.user[id] as number;
  const given = user - 1;
  const voided = gates.or(members.map(({ changed, m }) => gates.and([changed, m])));
  const held = user === 0 ? gates.false : voided ^ 1;
  const fixed = (on: boolean): Lit => (on ? gates.true : gates.false);
  const set = gates.choose(held, gates.true, gates.or(members.map((member) => member.set)));
  const m = gates.choose(held, fixed(given >= MOD), gates.or(members.map((member) => member.m)));
  const y = gates.choose(held, fixed(given === YES), gates.or(members.map((member) => member.y)));
  const visible = rounded(enc, id, visibility(enc, id));
  const rev = program.revDep[id] as number;
  const least: Pair =
    rev === 0 ? [gates.false, gates.false] : rounded(enc, id, [enc.exprM(rev), enc.exprY(rev)]);
  const counts = gates.and([set, visible[0]]);
  return rounded(enc, id, [
    gates.or([gates.and([counts, m]), least[0]]),
    gates.or([gates.and([counts, y, visible[1]]), least[1]]),
  ]);
}

/** Which member is the one that is y, if the choice is y. */
function chosenOf(
  enc: Encoder,
  choice: ChoiceProgram,
  index: number,
  members: readonly Member[],
): Map<number, Lit> {
  const { gates, evaluator } = enc;
  const of = new Map(members.map((member) => [member.id, member]));
  const taken = new Map<number, Lit[]>(members.map(({ id }) => [id, []]));
  let first = gates.and(members.map(({ pick }) => pick ^ 1));
  const wanted: Lit[] = [];
  const want = (member: Member, when: Lit): void => {
    const here = gates.and([when, member.offered]);
    taken.get(member.id)?.push(here);
    wanted.push(here);
  };
  for (const member of members) want(member, member.pick);
  for (const id of evaluator.order[index] as readonly number[]) {
    const member = of.get(id);
    if (!member || evaluator.user[id] !== YES + 1) continue;
    want(member, gates.and([first, member.y]));
    first = gates.and([first, member.y ^ 1]);
  }
  const open = gates.or(wanted) ^ 1;
  const offered = (id: number): Lit => of.get(id)?.offered ?? gates.false;
  const entries = members.map(({ id }) => id);
  byDefault(enc, choice, entries, offered, open, (id, when) => taken.get(id)?.push(when), false);
  return new Map([...taken].map(([id, lits]) => [id, gates.or(lits)]));
}

function valueOfMember(enc: Encoder, member: Member, isY: Lit, chosen: Lit): Pair {
  const { gates, program } = enc;
  const { id } = member;
  const visible = rounded(enc, id, visibility(enc, id));
  const tristate = program.type[id] === TYPE.TRISTATE;
  const hidden = tristate ? gates.and([isY, visible[1] ^ 1]) : gates.false;
  const shown: Pair = [gates.and([visible[0], hidden ^ 1]), visible[1]];
  const given = defaults(enc, id);
  const counts = gates.and([member.set, shown[0]]);
  const alone = rounded(enc, id, [
    gates.choose(counts, member.m, given[0]),
    gates.choose(counts, gates.and([member.y, shown[1]]), given[1]),
  ]);
  const oneOf = gates.and([isY, shown[1]]);
  return [gates.choose(oneOf, chosen, alone[0]), gates.choose(oneOf, chosen, alone[1])];
}

/** With m counted as y for a bool, and where there are no modules. */
function rounded(enc: Encoder, id: number, [m, y]: Pair): Pair {
  if (enc.program.type[id] !== TYPE.TRISTATE) return [m, m];
  const { gates } = enc;
  return [m, gates.or([y, gates.and([m, enc.modules(id) ^ 1])])];
}
