import type { FallbackSite, Measurement, Payment, Surface } from '../kernel/index.ts';

/** A cell of a matrix: one option set asked of one edition. */
export interface CellSpec {
  /** `edition:NAME=value,NAME=value`, axes in the matrix's order. Unique within a matrix. */
  readonly id: string;
  readonly edition: string;
  /** Axis name to value, in the matrix's order, `edition` left out. */
  readonly axes: Readonly<Record<string, string>>;
  /** Options asked for on top of the base, in order: the axes that are symbols and what `include` added. */
  readonly set: Readonly<Record<string, string>>;
  /** Where in the matrix file the edition and each of these options is asked for; missing where the cell comes from none. */
  readonly places?: Readonly<Record<string, MatrixPlace>>;
  /** CPU counts to simulate. */
  readonly cpus: readonly number[];
  readonly workloads: readonly string[];
  /** Workloads of which a single operation is priced. */
  readonly costs?: readonly string[];
}

/** A place in a matrix file; both count from one. */
export interface MatrixPlace {
  readonly line: number;
  readonly column: number;
}

/** An option the cell asked for and did not get. */
export interface Refusal {
  readonly symbol: string;
  readonly wanted: string;
  readonly got: string;
  /** One sentence: why Kconfig does not accept it, with file:line. */
  readonly reason: string;
}

/** Value of a symbol worth showing and where it comes from. */
export interface OptionReason {
  readonly symbol: string;
  /** `y`, `m`, `n`, a text, or `null` where this Kconfig does not define the symbol. */
  readonly value: string | null;
  /** One sentence with file:line. */
  readonly why: string;
}

/** State of the per-VMA lock in a cell, as the instantiated kernel shows it. */
export interface LockVerdict {
  /** Whether `lock_vma_under_rcu` is real in this kernel. */
  readonly present: boolean;
  /** The option that decides it; `null` where the edition's design does. */
  readonly option: string | null;
  /** One sentence: by which option, or by the edition's design. */
  readonly why: string;
}

export type CellStatus = 'ok' | 'rejected';

/** A cell after Kconfig has spoken and, where it was accepted, after the kernel ran. */
export interface CellResult {
  readonly spec: CellSpec;
  readonly status: CellStatus;
  /** Why it was rejected: every option asked for that Kconfig did not give. Empty when status is `ok`. */
  readonly refusals: readonly Refusal[];
  /** Remarks that do not reject, e.g. that a real tree of another version than the edition's was used. */
  readonly notes: readonly string[];
  /** Where the options come from: `kconfig/v7.0/Kconfig`, or the real tree with its version. */
  readonly kconfig: string;
  /** The symbols shown for every cell, in the matrix's order. */
  readonly options: readonly OptionReason[];
  /** Options the instantiated kernel looked at; cells equal in this and the edition are one kernel. `null` if rejected. */
  readonly relevant: Readonly<Record<string, string>> | null;
  /** Id of the first cell with the same kernel, if this is not the first. */
  readonly sameAs: string | null;
  readonly lock: LockVerdict | null;
  readonly surface: Surface | null;
  readonly fallbackSites: readonly FallbackSite[];
  /** One per workload, in order. Shared with `sameAs` where that is set. */
  readonly measurements: readonly Measurement[];
  /** Of each workload in `costs`: in the run's profile with what it pays, then in instructions. */
  readonly costs?: readonly PricedMeasurement[];
}

/** A measurement with the prices one operation pays, where they were asked for. */
export type PricedMeasurement = Measurement & { readonly pays?: readonly Payment[] };

/** Everything one run of a matrix yields. */
export interface MatrixResult {
  readonly name: string;
  readonly description: string;
  readonly matrixFile: string;
  readonly seed: number;
  readonly profile: string;
  /** Axis names in order, `edition` first. */
  readonly axes: readonly string[];
  readonly cells: readonly CellResult[];
}
