import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagePath } from './package-root.ts';

const known = new Map<string, string>();

/**
 * A hash of the code of a stage, all its data files included, and of the package's version: what was made by another build
 * is not to be reused.
 */
export function codeId(stage: string): string {
  let id = known.get(stage);
  if (id === undefined) {
    id = hashOf([
      packagePath('package.json'),
      ...filesBelow(packagePath('src', stage)),
      ...filesBelow(packagePath('dist', stage)),
    ]);
    known.set(stage, id);
  }
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
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}
