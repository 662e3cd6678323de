import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagePath } from '../input/index.ts';

let id: string | undefined;

/**
 * A hash of everything a measurement depends on besides its task: the code of the kernel stage, its cost
 * profiles and shipped workloads, and the package's version. Measurements of another build are not reused.
 */
export function buildId(): string {
  id ??= hashOf([
    packagePath('package.json'),
    ...filesBelow(packagePath('src', 'kernel')),
    ...filesBelow(packagePath('dist', 'kernel')),
  ]);
  return id;
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && !/\.(test|bench|conformance)\.tsx?$|\.map$/.test(entry.name),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function hashOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}
