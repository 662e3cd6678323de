import type { Kconfig } from '../menu/kconfig.ts';
import { dialectOf, isSuperset } from '../parse/features.ts';
import { cacheDirectory } from '../snapshot/place.ts';
import { openSnapshot, type SnapshotPlace } from '../snapshot/snapshot.ts';
import { Exit, type Io, processIo } from './io.ts';
import { LineReader } from './line-reader.ts';
import { needsValuesOnly, type Options, readOptions } from './options.ts';
import { parseOptions, withDialect } from './parse-options.ts';
import { type ReadTree, run } from './run.ts';
import { printDiagnostic } from './session.ts';
import { commandShell } from './shells.ts';
import { tune, untune } from './tuning.ts';
import { leaveReader } from './unread-input.ts';

/** What a run comes to. */
export interface Outcome {
  /** The exit code. */
  code: number;
  /** The kind of work that was done: runs of one kind need about the same code. */
  work: string;
  /** To be called last. */
  leave(): void;
}

/**
 * Run the command as a process. The parser is loaded only if no snapshot of the tree holds: most runs are over a tree that
 * was read before.
 */
export async function start(argv: readonly string[]): Promise<Outcome> {
  const input = new LineReader(0);
  const given = processIo(input);
  const options = readOptions(argv, given.progname);
  const io = withDialect(given, options.dialect);
  const { read: readTree, work } = await treeReader(options, io);
  tune();
  const code = run(options, io, readTree);
  untune();
  const leave = (): void => {
    // A mode that asks may be fed although it comes to ask nothing; others leave their input to whoever shares it.
    if (input.asked || ASKING.test(options.mode)) leaveReader(input.hasUnread);
  };
  return { code, work: `${options.mode} ${work}`, leave };
}

const ASKING = /^old(ask)?config$/;

/** How the tree is come by. */
interface TreeReader {
  read: ReadTree;
  work: 'none' | 'open' | 'read' | 'keep';
}

async function treeReader(options: Options, io: Io): Promise<TreeReader> {
  const [file] = options.operands;
  if (file === undefined || options.help) return { read: nothing, work: 'none' };
  const { shell, files, begin, quiet, save } = await commandShell(options, io);
  const parsing = parseOptions(io, shell);
  const place = snapshotPlace(options, io, files);
  if (place) place.mayKeep = ({ diagnostics }) => diagnostics.length === 0 || quiet();
  tune();
  const kept = place && options.complaints.length === 0 && openSnapshot(file, parsing, place);
  untune();
  if (kept) {
    const print = (): Kconfig => {
      for (const d of kept.diagnostics) printDiagnostic(io, d);
      return kept;
    };
    return { read: print, work: 'open' };
  }
  const { readTree } = await import('./read-tree.ts');
  begin();
  const read = (): Kconfig => {
    // A snapshot has them for runs to come.
    const helps = place !== undefined || !needsValuesOnly(options);
    const kconfig = readTree(file, io, { ...parsing, helps }, place);
    save();
    return kconfig;
  };
  return { read, work: place ? 'keep' : 'read' };
}

function nothing(): never {
  throw new Exit(1);
}

function snapshotPlace(
  options: Options,
  io: Io,
  shellFiles: readonly string[],
): SnapshotPlace | undefined {
  if (!options.snapshot || io.env.KCONF_SNAPSHOT === '0') return undefined;
  // Patterns and optional files make the superset depend on files that are not there yet.
  if (isSuperset(dialectOf(io.env.KCONF_DIALECT))) return undefined;
  const directory = cacheDirectory(io.env);
  const whole = !needsValuesOnly(options);
  return directory === undefined
    ? undefined
    : { directory: `${directory}/trees`, cwd: io.cwd, shellFiles, whole };
}
