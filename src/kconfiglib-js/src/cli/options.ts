import { DIALECTS, dialectOf } from '../parse/features.ts';

/** The modes of `conf`, in its own order. */
export const MODES = [
  'oldaskconfig',
  'oldconfig',
  'syncconfig',
  'defconfig',
  'savedefconfig',
  'allnoconfig',
  'allyesconfig',
  'allmodconfig',
  'alldefconfig',
  'randconfig',
  'listnewconfig',
  'helpnewconfig',
  'olddefconfig',
  'yes2modconfig',
  'mod2yesconfig',
  'mod2noconfig',
] as const;

export type ConfMode = (typeof MODES)[number];

/** A command line, read. */
export interface Options {
  mode: ConfMode;
  /** Argument of defconfig and savedefconfig. */
  file: string;
  silent: boolean;
  help: boolean;
  /** May a snapshot of the tree be used and kept. */
  snapshot: boolean;
  /** May answers of the shell be used again and kept. */
  shellCache: boolean;
  /** The dialect, if the command line says one. */
  dialect?: string;
  /** Where to write the tree and the configuration as JSON. */
  exportJson?: string;
  /** Was a mode given. Without one, an export is all that is done. */
  modeGiven: boolean;
  /** Operands: the first is the Kconfig file. */
  operands: string[];
  /** What getopt would have complained about. */
  complaints: string[];
}

const WITH_ARGUMENT: ReadonlySet<string> = new Set(['defconfig', 'savedefconfig']);
const LONG = ['help', 'silent', ...MODES];

/** Read a command line as getopt_long does: long options may be cut short, and the last mode counts. */
export function readOptions(argv: readonly string[], progname: string): Options {
  const options: Options = {
    mode: 'oldaskconfig',
    file: '',
    silent: false,
    help: false,
    snapshot: true,
    shellCache: true,
    modeGiven: false,
    operands: [],
    complaints: [],
  };
  const rest = [...argv];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--') {
      options.operands.push(...rest);
      break;
    }
    if (arg === '--no-snapshot') options.snapshot = false;
    else if (arg === '--no-shell-cache') options.shellCache = false;
    else if (/^--(dialect|export-json)(=|$)/.test(arg)) ownOption(arg, rest, options, progname);
    else if (arg.startsWith('--')) longOption(arg.slice(2), rest, options, progname);
    else if (arg.startsWith('-') && arg.length > 1) {
      for (const letter of arg.slice(1)) {
        if (letter === 'h') options.help = true;
        else if (letter === 's') options.silent = true;
        else options.complaints.push(`${progname}: invalid option -- '${letter}'\n`);
      }
    } else options.operands.push(arg);
    if (options.help) break;
  }
  return options;
}

/** The options with an argument that `conf` does not have. They cannot be cut short. */
function ownOption(arg: string, rest: string[], options: Options, progname: string): void {
  const equals = arg.indexOf('=');
  const name = equals < 0 ? arg : arg.slice(0, equals);
  const value = equals < 0 ? rest.shift() : arg.slice(equals + 1);
  if (value === undefined || value === '') {
    options.complaints.push(`${progname}: option '${name}' requires an argument\n`);
    options.help = true;
  } else if (name === '--export-json') options.exportJson = value;
  else if (dialectOf(value)) options.dialect = value;
  else {
    options.complaints.push(`${progname}: unknown dialect '${value}': ${DIALECTS.join(', ')}\n`);
    options.help = true;
  }
}

function longOption(text: string, rest: string[], options: Options, progname: string): void {
  const equals = text.indexOf('=');
  const given = equals < 0 ? text : text.slice(0, equals);
  const exact = LONG.filter((name) => name === given);
  const found = exact.length > 0 ? exact : LONG.filter((name) => name.startsWith(given));
  const name = found[0];
  if (name === undefined) {
    options.complaints.push(`${progname}: unrecognized option '--${text}'\n`);
    return;
  }
  if (found.length > 1) {
    const possible = found.map((option) => ` '--${option}'`).join('');
    options.complaints.push(
      `${progname}: option '--${text}' is ambiguous; possibilities:${possible}\n`,
    );
    return;
  }
  if (name === 'help') options.help = true;
  else if (name === 'silent') options.silent = true;
  else if (WITH_ARGUMENT.has(name)) {
    const value = equals < 0 ? rest.shift() : text.slice(equals + 1);
    if (value === undefined) {
      options.complaints.push(`${progname}: option '--${name}' requires an argument\n`);
      return;
    }
    options.mode = name as ConfMode;
    options.modeGiven = true;
    options.file = value;
  } else if (equals >= 0) {
    options.complaints.push(`${progname}: option '--${name}' doesn't allow an argument\n`);
  } else {
    options.mode = name as ConfMode;
    options.modeGiven = true;
  }
}

/** Modes that need the values of symbols, and nothing of the menus they stand in. */
const VALUES_ONLY: ReadonlySet<ConfMode> = new Set([
  'olddefconfig',
  'defconfig',
  'savedefconfig',
  'allnoconfig',
  'allyesconfig',
  'allmodconfig',
  'alldefconfig',
  'yes2modconfig',
  'mod2yesconfig',
  'mod2noconfig',
] as const);

/** Does a run need the values of symbols only: a draft of the tree will do. */
export function needsValuesOnly({ mode, exportJson }: Options): boolean {
  return exportJson === undefined && VALUES_ONLY.has(mode);
}
