import { isBatchable } from '../batch/bind.ts';
import { BatchEngine } from '../batch/engine.ts';
import { hasLoop } from '../eval/loops.ts';
import type { Program } from '../eval/program.ts';
import type { Kconfig } from '../menu/kconfig.ts';
import { dotconfigHead } from '../write/head.ts';
import { autoConfName, configName, framed, saveConfig } from './config-file.ts';
import { Exit, Files, type Io } from './io.ts';
import type { Options } from './options.ts';
import { withoutTierUp } from './tuning.ts';

/** A tree as far as a batch needs it. */
export interface BatchTree {
  program: Program;
  hashOrder?: Int32Array;
  mainmenu: string;
}

/** Bytes for a tree and what is made in a run, beside what the snapshot takes. Those that are not used cost nothing. */
const ROOM = 1 << 25;

let shared: BatchEngine | undefined;

/** The engine for trees that are read, in which at most this program lies. */
function sharedEngine(program: Program): BatchEngine | undefined {
  shared ??= engineFor(0);
  if (!shared?.holds(program)) shared?.clear();
  return shared;
}

/** What `hasLoop` says, by WebAssembly if that can be had. */
export function findLoop(program: Program): boolean {
  if (!isBatchable(program)) return hasLoop(program);
  try {
    return sharedEngine(program)?.hasLoop(program) ?? hasLoop(program);
  } catch {
    // The tree is too large.
    return hasLoop(program);
  }
}

/** An engine for a snapshot of so many bytes. */
export function engineFor(size: number): BatchEngine | undefined {
  return withoutTierUp(() => BatchEngine.open(size + ROOM));
}

/** Is a run one of those that are mostly done in WebAssembly: `--olddefconfig` where nobody wants to know of anything more. */
export function mayBatch(
  { mode, exportJson, complaints, help, operands }: Options,
  io: Io,
): boolean {
  const { KCONFIG_WARN_UNKNOWN_SYMBOLS: warns, CONFIG_: prefix = 'CONFIG_' } = io.env;
  return (
    mode === 'olddefconfig' &&
    exportJson === undefined &&
    complaints.length === 0 &&
    !help &&
    operands.length > 0 &&
    warns === undefined &&
    /^\w*$/.test(prefix)
  );
}

/**
 * Do a run in WebAssembly: read the configuration, find all values, write it anew. Gives the exit code; undefined where
 * that cannot be done, and then nothing was printed or written.
 */
export function runBatch(
  { silent }: Options,
  io: Io,
  tree: BatchTree,
  engine?: BatchEngine,
): number | undefined {
  if (!isBatchable(tree.program)) return undefined;
  const files = new Files(io.cwd);
  const name = configName(io);
  // Without it the files for the build are written, too.
  if (!files.exists(autoConfName(io))) return undefined;
  const input = openConfig(files, name, io.env.srctree);
  // Lines end there, which only the reader in JavaScript knows.
  if (input?.includes(0)) return undefined;
  const text = input && resolve(tree, input, io.env.CONFIG_ ?? 'CONFIG_', engine);
  if (!text) return undefined;
  const message = (line: string): void => {
    if (!silent) io.stdout(framed(line));
  };
  if (saveConfig({ name, files, io, message }, () => text)) return 0;
  io.stderr('\n*** Error during writing of the configuration.\n\n');
  return 1;
}

/** Read a tree and do a run on it in WebAssembly. Gives the exit code; where that cannot be done, the tree. */
export function readAndBatch(options: Options, io: Io, read: () => Kconfig): number | Kconfig {
  try {
    const kconfig = read();
    const { program, mainmenu } = kconfig;
    const code = kconfig.isDraft ? runBatch(options, io, { program, mainmenu }) : undefined;
    return code ?? kconfig;
  } catch (error) {
    if (error instanceof Exit) return error.code;
    throw error;
  }
}

/** The configuration here, or in the source tree. */
function openConfig(files: Files, name: string, srctree?: string): Uint8Array | undefined {
  const here = files.readBytes(name);
  if (here || name.startsWith('/') || srctree === undefined) return here;
  return files.readBytes(`${srctree}/${name}`);
}

function resolve(
  tree: BatchTree,
  input: Uint8Array,
  prefix: string,
  own?: BatchEngine,
): Uint8Array | undefined {
  const engine = own ?? sharedEngine(tree.program);
  try {
    const outcome = engine?.run(tree, { input, prefix, head: dotconfigHead(tree.mainmenu) });
    return outcome && 'text' in outcome ? outcome.text : undefined;
  } catch {
    // Values that depend on each other through more symbols than the stack has room for, or a tree that is too large.
    return undefined;
  }
}
