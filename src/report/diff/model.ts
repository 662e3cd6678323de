import type { Failure } from '../../kernel/index.ts';
import type {
  FallbackEntry,
  FieldLayout,
  NameKind,
  PerformanceFigure,
  Ratio,
  ReportVerdict,
} from '../model.ts';

/** Differences layer by layer. Lists hold differences only, so the diff of a thing with itself has empty lists. */
export interface Layers {
  readonly options: readonly OptionDiff[];
  readonly surface: SurfaceDiff;
  readonly fallbacks: readonly FallbackDiff[];
  readonly sizes: readonly SizeDiff[];
  readonly counters: readonly CountDiff[];
  /** Workloads that completed on one side only, or failed differently. */
  readonly outcomes: readonly OutcomeDiff[];
  /** Only figures whose ranges over the runs do not overlap. */
  readonly performance: readonly PerformanceDiff[];
  /** Questions both sides' reports asked the model checker of their editions, and got another answer to. */
  readonly verdicts: readonly VerdictDiff[];
}

/** What differs between two configurations. */
export interface Diff extends Layers {
  readonly schemaVersion: 1;
  readonly kind: 'diff';
  readonly left: DiffEnd;
  readonly right: DiffEnd;
  /** What could not be compared, and why. */
  readonly notes: readonly string[];
}

/** One of the two things compared. */
export interface DiffEnd {
  /** A cell's id, or the name of a `.config` file. */
  readonly id: string;
  readonly edition: string | null;
  /** Where it was read: a report, a matrix, Kconfig files, a `.config` file. */
  readonly source: string;
}

/** An option with two values. */
export interface OptionDiff {
  readonly symbol: string;
  /** `null` where the option is not defined or not written. */
  readonly left: string | null;
  readonly right: string | null;
  /** The first cause: what was asked differently that leads to this, or Kconfig's own reason. */
  readonly why: string;
  readonly reasons: { readonly left: string; readonly right: string };
}

/** The API layer. */
export interface SurfaceDiff {
  readonly functions: readonly FunctionDiff[];
  readonly structs: readonly StructDiff[];
  readonly counters: readonly CounterDiff[];
  readonly names: readonly NameDiff[];
}

/**
 * A constant, ioctl, trace point or variable that is not the same: its value, `present` without one, `null` where it is not
 * there. An option that one side does not define: `defined` on the other. Its values are {@link OptionDiff}s.
 */
export interface NameDiff extends Both<string> {
  readonly name: string;
  readonly kind: NameKind;
}

/** State of a function in a kernel. */
export type ApiState = 'real' | 'stub' | 'absent';

/** A function or macro that is not the same on both sides. */
export interface FunctionDiff {
  readonly name: string;
  readonly kind: 'function' | 'macro';
  readonly left: ApiState;
  readonly right: ApiState;
  /** What the stub does; `null` on a side that has none. */
  readonly stub: Both<string>;
  readonly signature: Both<string>;
  readonly file: Both<string>;
}

/** A value on each side, `null` where that side has none. */
export interface Both<T> {
  readonly left: T | null;
  readonly right: T | null;
}

/** A structure whose layout differs. */
export interface StructDiff {
  readonly name: string;
  readonly left: StructSize | null;
  readonly right: StructSize | null;
  /** Fields that one side lacks or that changed type, place or size. */
  readonly fields: readonly FieldDiff[];
}

/** Size of a structure in bytes. */
export interface StructSize {
  readonly size: number;
  readonly align: number;
  readonly slabObjectSize: number | null;
}

/** A field on both sides. */
export interface FieldDiff extends Both<FieldLayout> {
  readonly name: string;
}

/** A line of /proc/vmstat that one side lacks. */
export interface CounterDiff {
  readonly name: string;
  readonly left: boolean;
  readonly right: boolean;
}

/** A fallback site whose state or hits differ. */
export interface FallbackDiff {
  readonly site: string;
  readonly caller: string;
  /** Whether the fallback is taken; `null` where the kernel has no such fallback. */
  readonly left: FallbackEntry['taken'] | null;
  readonly right: FallbackEntry['taken'] | null;
  /** Hits of the workloads that ran on both sides and counted differently. */
  readonly hits: readonly HitDiff[];
}

/** Times a fallback was taken in one workload. */
export interface HitDiff extends Both<number> {
  readonly workload: string;
}

/** A structure's size in bytes on both sides. */
export interface SizeDiff extends Both<number> {
  readonly struct: string;
  /** Right minus left; `null` where one side lacks the structure. */
  readonly delta: number | null;
  readonly slab: Both<number>;
}

/** A count that differs in one workload. */
export interface CountDiff extends Both<number> {
  readonly workload: string;
  /** `vmstat`: a line of /proc/vmstat; `mmap_lock`; `vma_lock`: VMA write locks taken. */
  readonly group: 'vmstat' | 'mmap_lock' | 'vma_lock';
  readonly name: string;
}

/** How a workload ended on each side; `null` where that side did not run it. */
export interface OutcomeDiff extends Both<'completed' | Failure['kind']> {
  readonly workload: string;
}

/** A throughput difference beyond the spread. */
export interface PerformanceDiff extends Ratio {
  readonly workload: string;
  readonly cpus: number;
  readonly left: PerformanceFigure;
  readonly right: PerformanceFigure;
}

/** A question the model checker answers differently. */
export interface VerdictDiff {
  /** The property asked for, who does what, and under which assumptions. */
  readonly question: string;
  readonly left: VerdictAnswer;
  readonly right: VerdictAnswer;
}

/** An answer of the model checker. */
export type VerdictAnswer = Pick<ReportVerdict, 'verdict' | 'retryBound'>;
