import { code, type Inline, type Line } from '../document.ts';
import { count } from '../words.ts';
import type { CellPair } from './matrix-model.ts';

/** So many cells are named one by one; a matrix may have thousands. */
const NAMED = 4;

interface Condition {
  readonly text: string;
  readonly holds: (pair: CellPair) => boolean;
}

/**
 * Says where differences are found, by what the cells have in common: `everywhere`, `SMP=n`,
 * `64BIT=y and SMP=n`, `everywhere but SMP=n`, or their names.
 */
export class WhereText {
  readonly #pairs: readonly CellPair[];
  readonly #comparable: readonly CellPair[];
  readonly #conditions: readonly Condition[];
  readonly #known = new Map<string, Line>();

  constructor(pairs: readonly CellPair[]) {
    this.#pairs = pairs;
    this.#comparable = pairs.filter(({ kernels }) => kernels);
    this.#conditions = conditionsOf(pairs);
  }

  /** Where, as a line of text. */
  of(where: readonly string[]): Line {
    const key = JSON.stringify(where);
    const known = this.#known.get(key) ?? this.#text(new Set(where));
    this.#known.set(key, known);
    return known;
  }

  #text(where: ReadonlySet<string>): Line {
    const known = new Set(this.#pairs.map(({ key }) => key));
    // Verdicts are found in editions, not in cells.
    if (![...where].every((key) => known.has(key))) return named([...where]);
    // A cell without a kernel differs in its options only: where it is named, all are meant.
    const all = this.#comparable.every(({ key }) => where.has(key));
    if (all && this.#comparable.length > 0) return ['everywhere'];
    const inside = this.#pairs.some(({ key, kernels }) => where.has(key) && !kernels)
      ? this.#pairs
      : this.#comparable;
    const wanted = inside.map(({ key }) => where.has(key));
    const rows = this.#conditions.map((condition) => inside.map(condition.holds));
    const positive = this.#selecting(rows, wanted);
    if (positive !== undefined) return joined(positive);
    const negative = this.#selecting(
      rows,
      wanted.map((is) => !is),
    );
    if (negative !== undefined) return ['everywhere but ', ...joined(negative)];
    return named([...where]);
  }

  /** One condition, or two together, that hold for the wanted pairs and no others. */
  #selecting(rows: readonly boolean[][], wanted: readonly boolean[]): string[] | undefined {
    // Only what holds for every wanted pair can be part of it.
    const possible = rows.flatMap((row, at) =>
      wanted.every((is, i) => !is || row[i])
        ? [{ row, text: this.#conditions[at]?.text ?? '' }]
        : [],
    );
    const one = possible.find(({ row }) => row.every((is, i) => is === wanted[i]));
    if (one) return [one.text];
    for (const [i, a] of possible.entries()) {
      const b = possible
        .slice(i + 1)
        .find(({ row }) => row.every((is, k) => (is && a.row[k]) === wanted[k]));
      if (b) return [a.text, b.text];
    }
    return undefined;
  }
}

/** What can be said of a pair, for every name that does not say the same of all. */
function conditionsOf(pairs: readonly CellPair[]): Condition[] {
  const values = new Map<string, Set<string>>();
  for (const { settings } of pairs)
    for (const [name, value] of Object.entries(settings))
      values.set(name, (values.get(name) ?? new Set()).add(value));
  return [...values].flatMap(([name, all]) =>
    [...all].map((value) => ({
      text: name === 'edition' ? value : `${name}=${value}`,
      holds: ({ settings }: CellPair) => Object.hasOwn(settings, name) && settings[name] === value,
    })),
  );
}

function joined(conditions: readonly string[]): Line {
  return conditions.flatMap((text, i): Inline[] => [...(i > 0 ? [' and '] : []), code(text)]);
}

/** Names of cells, the first few of them. */
export function named(ids: readonly string[]): Line {
  const more = ids.length - NAMED;
  return [
    ...ids.slice(0, NAMED).flatMap((id, i): Inline[] => [...(i > 0 ? [', '] : []), code(id)]),
    ...(more > 0 ? [` and ${count(more, 'other')}`] : []),
  ];
}
