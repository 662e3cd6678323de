import type { Config } from 'kconfiglib-js';
import { toJson } from '../../input/index.ts';
import type { Command, Context } from '../command.ts';
import { whyOf, whyText } from '../explain.ts';
import { formatOption } from '../format.ts';
import { exit } from '../io.ts';
import { reportNotTaken } from '../not-taken.ts';
import { optionSetOptions, resolveOptionSet } from '../option-source.ts';
import { outOption, writeRemark, writeResult } from '../output.ts';

/** `kmatrix resolve`: one option set, as the kernel's conf would resolve it. */
export const resolveCommand: Command = {
  name: 'resolve',
  usage: '[OPTIONS]',
  description: [
    "Resolves one option set as the kernel's own conf does and writes the .config. An option that " +
      '--set asks for and Kconfig does not give is reported with the reason, and the exit code is 1.',
  ],
  arity: [0, 0],
  options: {
    ...formatOption('config', 'json', 'defconfig'),
    ...outOption,
    ...optionSetOptions,
    symbol: { type: 'string', value: 'NAME', description: 'Print only this option, and why.' },
  },
  examples: [
    ['kmatrix resolve --set SMP=n --symbol PER_VMA_LOCK', 'One value and the reason for it.'],
    [
      'kmatrix resolve --tree ~/src/linux --config .config --format defconfig',
      'What savedefconfig would write.',
    ],
    ['kmatrix resolve --kconfig Kconfig --mode allyesconfig --out .config', 'Any Kconfig file.'],
  ],
  run: async (context) => {
    const { io } = context;
    const resolved = await resolveOptionSet(context);
    for (const warning of resolved.warnings) writeRemark(io, warning);
    writeResult(context, written(resolved.config, context));
    return reportNotTaken(resolved, io) ? exit.no : exit.done;
  },
};

function written(config: Config, { args }: Context): string {
  const symbol = args.text('symbol');
  const why = symbol === undefined ? undefined : whyOf(config, symbol);
  switch (args.text('format')) {
    case 'json':
      return toJson(why ?? values(config));
    case 'defconfig':
      return why ? whyText(why) : config.writeMinimal();
    default:
      return why ? whyText(why) : config.write();
  }
}

/** Every option the `.config` holds, by name. */
function values(config: Config): Record<string, string> {
  const written = [...config.kconfig.symbols].filter(({ name }) => config.written(name));
  return Object.fromEntries(written.map(({ name }) => [name, config.get(name)]));
}
