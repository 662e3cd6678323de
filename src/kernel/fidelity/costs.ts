/** The figures of a profile that are costs, by name. */
import type { CostProfile } from '../timed/index.ts';

/** Groups of figures that are costs; the others say what a machine has, or how runs differ. */
const GROUPS = ['line', 'scheduler', 'work', 'memory'] as const;
const NO_COSTS = new Set(['memory.batch', 'memory.page_bytes', 'scheduler.slice']);

/** Names of all costs of a profile that are not 0, as it spells them: `work.clear_page`. */
export function costsOf(profile: CostProfile): readonly string[] {
  const grouped = GROUPS.flatMap((group) =>
    Object.entries(profile[group]).map(([key, cost]) => [`${group}.${key}`, cost] as const),
  );
  const all = [['step', profile.step], ['atomic', profile.atomic], ...grouped] as const;
  return all.flatMap(([name, cost]) => (cost === 0 || NO_COSTS.has(name) ? [] : [name]));
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
