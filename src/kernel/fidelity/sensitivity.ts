/** What a headline figure hangs on: how it moves when each cost is a third less or more than the profile has it. */
import type { CostProfile } from '../timed/index.ts';

/** A headline with one figure of the profile changed. */
export interface Swing {
  /** As the profile spells it: `work.clear_page`. */
  readonly cost: string;
  readonly less: number;
  readonly more: number;
}

/** How far a ratio of two throughputs moves when costs are other than the profile says. */
export interface Sensitivity {
  readonly headline: number;
  /** Costs that move the headline, the strongest first. */
  readonly swings: readonly Swing[];
  /** Extremes with one cost changed at a time. */
  readonly least: number;
  readonly greatest: number;
  /** With every cost changed at once, each the way that makes the headline least, and greatest, by itself. */
  readonly allLeast: number;
  readonly allGreatest: number;
}

/** By how much each cost is changed. */
export const CHANGE = 0.3;
/** Groups of figures that are costs; the others say what a machine has, or how runs differ. */
const GROUPS = ['line', 'scheduler', 'work', 'memory'] as const;
const NO_COSTS = new Set(['memory.batch', 'memory.page_bytes', 'scheduler.slice']);

/** Names of all costs of a profile. */
export function costsOf(profile: CostProfile): readonly string[] {
  const grouped = GROUPS.flatMap((group) =>
    Object.keys(profile[group]).map((k) => `${group}.${k}`),
  );
  return ['step', 'atomic', ...grouped.filter((name) => !NO_COSTS.has(name))];
}

/** The profile with some costs multiplied. */
export function scaled(
  profile: CostProfile,
  factors: Readonly<Record<string, number>>,
): CostProfile {
  let changed: CostProfile = profile;
  for (const [name, factor] of Object.entries(factors)) {
    const [group, key] = name.split('.') as [keyof CostProfile, string | undefined];
    const old = changed[group];
    changed =
      key === undefined
        ? { ...changed, [group]: (old as number) * factor }
        : {
            ...changed,
            [group]: {
              ...(old as object),
              [key]: ((old as Record<string, number>)[key] as number) * factor,
            },
          };
  }
  return changed;
}

/**
 * Computes a headline with each cost 30% less and 30% more. A cost is not looked at further when 30% more of it changes
 * nothing: the headline does not pay it.
 *
 * @param headlines  the headline under each of some profiles, in their order; asked three times
 */
export async function sensitivity(
  profile: CostProfile,
  headlines: (profiles: readonly CostProfile[]) => Promise<readonly number[]>,
): Promise<Sensitivity> {
  const costs = costsOf(profile);
  const times = (factor: number) => (cost: string) => scaled(profile, { [cost]: factor });
  const [base = 0, ...more] = await headlines([profile, ...costs.map(times(1 + CHANGE))]);
  const paid = costs.flatMap((cost, i) => {
    const changed = more[i] as number;
    return changed === base ? [] : [{ cost, more: changed }];
  });
  const less = await headlines(paid.map(({ cost }) => times(1 - CHANGE)(cost)));
  const swings = paid.map((p, i): Swing => ({ ...p, less: less[i] as number }));
  const towards = (sign: 1 | -1) =>
    scaled(
      profile,
      Object.fromEntries(
        swings.map((s) => [s.cost, 1 + CHANGE * sign * Math.sign(s.more - s.less)]),
      ),
    );
  const [allLeast = base, allGreatest = base] =
    swings.length > 0 ? await headlines([towards(-1), towards(1)]) : [];
  const all = swings.flatMap((s) => [s.less, s.more]);
  const width = (s: Swing) => Math.abs(s.more - s.less);
  return {
    headline: base,
    swings: swings.sort((x, y) => width(y) - width(x)),
    least: Math.min(base, ...all),
    greatest: Math.max(base, ...all),
    allLeast,
    allGreatest,
  };
}
