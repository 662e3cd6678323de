import type { BatchEngine } from '../batch/engine.ts';
import type { Kconfig } from '../menu/kconfig.ts';
import { dialectOf, isSuperset } from '../parse/features.ts';
import { type FoundSnapshot, findSnapshot } from '../snapshot/find.ts';
import type { SnapshotPlace } from '../snapshot/origin.ts';
import { cacheDirectory } from '../snapshot/place.ts';
import { engineFor, findLoop, mayBatch, readAndBatch, runBatch } from './batch.ts';
import { Exit, type Io, processIo } from './io.ts';
import { LineReader } from './line-reader.ts';
import { needsValuesOnly, type Options, readOptions } from './options.ts';
import { parseOptions, withDialect } from './parse-options.ts';
import { printDiagnostic } from './print.ts';
import type { ReadTree } from './run.ts';
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
 * Run the command as a process. The parser is loaded only if no snapshot of the tree holds, for most runs are over a tree
 * that was read before; and what does all that the command can do only if the run is not one of the usual ones.
 */
export async function start(argv: readonly string[]): Promise<Outcome> {
  const input = new LineReader(0);
  const given = processIo(input);
  const options = readOptions(argv, given.progname);
  const io = withDialect(given, options.dialect);
  const { code, work } = await perform(options, io);
  const leave = (): void => {
    // A mode that asks may be fed although it comes to ask nothing; others leave their input to whoever shares it.
    if (input.asked || ASKING.test(options.mode)) leaveReader(input.hasUnread);
  };
  return { code, work: `${options.mode} ${work}`, leave };
}

const ASKING = /^old(ask)?config$/;

/** What was done, and the exit code. */
interface Done {
  code: number;
  work: string;
}

async function perform(options: Options, io: Io): Promise<Done> {
  const [file] = options.operands;
  if (file === undefined || options.help) return runWhole(options, io, nothing, 'none');
  const shell = await commandShell(options, io);
  const parsing = parseOptions(io, shell.shell);
  const place = snapshotPlace(options, io, shell.files);
  const batch = mayBatch(options, io);
  if (place && options.complaints.length === 0) {
    let engine: BatchEngine | undefined;
    const lender = (size: number): BatchEngine | undefined => {
      engine = engineFor(size);
      return engine;
    };
    const found = findSnapshot(file, parsing, place, batch ? lender : undefined);
    const code = found && engine && runOnSnapshot(options, io, found, engine);
    if (code !== undefined) return { code, work: 'batch' };
    const { treeOf } = found ? await import('./whole.ts') : {};
    const kept = found && treeOf?.(found, place.whole);
    if (kept) return runWhole(options, io, printing(kept, io), 'open');
  }
  const { readTree } = await import('./read-tree.ts');
  shell.begin();
  const read = (): Kconfig => {
    // A snapshot has them for runs to come.
    const helps = place !== undefined || !needsValuesOnly(options);
    if (place) place.mayKeep = ({ diagnostics }) => diagnostics.length === 0 || shell.quiet();
    const kconfig = readTree(file, io, { ...parsing, helps, ...(batch && { findLoop }) }, place);
    shell.save();
    return kconfig;
  };
  const work = place ? 'keep' : 'read';
  if (!batch) return runWhole(options, io, read, work);
  tune();
  const done = readAndBatch(options, io, read);
  untune();
  if (typeof done === 'number') return { code: done, work: `${work} batch` };
  return runWhole(options, io, () => done, work);
}

/** Print what there is to say about a tree when it is first needed. */
function printing(kept: Kconfig, io: Io): ReadTree {
  return () => {
    for (const d of kept.diagnostics) printDiagnostic(io, d);
    return kept;
  };
}

function runOnSnapshot(
  options: Options,
  io: Io,
  { program, hashOrder, summary }: FoundSnapshot,
  engine: BatchEngine,
): number | undefined {
  const { diagnostics, mainmenu } = summary;
  // What is to be printed about the tree comes first, and others do that.
  if (diagnostics.length > 0) return undefined;
  return runBatch(options, io, { program, hashOrder, mainmenu }, engine);
}

/** Everything that a run may need. */
async function runWhole(options: Options, io: Io, readTree: ReadTree, work: string): Promise<Done> {
  const { run } = await import('./whole.ts');
  tune();
  const code = run(options, io, readTree);
  untune();
  return { code, work };
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
