import { plan } from 'kconfiglib-js';
import { toJson } from '../../input/index.ts';
import type { Command } from '../command.ts';
import { whyOf, whyText } from '../explain.ts';
import { formatOption } from '../format.ts';
import { exit } from '../io.ts';
import { reportNotTaken } from '../not-taken.ts';
import { optionSetOptions, resolveOptionSet } from '../option-source.ts';
import { outOption, writeRemark, writeResult } from '../output.ts';
import { planText } from '../plan-text.ts';

/** `kmatrix why`: an option's value and where it comes from, and what would give it another. */
export const whyCommand: Command = {
  name: 'why',
  usage: 'SYMBOL',
  description: [
    'Prints the value of an option and where it comes from: what sets it, selects it, or keeps it off.',
    'With --want it also prints the fewest settings that would give the option that value, or the lines ' +
      'of Kconfig that together exclude it; then the exit code is 1.',
  ],
  arity: [1, 1],
  options: {
    want: {
      type: 'string',
      value: 'VALUE',
      description: 'Also say what would give the option this value: y, m, n, a number or a text.',
    },
    keep: {
      type: 'string',
      value: 'NAME',
      multiple: true,
      description: 'With --want: leave the value of this option as it is.',
    },
    ...formatOption('term', 'json'),
    ...outOption,
    ...optionSetOptions,
  },
  examples: [
    ['kmatrix why PER_VMA_LOCK --set SMP=n', 'Why a uniprocessor kernel lacks per-VMA locks.'],
    ['kmatrix why PER_VMA_LOCK --set SMP=n --want y', 'What would give it them.'],
    ['kmatrix why USERFAULTFD --tree ~/src/linux --config .config', 'In a real tree.'],
  ],
  run: async (context) => {
    const { args, io } = context;
    const resolved = await resolveOptionSet(context);
    for (const warning of resolved.warnings) writeRemark(io, warning);
    const { config } = resolved;
    const why = whyOf(config, args.positionals[0] ?? '');
    const json = args.text('format') === 'json';
    const want = args.text('want');
    if (want === undefined) {
      writeResult(context, json ? toJson(why) : whyText(why));
      return reportNotTaken(resolved, io) ? exit.no : exit.done;
    }
    const keep = args.all('keep').map((name) => whyOf(config, name).name);
    const found = plan(config, why.name, want, { keep });
    writeResult(
      context,
      json ? toJson({ ...why, want, plan: found }) : whyText(why) + planText(why, want, found),
    );
    // A setting that does not take effect is no failure here: it may be the very thing that was asked about.
    reportNotTaken(resolved, io);
    return found.possible === true ? exit.done : exit.no;
  },
};
