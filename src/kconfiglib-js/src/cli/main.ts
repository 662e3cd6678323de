import { type Io, processIo } from './io.ts';
import { readOptions } from './options.ts';
import { withDialect } from './parse-options.ts';
import { readTree } from './read-tree.ts';
import { run } from './run.ts';

/** The `kconf` command, without the caches a process of its own has. Returns its exit code. */
export function main(argv: readonly string[], io: Io = processIo()): number {
  const options = readOptions(argv, io.progname);
  return run(options, withDialect(io, options.dialect), readTree);
}
