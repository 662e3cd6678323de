/**
 * From axes to combinations, as GitHub Actions does it for `strategy.matrix`:
 *
 * 1. every combination of the axes' values, the first axis changing slowest;
 * 2. `exclude` removes each combination that has all the values an entry names (an entry may name a few axes only);
 * 3. `include` entries, in order. An entry is added to every original combination none of whose axis values it
 *    would overwrite; what an earlier entry added may be overwritten. An entry that fits no original
 *    combination becomes a combination of its own, to which later entries are not added.
 */

/** Values by name, in the order they were written. */
export type Values = ReadonlyMap<string, string>;

/** An axis: a name and its values. */
export interface Axis {
  readonly name: string;
  readonly values: readonly string[];
}

/** One combination and the `include` entries that took part in it, by their position. */
export interface Combination {
  readonly values: Values;
  /** `include` entries that were added, in order; for a combination that an entry made, that entry alone. */
  readonly included: readonly number[];
  /** Whether the axes made it; `false` for one made by an `include` entry. */
  readonly original: boolean;
}

/** What came of the axes. */
export interface Expansion {
  readonly combinations: readonly Combination[];
  /** Positions of `exclude` entries that removed nothing. */
  readonly idleExcludes: readonly number[];
}

/** Number of combinations of the axes alone, without making them. */
export function combinationCount(axes: readonly Axis[]): number {
  return axes.length === 0 ? 0 : axes.reduce((n, axis) => n * axis.values.length, 1);
}

/** All combinations in a fixed order: those of the axes first, then those that entries made. */
export function expand(
  axes: readonly Axis[],
  exclude: readonly Values[],
  include: readonly Values[],
): Expansion {
  const hits = exclude.map(() => 0);
  const kept = product(axes).filter((values) => {
    // An entry is counted even where an earlier one removed the combination: it is not idle then.
    let keep = true;
    exclude.forEach((entry, i) => {
      if (!hasAll(values, entry)) return;
      hits[i]!++;
      keep = false;
    });
    return keep;
  });
  const names = new Set(axes.map((axis) => axis.name));
  const originals = kept.map((axisValues) => ({
    axisValues,
    values: new Map(axisValues),
    included: [] as number[],
  }));
  const made: Combination[] = [];
  include.forEach((entry, position) => {
    const onAxes = new Map([...entry].filter(([name]) => names.has(name)));
    let fits = false;
    for (const combination of originals) {
      if (!hasAll(combination.axisValues, onAxes)) continue;
      fits = true;
      for (const [name, value] of entry) combination.values.set(name, value);
      combination.included.push(position);
    }
    if (!fits) made.push({ values: new Map(entry), included: [position], original: false });
  });
  return {
    combinations: [
      ...originals.map(({ values, included }) => ({ values, included, original: true })),
      ...made,
    ],
    idleExcludes: hits.flatMap((n, i) => (n === 0 ? [i] : [])),
  };
}

function product(axes: readonly Axis[]): Values[] {
  if (axes.length === 0) return [];
  return axes.reduce<Map<string, string>[]>(
    (rows, axis) =>
      rows.flatMap((row) => axis.values.map((value) => new Map([...row, [axis.name, value]]))),
    [new Map()],
  );
}

function hasAll(values: Values, wanted: Values): boolean {
  for (const [name, value] of wanted) if (values.get(name) !== value) return false;
  return true;
}
