import type { ChoiceProgram } from '../eval/program.ts';
import { MOD, NO, YES } from '../expr/store.ts';
import { nextNode, TYPE } from '../menu/model.ts';
import { isTristateType } from '../menu/views.ts';
import { Exit, type Io } from './io.ts';
import { glibcRandom } from './rand.ts';
import type { Session } from './session.ts';

/** Percentages: y of a bool, y of a tristate, m of a tristate. */
interface Odds {
  bool: number;
  yes: number;
  mod: number;
}

/** The seed of a random configuration: KCONFIG_SEED if it is a number, else from the clock. Prints it. */
export function chooseSeed(io: Io): number {
  const given = io.env.KCONFIG_SEED ?? '';
  const match = /^[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/.exec(given);
  let seed = (Date.now() * 1000) >>> 0;
  if (match) {
    const digits = match[2] as string;
    const octal = /^0[0-7]+$/.test(digits);
    const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
    seed = Number(BigInt.asUintN(32, match[1] === '-' ? -value : value));
  }
  io.stdout(`KCONFIG_SEED=0x${seed.toString(16).toUpperCase()}\n`);
  return seed;
}

/** Give every bool and tristate without a user value a random one, and every choice a random order. */
export function randomize(session: Session, seed: number): void {
  const odds = readOdds(session.io);
  const random = glibcRandom(seed);
  const { evaluator, kconfig } = session.config;
  const { root } = kconfig.tree;
  for (let node = nextNode(root, root); node; node = nextNode(node, root)) {
    const sym = node.sym;
    if (!sym || !node.prompt || !isTristateType(sym.type) || sym.inChoice || sym.constant) continue;
    if (sym.isChoice) {
      const index = evaluator.program.choices.findIndex((choice) => choice.id === sym.id);
      randomizeChoice(session, evaluator.program.choices[index] as ChoiceProgram, index, random);
      continue;
    }
    if (evaluator.user[sym.id] !== 0) continue;
    const roll = random() % 100;
    let value = NO as number;
    if (sym.type === TYPE.TRISTATE) {
      if (roll < odds.yes) value = YES;
      else if (roll < odds.yes + odds.mod) value = MOD;
    } else if (roll < odds.bool) value = YES;
    evaluator.user[sym.id] = value + 1;
  }
  session.invalidate();
}

/** Members are drawn one after the other; the first drawn has precedence, after those the user has set. */
function randomizeChoice(
  session: Session,
  choice: ChoiceProgram,
  index: number,
  random: () => number,
): void {
  const { user, order } = session.config.evaluator;
  const free = (): number[] => choice.entries.filter((id) => user[id] === 0);
  for (let count = free().length; count > 0; count--) {
    const drawn = free()[random() % count] as number;
    user[drawn] = YES + 1;
    order[index] = [...(order[index] as readonly number[]).filter((id) => id !== drawn), drawn];
  }
}

/** KCONFIG_PROBABILITY: `y`, `y:m` for tristates, or `bool:y:m`. */
function readOdds(io: Io): Odds {
  let rest = io.env.KCONFIG_PROBABILITY ?? '';
  const given: number[] = [];
  while (rest !== '' && given.length < 3) {
    const match = /^[ \t\n\v\f\r]*[+-]?[0-9]+/.exec(rest);
    const value = match ? Number(match[0]) : 0;
    if (value < 0 || value > 100) outOfRange(io);
    given.push(value);
    rest = rest.slice(match?.[0].length ?? 0).replace(/^:/, '');
  }
  const [a = 0, b = 0, c = 0] = given;
  let odds: Odds = { bool: 50, yes: 33, mod: 33 };
  if (given.length === 1) odds = { bool: a, yes: a - Math.trunc(a / 2), mod: Math.trunc(a / 2) };
  else if (given.length === 2) odds = { bool: a + b, yes: a, mod: b };
  else if (given.length === 3) odds = { bool: a, yes: b, mod: c };
  if (odds.yes + odds.mod > 100) outOfRange(io);
  return odds;
}

function outOfRange(io: Io): never {
  io.stderr('KCONFIG_PROBABILITY: Numerical result out of range\n');
  throw new Exit(1);
}
