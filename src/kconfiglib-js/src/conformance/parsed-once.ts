import type { Shell } from '../preprocess/shell.ts';
import { parse, parseOptions, printDiagnostic, readOptions, run } from './built.ts';
import type { Kconf } from './fuzz-run.ts';

/**
 * The `kconf` command over a tree that is read at the first run only: all runs must have the same environment as far as
 * the tree asks for it, and directories with no Kconfig files of their own.
 */
export function parsedOnce(shell: Shell): Kconf {
  let kconfig: ReturnType<typeof parse> | undefined;
  return (argv, io) =>
    run(readOptions(argv, io.progname), io, (file) => {
      kconfig ??= parse(file, { ...parseOptions(io, shell), onDiagnostic: () => {} });
      for (const d of kconfig.diagnostics) printDiagnostic(io, d);
      return kconfig;
    });
}
