import { editionNamed } from './editions/index.ts';
import { instantiate } from './model/index.ts';

/** The least machine a kernel can be laid out in. */
const SMALLEST = { threads: 1, processOf: [0], vmas: 8, pages: 64, pageTables: 16 };

/**
 * The labels of every routine of a kernel, in the order they are written, by the routine's name. Read from the
 * kernel as it is laid out, so what is listed is what runs.
 *
 * @param config  the options the kernel looked at
 */
export function routineLabels(
  edition: string,
  config: Readonly<Record<string, string>>,
): ReadonlyMap<string, readonly string[]> {
  const found = editionNamed(edition);
  if (!found) return new Map();
  const kernel = instantiate(found, { get: (name) => config[name] ?? '' });
  return new Map(kernel.build(SMALLEST).routines.map(({ name, labels }) => [name, labels]));
}
