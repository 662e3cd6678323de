import { KconfigError } from '../diagnostics/diagnostic.ts';
import type { Kconfig } from '../menu/kconfig.ts';
import { CompiledParser } from '../parse/compiled.ts';
import { type ParseOptions, parse } from '../parse/parse.ts';
import type { SnapshotPlace } from '../snapshot/origin.ts';
import { parseAndKeep } from '../snapshot/snapshot.ts';
import { Exit, type Io } from './io.ts';
import { parseOptions } from './parse-options.ts';
import { withoutTierUp } from './tuning.ts';

/** Read the Kconfig files with the parser. With a place for it, a snapshot is kept. */
export function readTree(
  file: string,
  io: Io,
  given: ParseOptions = parseOptions(io),
  place?: SnapshotPlace,
): Kconfig {
  const openCompiled = (keepsHelps: boolean): CompiledParser | undefined =>
    withoutTierUp(() => CompiledParser.open(keepsHelps));
  const options = { ...given, openCompiled };
  try {
    return place ? parseAndKeep(file, options, place, parse) : parse(file, options);
  } catch (error) {
    if (error instanceof KconfigError) throw new Exit(1);
    throw error;
  }
}
