import { leaveUnnamed } from '../eval/classic-choice.ts';
import { exportConfig } from '../export/config.ts';
import { exportKconfig } from '../export/kconfig.ts';
import { exportText } from '../export/text.ts';
import type { Kconfig } from '../menu/kconfig.ts';
import { TYPE } from '../menu/model.ts';
import { writeMinimal } from '../write/minimal.ts';
import { Dialogue } from './dialogue.ts';
import { HeldOutput } from './held-output.ts';
import { Exit, type Io } from './io.ts';
import { listNew } from './list-new.ts';
import { type ConfMode, needsValuesOnly, type Options } from './options.ts';
import { chooseSeed, randomize } from './randomize.ts';
import { Session, UnmetInDraft } from './session.ts';
import { writeAutoconf } from './sync.ts';
import { ownUsage, usage } from './usage.ts';

/** Reads the Kconfig files of a run, and prints what there is to say about them. */
export type ReadTree = (file: string, io: Io) => Kconfig;

/** Do what a command line says. `readTree` reads the Kconfig files. */
export function run(options: Options, io: Io, readTree: ReadTree): number {
  try {
    return runMode(options, io, readTree);
  } catch (error) {
    if (error instanceof Exit) return error.code;
    throw error;
  }
}

function runMode(options: Options, io: Io, readTree: ReadTree): number {
  for (const complaint of options.complaints) io.stderr(complaint);
  if (options.help) {
    io.stdout(usage(io.progname) + ownUsage());
    return 1;
  }
  const [file] = options.operands;
  if (file === undefined) {
    io.stderr(`${io.progname}: Kconfig file missing\n`);
    io.stdout(usage(io.progname));
    return 1;
  }
  const seed = options.mode === 'randconfig' ? chooseSeed(io) : 0;
  const kconfig = readTree(file, io);
  if (kconfig.isDraft && needsValuesOnly(options)) {
    const held = new HeldOutput(io);
    try {
      const code = runOn(kconfig, options, held.io, seed);
      held.release();
      return code;
    } catch (error) {
      if (!(error instanceof UnmetInDraft)) {
        held.release();
        throw error;
      }
      // Nothing was written yet: values come before files.
    }
  }
  kconfig.complete();
  return runOn(kconfig, options, io, seed);
}

function runOn(kconfig: Kconfig, options: Options, io: Io, seed: number): number {
  const session = new Session(io, kconfig);
  session.silent = options.silent || options.mode === 'syncconfig';
  if (options.exportJson !== undefined && !options.modeGiven) {
    session.readConfig(undefined);
    return writeExport(options.exportJson, session);
  }
  readInput(options, session);
  if (session.fileErrors) return 1;
  const update = options.mode !== 'syncconfig' || !io.env.KCONFIG_NOSILENTUPDATE;
  if (!update && session.changed) {
    io.stderr('\n*** The configuration requires explicit update.\n\n');
    return 1;
  }
  fillIn(options.mode, session, seed);
  if (session.unmetErrors) return 1;
  const code = writeOutput(options, session, update);
  return code === 0 && options.exportJson !== undefined
    ? writeExport(options.exportJson, session)
    : code;
}

/** Write the tree and the configuration as JSON; `-` stands for the standard output. */
function writeExport(file: string, { config, files, io }: Session): number {
  const text = exportText({ kconfig: exportKconfig(config.kconfig), config: exportConfig(config) });
  if (file === '-') io.stdout(text);
  else if (!files.makeParent(file) || !files.write(file, text)) {
    io.stderr(`*** Error while writing ${file}\n`);
    return 1;
  }
  return 0;
}

function readInput({ mode, file }: Options, session: Session): void {
  switch (mode) {
    case 'defconfig':
      if (!session.readConfig(file)) {
        session.io.stderr(`***\n*** Can't find default configuration "${file}"!\n***\n`);
        throw new Exit(1);
      }
      return;
    case 'allnoconfig':
    case 'allyesconfig':
    case 'allmodconfig':
    case 'alldefconfig':
    case 'randconfig':
      readSeed(mode, session);
      return;
    default:
      session.readConfig(undefined);
  }
}

/** KCONFIG_ALLCONFIG: a file name, or "" or "1" for the usual names. */
function readSeed(mode: ConfMode, session: Session): void {
  const name = session.io.env.KCONFIG_ALLCONFIG;
  if (name === undefined) return;
  const read = (file: string): boolean => {
    if (!session.readValues(file)) return false;
    leaveUnnamed(session.config.evaluator);
    return true;
  };
  if (name !== '' && name !== '1') {
    if (read(name)) return;
    session.io.stderr(`*** Can't read seed configuration "${name}"!\n`);
    throw new Exit(1);
  }
  const usual = mode === 'randconfig' ? 'allrandom.config' : mode.replace(/config$/, '.config');
  if (read(usual) || read('all.config')) return;
  session.io.stderr(`*** KCONFIG_ALLCONFIG set, but no "${usual}" or "all.config" file found\n`);
  throw new Exit(1);
}

function fillIn(mode: ConfMode, session: Session, seed: number): void {
  const { config } = session;
  switch (mode) {
    case 'allnoconfig':
    case 'allyesconfig':
    case 'allmodconfig':
    case 'alldefconfig':
      config.apply(mode);
      session.invalidate();
      return;
    case 'defconfig':
      session.invalidate();
      return;
    case 'yes2modconfig':
      rewriteTristates(session, 'y', 'm');
      return;
    case 'mod2yesconfig':
      rewriteTristates(session, 'm', 'y');
      return;
    case 'mod2noconfig':
      rewriteTristates(session, 'm', 'n');
      return;
    case 'listnewconfig':
    case 'helpnewconfig':
      listNew(session, mode === 'helpnewconfig');
      return;
    case 'randconfig':
      randomize(session, seed);
      return;
    case 'oldaskconfig':
    case 'oldconfig':
    case 'syncconfig':
      new Dialogue(session, mode === 'oldaskconfig').run();
      return;
    default:
  }
}

/** Turn one user value of all tristates into another. Without modules there are no tristates. */
function rewriteTristates(session: Session, from: 'y' | 'm', to: 'y' | 'm' | 'n'): void {
  const { evaluator } = session.config;
  const number = { n: 1, m: 2, y: 3 };
  const { size, type } = evaluator.program;
  for (let id = 3; id < size; id++) {
    const tristate = type[id] === TYPE.TRISTATE && !evaluator.isBool(id);
    if (tristate && evaluator.user[id] === number[from]) evaluator.user[id] = number[to];
  }
  session.invalidate();
}

function writeOutput({ mode, file }: Options, session: Session, update: boolean): number {
  const { io } = session;
  if (mode === 'savedefconfig') {
    session.invalidate();
    if (session.files.write(file, writeMinimal(session.config, session.prefix))) return 0;
    io.stderr(`n*** Error while saving defconfig to: ${file}\n\n`);
    return 1;
  }
  if (mode === 'listnewconfig' || mode === 'helpnewconfig') return 0;
  if (update && !session.writeConfig()) {
    io.stderr('\n*** Error during writing of the configuration.\n\n');
    return 1;
  }
  const sync = mode === 'syncconfig';
  if (!writeAutoconf(session, sync) && sync) {
    io.stderr('\n*** Error during sync of the configuration.\n\n');
    return 1;
  }
  return 0;
}
