import { groupKernels } from '../kernel-groups.ts';
import type { ReportKernel } from '../model.ts';
import { axesLabel } from '../words.ts';

/** More kernels than this are shown as groups of kernels that a table cannot tell apart. */
const MOST = 24;

/** A column of a table over kernels: one kernel, or several that are alike in it. */
export interface KernelColumn {
  readonly edition: string;
  readonly label: string;
  readonly kernel: string;
  /** Every kernel the column stands for. */
  readonly kernels: readonly string[];
}

/** One column per kernel, those of an edition side by side; of a great many, one per kind of kernel as the table sees them. */
export function kernelColumns(
  kernels: readonly ReportKernel[],
  signature: (kernel: string) => string,
): KernelColumn[] {
  if (kernels.length <= MOST) {
    return byEdition(kernels).map(({ id, edition }) => ({
      edition,
      label: axesLabel(id),
      kernel: id,
      kernels: [id],
    }));
  }
  return groupKernels(kernels, signature).map((group) => ({
    edition: group.edition,
    label: group.label,
    kernel: group.kernels[0] ?? '',
    kernels: group.kernels,
  }));
}

/** The kernels in their order, but those of an edition one after the other. */
export function byEdition(kernels: readonly ReportKernel[]): ReportKernel[] {
  return [...Map.groupBy(kernels, ({ edition }) => edition).values()].flat();
}
