import { resolve } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { formatDiagnostic } from '../diagnostics/format.ts';
import type { Io } from './io.ts';

/** Print a diagnostic the way `conf` does; those it does not have are printed with an excerpt. */
export function printDiagnostic(io: Io, d: Diagnostic): void {
  if (d.conf === undefined) io.stderr(`${formatDiagnostic(d)}\n`);
  else if (d.stream === 'stdout') io.stdout(d.conf);
  else io.stderr(d.conf);
}

/** Directories in which `conf` looks for a file: its own, then the source tree. */
export function searchPath(io: Io): string[] {
  const { srctree } = io.env;
  return srctree === undefined ? [io.cwd] : [io.cwd, resolve(io.cwd, srctree)];
}
