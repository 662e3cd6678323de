import type {
  Failure,
  LatencyPoint,
  Payment,
  Question,
  TortureResult,
  Verdict,
} from '../kernel/index.ts';
import type {
  CellStatus,
  LockVerdict,
  MatrixPlace,
  OptionReason,
  Refusal,
} from '../matrix/index.ts';

/**
 * The report: the JSON every other face (Markdown, terminal, diff, terminal UI) is made from.
 *
 * Tables are keyed by *kernel*: the id of the first cell that instantiates it. Cells that resolve to
 * the same kernel share its rows. Nothing here holds a clock, a host name or a locale, so equal
 * results give equal bytes.
 */
export interface Report {
  readonly schemaVersion: 1;
  readonly kind: 'matrix';
  readonly name: string;
  readonly description: string;
  readonly matrixFile: string;
  /** Axis names in the matrix's order, `edition` first. */
  readonly axes: readonly string[];
  readonly seed: number;
  /** Cost profile the times come from. */
  readonly profile: string;
  /** Where each kind of figure comes from and what it has been checked against. */
  readonly provenance: readonly Provenance[];
  /** Sentences derived from the tables below. */
  readonly summary: readonly string[];
  readonly cells: readonly ReportCell[];
  readonly kernels: readonly ReportKernel[];
  readonly surface: SurfaceTable;
  readonly fallbacks: readonly FallbackRow[];
  /** What completed; a workload that did not has a row in `outcomes` and no figure anywhere. */
  readonly workloads: readonly WorkloadRow[];
  readonly outcomes: readonly OutcomeRow[];
  readonly performance: readonly PerformanceRow[];
  readonly comparisons: readonly Comparison[];
  /** What single operations cost on one CPU; empty where the matrix asks for none. */
  readonly costs: readonly CostRow[];
  /** What the model checker says; empty where it was not asked. */
  readonly verification: readonly VerificationGroup[];
  /** What a torture test found; empty where none was given. */
  readonly torture: readonly TortureResult[];
  /** Where a source tree mentions the option in question; \`null\` where none was given. */
  readonly references: TreeReferences | null;
  /** The questions of the series, where the report has kernels without and with it. */
  readonly answers: readonly KeyAnswer[];
}

/** A question with its answer, what it rests on, and what would change it. */
export interface KeyAnswer {
  readonly question: string;
  /** In a sentence or two, by rules that are named in it. */
  readonly answer: string;
  readonly sentences: readonly string[];
  /** Which figure would have to move, by how much, for a sentence to turn round. */
  readonly changes: readonly string[];
  /** Titles of the sections with the evidence. */
  readonly sections: readonly string[];
}

/** What one operation costs on one kernel, on one CPU. */
export interface CostRow {
  readonly operation: string;
  readonly kernel: string;
  readonly profile: string;
  readonly unit: 'ns' | 'instructions';
  /** Median over the runs. */
  readonly each: number;
  readonly least: number;
  readonly most: number;
  readonly runs: number;
  /** The prices one operation pays, where they were asked for: they add up to what it costs, but for jitter and the bandwidth of memory. */
  readonly pays: readonly Payment[];
}

/** What \`kmatrix refs\` says of an option. */
export interface TreeReferences {
  readonly symbol: string;
  readonly references: readonly {
    readonly file: string;
    readonly line: number;
    readonly state: string;
  }[];
}

/** What a section's figures rest on. */
export interface Provenance {
  readonly section: 'options' | 'surface' | 'structs' | 'fallbacks' | 'workloads' | 'performance';
  /** `resolved` by Kconfig, or `modelled`: computed by the simulated kernel. */
  readonly basis: 'resolved' | 'modelled';
  readonly statement: string;
}

/** One cell and what Kconfig made of it. */
export interface ReportCell {
  readonly id: string;
  readonly edition: string;
  readonly axes: Readonly<Record<string, string>>;
  /** Options asked for on top of the base configuration. */
  readonly set: Readonly<Record<string, string>>;
  /** Where in the matrix file the edition and each option is asked for; reports of older versions lack it. */
  readonly places?: Readonly<Record<string, MatrixPlace>>;
  readonly status: CellStatus;
  readonly refusals: readonly Refusal[];
  readonly notes: readonly string[];
  readonly kconfig: string;
  readonly options: readonly OptionReason[];
  readonly lock: LockVerdict | null;
  /** Id of the first cell with the same kernel, if this is not the first. */
  readonly sameAs: string | null;
  /** Key of this cell's rows in the tables; `null` for a rejected cell. */
  readonly kernel: string | null;
}

/** A distinct kernel: one edition instantiated with one set of relevant options. */
export interface ReportKernel {
  readonly id: string;
  readonly edition: string;
  /** Options the kernel looked at. */
  readonly config: Readonly<Record<string, string>>;
  readonly lockPresent: boolean;
  /** Every cell that resolves to it. */
  readonly cells: readonly string[];
}

/** What kernels offer, each entry keyed by kernel id. */
export interface SurfaceTable {
  readonly functions: readonly FunctionRow[];
  readonly structs: readonly StructRow[];
  readonly counters: readonly CounterRow[];
  readonly names: readonly NameRow[];
}

/** A function or macro over all kernels. */
export interface FunctionRow {
  readonly name: string;
  readonly kind: 'function' | 'macro';
  readonly kernels: Readonly<Record<string, FunctionEntry>>;
}

/** A function in one kernel. */
export type FunctionEntry =
  | { readonly state: 'absent' }
  | { readonly state: 'real'; readonly file: string; readonly signature: string }
  | {
      readonly state: 'stub';
      /** What the stub does: `returns NULL`. */
      readonly stub: string;
      readonly file: string;
      readonly signature: string;
    };

/** A structure over all kernels; `null` where a kernel does not have it. */
export interface StructRow {
  readonly name: string;
  readonly kernels: Readonly<Record<string, StructLayout | null>>;
}

/** A structure's layout in one kernel, in bytes. */
export interface StructLayout {
  readonly size: number;
  readonly align: number;
  /** Bytes one object takes in its slab cache; `null` without a cache of its own. */
  readonly slabObjectSize: number | null;
  readonly file: string;
  readonly fields: readonly FieldLayout[];
}

/** A member of a structure, in bytes. */
export interface FieldLayout {
  readonly name: string;
  readonly type: string;
  readonly offset: number;
  readonly size: number;
}

/** A line of /proc/vmstat over all kernels. */
export interface CounterRow {
  readonly name: string;
  readonly file: string;
  readonly kernels: Readonly<Record<string, boolean>>;
}

/** What a name that is neither a function nor a member is. */
export type NameKind = 'enumerator' | 'macro' | 'ioctl' | 'trace point' | 'object' | 'option';

/**
 * A constant, ioctl, trace point or variable over all kernels; `null` where a kernel does not have it. An option is there
 * where Kconfig defines it, whatever its value.
 */
export interface NameRow {
  readonly name: string;
  readonly kind: NameKind;
  readonly file: string;
  readonly kernels: Readonly<Record<string, NameEntry | null>>;
}

/** A name in one kernel. */
export interface NameEntry {
  /** A constant's value as C writes it, or an option's; `null` where it has none, none is modelled, or nothing depends on it. */
  readonly value: string | null;
}

/** A place that falls back to mmap_lock, over all kernels; `null` where a kernel has no such fallback. */
export interface FallbackRow {
  readonly site: string;
  readonly kernels: Readonly<Record<string, FallbackEntry | null>>;
}

/** A fallback site in one kernel. */
export interface FallbackEntry {
  readonly taken: 'always' | 'sometimes' | 'never';
  readonly file: string;
  readonly caller: string;
  readonly tries: string;
  readonly trigger: string;
  readonly fallback: string;
  /** Times the fallback was taken, by workload. */
  readonly hits: Readonly<Record<string, number>>;
}

/** A workload that did not complete on one kernel. */
export interface OutcomeRow {
  readonly workload: string;
  readonly kernel: string;
  readonly outcome: Failure;
}

/** What one workload counted on one kernel. */
export interface WorkloadRow {
  readonly workload: string;
  readonly kernel: string;
  readonly profile: string;
  readonly seed: number;
  /** /proc/vmstat deltas. */
  readonly counters: Readonly<Record<string, number>>;
  readonly mmap_lock: Readonly<Record<MmapLockKey, number>>;
  readonly vma_write_locks: number;
}

/** Names of the mmap_lock counts. */
export type MmapLockKey = 'read_acquired' | 'write_acquired' | 'read_failed' | 'write_failed';

/** One throughput and latency figure with its spread. */
export interface PerformanceFigure {
  readonly ops_per_second: number;
  readonly p50_ns: number;
  readonly p99_ns: number;
  /** (max - min) / median over the runs. */
  readonly spread: number;
  readonly runs: number;
  readonly min: number;
  readonly max: number;
}

/** A figure with what it belongs to. */
export interface PerformanceRow extends PerformanceFigure {
  /** The distribution; reports of earlier versions lack it. */
  readonly latency?: readonly LatencyPoint[];
  readonly workload: string;
  readonly kernel: string;
  readonly cpus: number;
}

/**
 * `faster` and `slower` only where the ranges over the runs do not overlap; `single run` where there
 * is no spread to compare with, which is never called a difference.
 */
export type ComparisonVerdict = 'faster' | 'slower' | 'within spread' | 'single run';

/** Throughput of the right kernel over that of the left. */
export interface Ratio {
  readonly ratio: number;
  /** Least and greatest ratio the two ranges of runs allow. */
  readonly interval: readonly [number, number];
  readonly verdict: ComparisonVerdict;
}

/** Two kernels that differ by one axis, under one workload at one CPU count. */
export interface Comparison extends Ratio {
  readonly axis: string;
  readonly left: string;
  readonly right: string;
  readonly workload: string;
  readonly cpus: number;
}

/** Verdicts of the model checker under one heading. */
export interface VerificationGroup {
  readonly title: string;
  readonly verdicts: readonly ReportVerdict[];
}

/** A verdict as a report keeps it: without the time it took, which is another every time. */
export interface ReportVerdict extends Omit<Verdict, 'question' | 'seconds'> {
  readonly question: ReportQuestion;
}

/** What was asked; a writer without end is written `forever`. */
export interface ReportQuestion extends Omit<Question, 'ops' | 'maxStates'> {
  readonly ops: number | 'forever';
}
