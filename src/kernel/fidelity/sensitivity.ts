/** What a headline figure hangs on: how it moves when each cost is a third less or more than the profile has it. */
import type { CostProfile } from '../timed/index.ts';
import { costsOf, scaled } from './costs.ts';
import { type Draw, deviationOf, draw, meanOf, pooledDeviation } from './draws.ts';

/** A headline with one figure of the profile changed. */
export interface Swing {
  /** As the profile spells it: `work.clear_page`. */
  readonly cost: string;
  readonly less: number;
  readonly more: number;
  /** Draws each of both is the mean of. */
  readonly draws: number;
  /** It goes further than chance would have it. */
  readonly told: boolean;
}

/** How far a headline moves when costs are other than the profile says. */
export interface Sensitivity {
  /** Mean of all draws. */
  readonly headline: number;
  /** How far it goes by itself: with other seeds, and prices up to a hundredth apart. */
  readonly chance: {
    readonly draws: number;
    readonly least: number;
    readonly greatest: number;
    /** Standard deviation of a draw about the mean of its like, as a share: of these and of those with a cost changed. */
    readonly deviation: number;
  };
  /** Costs that are paid, the strongest first, those that cannot be told from chance behind all that can. */
  readonly swings: readonly Swing[];
  /** Extremes with one cost changed at a time, of those told from chance. */
  readonly least: number;
  readonly greatest: number;
  /** With every cost changed at once, each the way that makes the headline least, and greatest, by itself. */
  readonly allLeast: number;
  readonly allGreatest: number;
}

/** What a run gave. */
export interface Answer {
  readonly headline: number;
  /** Everything that was measured, or a hash of it. */
  readonly run: string;
}

/** Runs that are wanted now. */
export interface Round {
  readonly draws: readonly Draw[];
  /** How many more may be wanted after these, at most. */
  readonly later: number;
}

/** By how much each cost is changed. */
export const CHANGE = 0.3;
/** Draws of the headline as it is. */
export const DRAWS = 25;
/** A mean is wanted as exact as this, as far as the draws below reach. */
const PRECISION = 0.0025;
/** Draws of each cost changed, at most, and of the strongest, with those that showed which these are. */
const SCREENED = 5;
const SETTLED = 20;
/** How many of the strongest costs are drawn again. */
const STRONGEST = 6;
/** In standard deviations of the difference of two means: some two hundred are looked at, and chance reaches this in one of 16,000. */
const TOLD = 4;

/**
 * Finds what a headline hangs on, by asking for runs and being told what they gave, in the same order.
 *
 * A cost is looked at further only if with 30% more of it anything at all of the first draw is otherwise: what no step pays changes nothing.
 * The more a headline goes by itself, the more draws a figure is the mean of; as long as one is enough, it is the profile and the seed themselves.
 */
export function* sensitivity(
  profile: CostProfile,
  seed: number,
): Generator<Round, Sensitivity, readonly Answer[]> {
  const costs = costsOf(profile);
  const changed = (cost: string, factor: number) => scaled(profile, { [cost]: factor });
  const first = yield {
    draws: [
      ...draws(profile, seed, 0, DRAWS),
      ...costs.map((cost) => draw(changed(cost, 1 + CHANGE), seed, 0)),
    ],
    later: costs.length * (2 * SCREENED - 1) + 2 * STRONGEST * (SETTLED - SCREENED) + 2 * SETTLED,
  };
  const base = first.slice(0, DRAWS).map((answer) => answer.headline);
  const headline = meanOf(base);
  const settled = Math.max(1, Math.min(SETTLED, Math.ceil((deviationOf(base) / PRECISION) ** 2)));
  const screened = Math.min(SCREENED, settled);

  const paid = costs.flatMap((cost, i): Drawn[] => {
    const answer = first[DRAWS + i] as Answer;
    return answer.run === first[0]?.run ? [] : [{ cost, less: [], more: [answer.headline] }];
  });
  const further = (some: readonly Drawn[], to: number) =>
    some.flatMap(({ cost, less, more }) => [
      ...draws(changed(cost, 1 - CHANGE), seed, less.length, to),
      ...draws(changed(cost, 1 + CHANGE), seed, more.length, to),
    ]);

  const strongest = Math.min(STRONGEST, paid.length);
  const again = 2 * strongest * (settled - screened) + (paid.length > 0 ? 2 * settled : 0);
  take(yield { draws: further(paid, screened), later: again }, paid, screened);
  // Of one cost five draws say little of how far a draw is from the mean, of all together they say it well.
  const deviation = pooledDeviation([base, ...paid.flatMap(({ less, more }) => [less, more])]);
  const ofAll = { headline, deviation };
  paid.sort((x, y) => reach(swingOf(y, ofAll), headline) - reach(swingOf(x, ofAll), headline));

  const towards = (sign: 1 | -1) =>
    scaled(
      profile,
      Object.fromEntries(
        paid.map(({ cost, less, more }) => [
          cost,
          1 + CHANGE * sign * Math.sign(meanOf(more) - meanOf(less)),
        ]),
      ),
    );
  const top = paid.slice(0, strongest);
  const all = paid.length === 0 ? [] : [towards(-1), towards(1)];
  const last = yield {
    draws: [...further(top, settled), ...all.flatMap((costs) => draws(costs, seed, 0, settled))],
    later: 0,
  };
  take(last, top, settled);
  // By the draws that made it one of the strongest, chance is on its side.
  if (settled > screened)
    for (const { less, more } of top) for (const side of [less, more]) side.splice(0, screened);
  const atOnce = last.slice(last.length - all.length * settled).map((answer) => answer.headline);

  const swings = paid
    .map((drawn) => swingOf(drawn, ofAll))
    .sort((x, y) => Number(y.told) - Number(x.told) || reach(y, headline) - reach(x, headline));
  const told = swings.filter((swing) => swing.told).flatMap(({ less, more }) => [less, more]);
  return {
    headline,
    chance: {
      draws: DRAWS,
      least: Math.min(...base),
      greatest: Math.max(...base),
      deviation,
    },
    swings,
    least: Math.min(headline, ...told),
    greatest: Math.max(headline, ...told),
    allLeast: all.length === 0 ? headline : meanOf(atOnce.slice(0, settled)),
    allGreatest: all.length === 0 ? headline : meanOf(atOnce.slice(settled)),
  };
}

/** Costs that take a factor by themselves to the other side of 1: a change that made things better makes them worse, or the reverse. */
export function turning({ headline, swings }: Sensitivity): readonly Swing[] {
  const side = Math.sign(Math.log(headline));
  return swings.filter(
    ({ told, less, more }) =>
      told && [less, more].some((value) => Math.sign(Math.log(value)) === -side),
  );
}

/** A changed cost and what was drawn with it so far. */
interface Drawn {
  readonly cost: string;
  readonly less: number[];
  readonly more: number[];
}

function draws(profile: CostProfile, seed: number, from: number, to: number): Draw[] {
  return Array.from({ length: to - from }, (_, i) => draw(profile, seed, from + i));
}

/** Puts answers where they belong, in the order they were asked for: less before more. */
function take(answers: readonly Answer[], drawn: readonly Drawn[], to: number): void {
  let next = 0;
  for (const { less, more } of drawn) {
    for (const side of [less, more]) {
      while (side.length < to) side.push((answers[next++] as Answer).headline);
    }
  }
}

function swingOf(
  { cost, less, more }: Drawn,
  { headline, deviation }: { readonly headline: number; readonly deviation: number },
): Swing {
  const swing = { cost, less: meanOf(less), more: meanOf(more), draws: more.length };
  const differ = (a: number, b: number, n: number, m: number) =>
    Math.abs(Math.log(a / b)) > TOLD * deviation * Math.sqrt(1 / n + 1 / m);
  const { draws: n } = swing;
  const told =
    differ(swing.less, swing.more, n, n) ||
    [swing.less, swing.more].some((value) => differ(value, headline, n, DRAWS));
  return { ...swing, told };
}

/** How far apart the least and the greatest of less, more and as it is are, as the logarithm of a factor. */
function reach({ less, more }: Pick<Swing, 'less' | 'more'>, headline: number): number {
  const all = [less, more, headline];
  return Math.log(Math.max(...all) / Math.min(...all));
}
