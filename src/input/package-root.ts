import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let found: string | undefined;

/**
 * The folder of kmatrix's own package.json, where kconfig/ and matrices/ are. Found by walking up from
 * this module, so that it holds for src/ as well as for the compiled dist/.
 */
export function packageRoot(): string {
  found ??= walkUp(dirname(fileURLToPath(import.meta.url)));
  return found;
}

/** A path inside the package, e.g. `packagePath('kconfig', 'v7.0')`. */
export function packagePath(...parts: string[]): string {
  return join(packageRoot(), ...parts);
}

function walkUp(start: string): string {
  for (let dir = start; ; dir = dirname(dir)) {
    const file = join(dir, 'package.json');
    if (existsSync(file) && nameIn(file) === 'kmatrix') return dir;
    if (dirname(dir) === dir) throw new Error(`no package.json of kmatrix above ${start}`);
  }
}

function nameIn(file: string): unknown {
  return (JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown }).name;
}
