/** Published figures beside the modelled ones, with the keys of exported JSON. */
import {
  type LockCost,
  type PublishedComparison,
  type PublishedFigure,
  type Sensitivity,
  type Swing,
  turning,
} from '../kernel/index.ts';

/** What a headline hangs on. */
export interface SensitivityData {
  readonly headline: number;
  readonly chance: Sensitivity['chance'];
  readonly least: number;
  readonly greatest: number;
  readonly all_least: number;
  readonly all_greatest: number;
  readonly costs: readonly Swing[];
  /** Of a factor: costs that turn better to worse, or the reverse. */
  readonly turned_by?: readonly string[];
}

/** What `kmatrix simulate --published` exports. */
export interface Published {
  readonly published: readonly (PublishedFigure &
    Omit<PublishedComparison, 'figure'> & { readonly sensitivity?: SensitivityData })[];
  readonly not_modelled: Readonly<Record<string, string>>;
  /** What per-VMA locks in all builds cost a kernel for one CPU. */
  readonly uniprocessor: readonly (LockCost & { readonly sensitivity?: SensitivityData })[];
}

/** A sensitivity as it is exported. */
export function sensitivityData(found: Sensitivity, isFactor = false): SensitivityData {
  const { headline, chance, swings, least, greatest, allLeast, allGreatest } = found;
  const all = { all_least: allLeast, all_greatest: allGreatest, costs: swings };
  const turned = isFactor ? { turned_by: turning(found).map(({ cost }) => cost) } : {};
  return { headline, chance, least, greatest, ...all, ...turned };
}

/** A figure that can be told from another. */
export interface NamedHeadline {
  readonly name: string;
  readonly published: number | undefined;
  /** The published figure is a bound. */
  readonly atMost: boolean;
  readonly modelled: number;
  readonly sensitivity: SensitivityData | undefined;
}

/** Everything that may have a sensitivity: published figures, then what the lock costs. */
export function headlinesOf({ published, uniprocessor }: Published): readonly NamedHeadline[] {
  const times = uniprocessor.filter(({ unit }) => unit !== 'bytes');
  return [
    ...published.map(({ name, published: factor, atMost = false, modelled, sensitivity }) => ({
      name,
      published: factor,
      atMost,
      modelled,
      sensitivity,
    })),
    ...times.map(({ what, unit, without, with: withLock, sensitivity }) => ({
      name: `one CPU, lock in all builds: ${what} (${unit})`,
      published: undefined,
      atMost: false,
      modelled: withLock / without,
      sensitivity,
    })),
  ];
}
