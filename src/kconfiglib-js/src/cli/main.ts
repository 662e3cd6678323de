import { findLoop, mayBatch, readAndBatch } from './batch.ts';
import { type Io, processIo } from './io.ts';
import { readOptions } from './options.ts';
import { parseOptions, withDialect } from './parse-options.ts';
import { readTree } from './read-tree.ts';
import { run } from './run.ts';

/** The `kconf` command, without the caches a process of its own has. Returns its exit code. */
export function main(argv: readonly string[], given: Io = processIo()): number {
  const options = readOptions(argv, given.progname);
  const io = withDialect(given, options.dialect);
  if (!mayBatch(options, io)) return run(options, io, readTree);
  const [file] = options.operands as [string];
  const done = readAndBatch(options, io, () =>
    readTree(file, io, { ...parseOptions(io), findLoop }),
  );
  return typeof done === 'number' ? done : run(options, io, () => done);
}
