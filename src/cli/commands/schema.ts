import { didYouMean, inputError, toJson } from '../../input/index.ts';
import {
  calibrationSchema,
  checkChangesSchema,
  checkReportSchema,
  compatSchema,
  diffSchema,
  matrixChangesSchema,
  matrixDiffSchema,
  measurementSchema,
  optionsSchema,
  publishedSchema,
  refsSchema,
  reportSchema,
  surfaceSchema,
  tortureSchema,
  verdictSchema,
  verdictsSchema,
  whySchema,
} from '../../report/index.ts';
import type { Command } from '../command.ts';
import { exit } from '../io.ts';
import { outOption, writeResult } from '../output.ts';

const schemas = {
  report: reportSchema,
  diff: diffSchema,
  'matrix-diff': matrixDiffSchema,
  measurement: measurementSchema,
  published: publishedSchema,
  verdict: verdictSchema,
  verdicts: verdictsSchema,
  torture: tortureSchema,
  calibration: calibrationSchema,
  compat: compatSchema,
  check: checkReportSchema,
  'check-changes': checkChangesSchema,
  surface: surfaceSchema,
  'matrix-changes': matrixChangesSchema,
  refs: refsSchema,
  why: whySchema,
  options: optionsSchema,
} as const;

/** `kmatrix schema`: what exported JSON looks like, for programs that read it. */
export const schemaCommand: Command = {
  name: 'schema',
  usage: '[NAME]',
  description: [
    'Prints the JSON Schema (draft 2020-12) of what a command writes with --format json: "run", "merge" and "export" ' +
      '(report), "diff" of two configurations (diff) and of many (matrix-diff), "simulate" (measurement; published with --published), "verify" ' +
      '(verdict; verdicts with --all), "torture", "calibrate" (calibration), "compat", "check" (check-changes with --patch), "surface" (matrix-changes with ' +
      '--matrix), "refs", "why" and "resolve" (options; why with --symbol). Without an argument: that of the report.',
    `Names: ${Object.keys(schemas).join(', ')}.`,
  ],
  arity: [0, 1],
  options: outOption,
  examples: [
    ['kmatrix schema', 'The schema of a report.'],
    ['kmatrix schema diff --out diff.schema.json', 'The schema of a diff, into a file.'],
  ],
  run: async (context) => {
    const name = context.args.positionals[0] ?? 'report';
    if (!isName(name)) {
      const known = Object.keys(schemas);
      throw inputError(
        'usage',
        `there is no schema "${name}"`,
        undefined,
        didYouMean(name, known) ?? `there are: ${known.join(', ')}`,
      );
    }
    writeResult(context, toJson(schemas[name]));
    return exit.done;
  },
};

function isName(name: string): name is keyof typeof schemas {
  return Object.hasOwn(schemas, name);
}
