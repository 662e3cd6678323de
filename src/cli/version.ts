import { readFileSync } from 'node:fs';
import { packagePath } from '../input/index.ts';

/** The version in kmatrix's own package.json. */
export function version(): string {
  const text = readFileSync(packagePath('package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
