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

/** The usage text. */
export function usage(progname: string): string {
  const modes = OPTIONS.map(([name, text]) => `  ${name.padEnd(24)}${text}\n`).join('');
  return (
    `Usage: ${progname} [options] <kconfig-file>\n\nGeneric options:\n` +
    '  -h, --help              Print this message and exit.\n' +
    '  -s, --silent            Do not print log.\n\nMode options:\n' +
    `${modes}  (If none of the above is given, --oldaskconfig is the default)\n`
  );
}
