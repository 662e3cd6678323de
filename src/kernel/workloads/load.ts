import { readdirSync } from 'node:fs';
import { didYouMean, inputError, packagePath, readText } from '../../input/index.ts';
import { readWorkload } from './read-workload.ts';
import type { Workload } from './workload.ts';

/** Folders of the workloads that come with kmatrix, inside the package. */
const FOLDERS = [
  ['src', 'kernel', 'workloads'],
  // Shaped like the workloads whose counts were taken from real kernels, and named like them.
  ['src', 'kernel', 'workloads', 'truth'],
  // Whose counts follow from the source of 6.12, by reasoning: derived.test.ts has them.
  ['src', 'kernel', 'workloads', 'derived'],
  // One operation at a time on one thread: what cost profiles are fitted to.
  ['src', 'kernel', 'workloads', 'single'],
  // What scales, or does not: loops of benchmarks, applications, callers of the lock under load.
  ['src', 'kernel', 'workloads', 'scale'],
] as const;

/** A workload file that comes with kmatrix. */
interface ShippedWorkload {
  /** What to call it on the command line: its file name without `.yaml`. */
  readonly name: string;
  readonly path: string;
}

/** Names of the workloads that come with kmatrix, in order. */
export function shippedWorkloads(): readonly string[] {
  return shippedFiles().map((file) => file.name);
}

function shippedFiles(): readonly ShippedWorkload[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(packagePath(...folder))
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => ({
        name: file.slice(0, -'.yaml'.length),
        path: packagePath(...folder, file),
      })),
  ).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Loads a workload: a shipped one by its name, or a file by its path (anything with a `/` or ending in
 * `.yaml` or `.yml`).
 *
 * @throws {InputError}
 */
export function loadWorkload(nameOrPath: string): Workload {
  if (/[/\\]|\.ya?ml$/.test(nameOrPath)) {
    return readWorkload(readText(nameOrPath, 'workload file'), nameOrPath);
  }
  const shipped = shippedFiles();
  const found = shipped.find((w) => w.name === nameOrPath);
  if (found === undefined) {
    const names = shipped.map((w) => w.name);
    throw inputError(
      'unknown-workload',
      `no workload is called "${nameOrPath}"`,
      undefined,
      didYouMean(nameOrPath, names) ?? `known: ${names.join(', ')}; a file is named by its path`,
    );
  }
  return readWorkload(readText(found.path, 'workload file'), found.path);
}
