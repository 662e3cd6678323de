import { join } from 'node:path';

/** Path of a golden file; `npx vitest run -u` writes it anew. */
export function golden(name: string): string {
  return join(import.meta.dirname, 'testdata', name);
}
