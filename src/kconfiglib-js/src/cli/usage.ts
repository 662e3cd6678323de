import { DIALECTS } from '../parse/features.ts';

/** What each option does, for the usage text. Wording and layout are those scripts around `conf` expect. */
const OPTIONS: readonly (readonly [string, string])[] = [
  ['--listnewconfig', 'List new options'],
  ['--helpnewconfig', 'List new options and help text'],
  ['--oldaskconfig', 'Start a new configuration using a line-oriented program'],
  ['--oldconfig', 'Update a configuration using a provided .config as base'],
  [
    '--syncconfig',
    `Similar to oldconfig but generates configuration in\n${' '.repeat(26)}include/{generated/,config/}`,
  ],
  ['--olddefconfig', 'Same as oldconfig but sets new symbols to their default value'],
  ['--defconfig <file>', 'New config with default defined in <file>'],
  ['--savedefconfig <file>', 'Save the minimal current configuration to <file>'],
  ['--allnoconfig', 'New config where all options are answered with no'],
  ['--allyesconfig', 'New config where all options are answered with yes'],
  ['--allmodconfig', 'New config where all options are answered with mod'],
  ['--alldefconfig', 'New config with all symbols set to default'],
  ['--randconfig', 'New config with random answer to all options'],
  ['--yes2modconfig', 'Change answers from yes to mod if possible'],
  ['--mod2yesconfig', 'Change answers from mod to yes if possible'],
  ['--mod2noconfig', 'Change answers from mod to no if possible'],
];

/** What `conf` does not have. */
const OWN: typeof OPTIONS = [
  ['--dialect <name>', `Language and values: ${DIALECTS.join(', ')}`],
  ['--export-json <file>', 'Write tree and configuration as JSON; - is the standard output'],
  ['--no-snapshot', 'Read the tree anew, and keep no snapshot of it'],
  ['--no-shell-cache', 'Run all shell commands anew, and keep no answers'],
];

/** What the command line takes beyond that of `conf`. */
export function ownUsage(): string {
  return `\nOptions conf does not have:\n${OWN.map(line).join('')}`;
}

/** The usage text of `conf`. */
export function usage(progname: string): string {
  const modes = OPTIONS.map(line).join('');
  return (
    `Usage: ${progname} [options] <kconfig-file>\n\nGeneric options:\n` +
    '  -h, --help              Print this message and exit.\n' +
    '  -s, --silent            Do not print log.\n\nMode options:\n' +
    `${modes}  (If none of the above is given, --oldaskconfig is the default)\n`
  );
}

function line([name, text]: readonly [string, string]): string {
  return `  ${name.padEnd(24)}${text}\n`;
}
