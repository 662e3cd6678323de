import { codeId } from '../input/index.ts';

/**
 * A hash of everything a measurement depends on besides its task: the code of the kernel stage, its cost
 * profiles and shipped workloads, and the package's version. Measurements of another build are not reused.
 */
export function buildId(): string {
  return codeId('kernel');
}
