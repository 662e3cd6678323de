import {
  type Edition,
  editions,
  instantiate,
  type Kernel,
  loadWorkload,
  shippedWorkloads,
  simulate,
  type Workload,
} from '../kernel/index.ts';
import type { KernelStage } from './stage.ts';

/** The real kernel stage, as a matrix sees it. */
export const kernelStage: KernelStage<Edition, Kernel, Workload> = {
  editions,
  shippedWorkloads,
  loadWorkload,
  instantiate,
  simulate,
};
