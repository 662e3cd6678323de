import {
  type Edition,
  editions,
  instantiate,
  type Kernel,
  loadWorkload,
  payments,
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
  simulate(kernel, workload, { pays, ...options }) {
    const measured = simulate(kernel, workload, options);
    return pays && measured.outcome.kind === 'completed'
      ? { ...measured, pays: payments(kernel, workload, options.profile) }
      : measured;
  },
};
