import type { CostProfile, EditionParts, Surface } from '../kernel/index.ts';
import type { LockVerdict, PricedMeasurement } from './types.ts';

/** A state of the kernel's design. */
export interface StageEdition {
  readonly name: string;
  /** Version of the kernel it describes, e.g. `6.12`. */
  readonly kernelVersion: string;
}

/** An instantiated kernel, as far as a matrix looks at it. */
export interface StageKernel {
  readonly relevant: Readonly<Record<string, string>>;
  readonly surface: Surface;
  readonly lock: LockVerdict;
}

/** Options by name: their values, `''` or `n` where unset, and the Kconfig file that defines them. */
export interface StageConfig {
  get(name: string): string;
  definedIn?(name: string): string | undefined;
}

/** What a simulation is told. */
export interface StageSimulation {
  readonly cpus: readonly number[];
  readonly runs: number;
  readonly seed: number;
  readonly profile?: string | CostProfile;
  /** Also say what prices one operation pays. */
  readonly pays?: boolean;
  /** Called after each run with how many of all are over. */
  readonly onProgress?: (runs: Runs) => void;
}

/** Runs of a simulation that are over, of all there will be. */
export interface Runs {
  readonly done: number;
  readonly total: number;
}

/**
 * The kernel stage as a matrix needs it. The real one is `kernelStage`; tests put a small one in its place.
 * `Workload` is whatever the stage makes of a workload's name or file; it must be plain data.
 */
export interface KernelStage<
  Edition extends StageEdition = StageEdition,
  Kernel extends StageKernel = StageKernel,
  Workload = unknown,
> {
  readonly editions: readonly Edition[];
  shippedWorkloads(): readonly string[];
  loadWorkload(nameOrPath: string): Workload;
  /** @param parts  what the kernel has otherwise than its edition */
  instantiate(edition: Edition, config: StageConfig, parts?: Partial<EditionParts>): Kernel;
  simulate(kernel: Kernel, workload: Workload, options: StageSimulation): PricedMeasurement;
}
