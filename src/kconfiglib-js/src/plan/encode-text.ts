import { TRAIT } from '../eval/program.ts';
import { emptyText, leadingNumber, numberText } from '../eval/text-value.ts';
import { ERA } from '../menu/era.ts';
import { TYPE } from '../menu/model.ts';
import { Domains } from './domain.ts';
import { visibility } from './encode-tristate.ts';
import type { Encoder } from './encoder.ts';
import type { Gates } from './gates.ts';
import type { Lit } from './sat/solver.ts';

/** The texts a symbol may have; exactly one of the literals holds. */
export interface Options {
  readonly texts: readonly string[];
  readonly lits: readonly Lit[];
}

const domains = new WeakMap<object, Domains>();

/** Note where the values tried may not be all that matter. */
export function doubtRelation(enc: Encoder, a: number, b: number): void {
  if (!domainsOf(enc).related(a, b)) return;
  const { names } = enc.program;
  enc.doubts.add(`not all values of ${names.nameOf(a)} and ${names.nameOf(b)} can be tried`);
}

function domainsOf(enc: Encoder): Domains {
  let found = domains.get(enc.program);
  if (!found) {
    found = new Domains(enc.program);
    domains.set(enc.program, found);
  }
  return found;
}

/** Collects under which conditions each text is the value. */
class Cases {
  readonly #gates: Gates;
  readonly #when = new Map<string, Lit[]>();

  constructor(gates: Gates) {
    this.#gates = gates;
  }

  add(text: string, ...conditions: Lit[]): void {
    const when = this.#gates.and(conditions);
    if (when === this.#gates.false) return;
    const known = this.#when.get(text);
    if (known) known.push(when);
    else this.#when.set(text, [when]);
  }

  options(): Options {
    return {
      texts: [...this.#when.keys()],
      lits: [...this.#when.values()].map((lits) => this.#gates.or(lits)),
    };
  }
}

/** Define an int, hex or string: the user value or the default, held within the range. */
export function encodeText(enc: Encoder, id: number): Options {
  const { gates, program } = enc;
  const type = program.type[id] as number;
  let open = gates.true;
  const before = new Cases(gates);
  if ((program.traits[id] as number) & TRAIT.TRANSITIONAL) {
    if (enc.evaluator.user[id] !== 0) {
      before.add(enc.evaluator.userText[program.slot[id] as number] as string, open);
      open = gates.false;
    }
  } else if (enc.assignable(id)) {
    const user = userText(enc, id);
    const counts = gates.and([user.set, visibility(enc, id)[0]]);
    for (const [i, text] of user.texts.entries()) before.add(text, counts, user.lits[i] as Lit);
    open = counts ^ 1;
  }
  const { start, cond } = program.defaults;
  for (let row = start[id] as number; row < (start[id + 1] as number); row++) {
    const source = enc.evaluator.defaultSource(row);
    const here = gates.and([open, enc.exprM(cond[row] as number)]);
    open = gates.and([open, enc.exprM(cond[row] as number) ^ 1]);
    if (here === gates.false) continue;
    const from =
      source < 0
        ? { texts: [emptyText(type, program.era)], lits: [gates.true] }
        : enc.copied(source);
    for (const [i, text] of from.texts.entries()) before.add(text, here, from.lits[i] as Lit);
  }
  before.add(emptyText(type, program.era), open);
  const given = before.options();
  const clamped = type === TYPE.STRING ? given : clamp(enc, id, given);
  return named(enc, id, clamped);
}

/** Literals of their own for the texts, so that the definition can be left out as a whole. */
function named(enc: Encoder, id: number, given: Options): Options {
  const { gates } = enc;
  const now = enc.config.valueOf(id);
  const wanted = enc.wantedText.get(id);
  // What is wanted needs a literal even where nothing gives it, for it to be said what stands against it.
  const out = wanted === undefined || given.texts.includes(wanted) ? [] : [wanted];
  const texts = [...given.texts, ...out];
  const lits = texts.map((text) => gates.free(text === now));
  gates.atMostOne(lits);
  enc.equate(
    id,
    'both',
    lits.map((l, i) => [l, given.lits[i] ?? gates.false]),
  );
  return { texts, lits };
}

/** Hold a number within the first range that applies; the text of the bound is taken over, up to 5.6 its number. */
function clamp(enc: Encoder, id: number, given: Options): Options {
  const { gates, program } = enc;
  const base = program.type[id] === TYPE.INT ? 10 : 16;
  const { start, cond, a, b } = program.ranges;
  const after = new Cases(gates);
  const baseOf = (bound: number): 10 | 16 => {
    const type = program.type[bound];
    return type === TYPE.INT ? 10 : type === TYPE.HEX ? 16 : base;
  };
  const held = (text: string, bound: number): string =>
    program.era > ERA.V5_6 ? text : numberText(leadingNumber(text, baseOf(bound)), base);
  let open = gates.true;
  for (let row = start[id] as number; row < (start[id + 1] as number); row++) {
    const here = gates.and([open, enc.exprM(cond[row] as number)]);
    open = gates.and([open, enc.exprM(cond[row] as number) ^ 1]);
    if (here === gates.false) continue;
    const [low, high] = [a[row] as number, b[row] as number];
    for (const bound of [low, high]) if (enc.assignable(id)) doubtRelation(enc, id, bound);
    const [lows, highs] = [enc.copied(low), enc.copied(high)];
    for (const [i, text] of given.texts.entries()) {
      const value = leadingNumber(text, base);
      for (const [j, least] of lows.texts.entries()) {
        const when = [here, given.lits[i] as Lit, lows.lits[j] as Lit];
        if (value < leadingNumber(least, baseOf(low))) {
          after.add(held(least, low), ...when);
          continue;
        }
        for (const [k, most] of highs.texts.entries()) {
          const within = value <= leadingNumber(most, baseOf(high));
          after.add(within ? text : held(most, high), ...when, highs.lits[k] as Lit);
        }
      }
    }
  }
  for (const [i, text] of given.texts.entries()) after.add(text, open, given.lits[i] as Lit);
  return after.options();
}

/** The user value as a decision among the texts of the domain, or none. */
function userText(enc: Encoder, id: number): Options & { set: Lit } {
  const { gates, evaluator, program } = enc;
  const { solver } = gates;
  const domain = domainsOf(enc).of(id, evaluator, enc.wantedText.get(id));
  if (!domain.exact) enc.doubts.add(`not all values of ${program.names.nameOf(id)} can be tried`);
  const user = evaluator.user[id] !== 0;
  const now = evaluator.userText[program.slot[id] as number] as string;
  const lits = domain.texts.map((text) => gates.decision(user && text === now));
  gates.atMostOne(lits);
  const set = gates.or(lits);
  const same = user ? (lits[domain.texts.indexOf(now)] ?? gates.false) : set ^ 1;
  enc.decide({
    id,
    changed: same ^ 1,
    step: () => ({ id, to: domain.texts[lits.findIndex((l) => solver.holds(l))] }),
  });
  return { texts: domain.texts, lits, set };
}
