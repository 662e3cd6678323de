import { code, type Line } from './document.ts';
import type { ReportKernel } from './model.ts';
import { axesLabel } from './words.ts';

/** Kernels of one edition that a table cannot tell apart, shown as one column. */
export interface KernelGroup {
  /** The edition, with a letter where the edition has several groups: `v7.0 a`. */
  readonly label: string;
  readonly edition: string;
  readonly kernels: readonly string[];
}

/**
 * Group the kernels of each edition by what a table says about them.
 *
 * A dozen kernels rarely behave in more than two ways per edition; one column per way fits a mail and
 * shows at a glance which configurations are alike.
 */
export function groupKernels(
  kernels: readonly ReportKernel[],
  signature: (kernel: string) => string,
): KernelGroup[] {
  const editions = Map.groupBy(kernels, (kernel) => kernel.edition);
  return [...editions].flatMap(([edition, own]) => {
    const alike = [...Map.groupBy(own, (kernel) => signature(kernel.id)).values()];
    return alike.map((group, i) => ({
      label: alike.length === 1 ? edition : `${edition} ${letter(i)}`,
      edition,
      kernels: group.map((kernel) => kernel.id),
    }));
  });
}

/** What each column stands for, one line per group. */
export function legend(groups: readonly KernelGroup[]): Line[] {
  return groups.map((group) => [
    { strong: group.label },
    ': ',
    ...group.kernels.flatMap((id, i) => [i > 0 ? ', ' : '', code(axesLabel(id))]),
  ]);
}

function letter(i: number): string {
  return i < 26 ? String.fromCharCode(97 + i) : String(i + 1);
}
