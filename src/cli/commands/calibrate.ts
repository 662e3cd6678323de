import { inputError, toJson } from '../../input/index.ts';
import {
  type Calibration,
  calibrate,
  loadMeasurements,
  loadProfile,
  residualTable,
  shippedMeasurements,
} from '../../kernel/index.ts';
import type { Command, Context } from '../command.ts';
import { formatOption } from '../format.ts';
import { exit } from '../io.ts';
import { outOption, writeResult } from '../output.ts';
import { nameOrPath } from '../paths.ts';
import { progressOn } from '../progress.ts';

const hint = 'kmatrix calibrate --help shows how';

/** `kmatrix calibrate`: a cost profile from measurements. */
export const calibrateCommand: Command = {
  name: 'calibrate',
  usage: 'MEASUREMENTS',
  description: [
    'Reads what single operations cost on one CPU of a real kernel, finds how often each operation of the model pays each ' +
      'price of a cost profile, and fits the prices: one least-squares fit for all operations and kernels together, with ' +
      'bounds, drawn weakly to first estimates. Prints for each figure what the model says with the fitted prices, and what it ' +
      'would say had the fit not seen the operation ("held out").',
    'MEASUREMENTS is a JSON or YAML file, or instructions-6.12, which comes with kmatrix and which the profile "instructions" is ' +
      'fitted to. Prices that no operation pays stay as they are in the profile the fit starts from.',
    '--format profile writes the fitted profile, --format json both.',
  ],
  arity: [0, 1],
  options: {
    ...formatOption('term', 'json', 'profile'),
    ...outOption,
    profile: {
      type: 'string',
      value: 'NAME',
      description:
        'Profile with the first estimates: a shipped one or a JSON file. Default for instructions-6.12: its own estimates.',
    },
    quiet: { type: 'boolean', description: 'No progress on standard error.' },
  },
  examples: [
    ['kmatrix calibrate instructions-6.12', 'How well the shipped profile can fit.'],
    [
      'kmatrix calibrate mine.json --profile server --format profile --out mine.profile.json',
      'A profile for your own machine.',
    ],
  ],
  run: async (context) => {
    const { args, io, signal } = context;
    const [given] = args.positionals;
    if (given === undefined) {
      throw inputError('usage', 'calibrate needs a file of measurements', undefined, hint);
    }
    const shipped = shippedMeasurements(given);
    const measurements = loadMeasurements(shipped?.path ?? nameOrPath(given, io));
    const start = args.text('profile');
    const profile = loadProfile(start === undefined ? shipped?.estimates : nameOrPath(start, io));
    const progress = progressOn(io, args.has('quiet'));
    try {
      const calibration = calibrate(measurements, profile, {
        signal,
        onProgress: (done, total) => progress.update(done, total, 'figures'),
      });
      progress.end();
      writeResult(context, calibrationIn(context, calibration));
    } finally {
      progress.end();
    }
    return exit.done;
  },
};

function calibrationIn({ args }: Context, calibration: Calibration): string {
  const { profile, residuals, unseen } = calibration;
  const format = args.text('format') ?? 'term';
  if (format === 'profile') return toJson(profile);
  if (format === 'json') return toJson({ schemaVersion: 1, ...calibration });
  const kept = unseen.length === 0 ? '' : `\n\nStill first estimates: ${unseen.join(', ')}`;
  return `${residualTable(residuals)}${kept}\n\nProfile: ${profile.name} (${profile.unit}); --format profile writes it\n`;
}
