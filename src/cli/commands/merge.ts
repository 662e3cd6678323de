import { readText } from '../../input/index.ts';
import { mergeShards, parseShardFile } from '../../matrix/index.ts';
import type { Command } from '../command.ts';
import { filesNamed } from '../file-arguments.ts';
import { finishOf, finishRun, reportOptions } from '../finished-run.ts';
import { userPath } from '../paths.ts';

/** `kmatrix merge`: the report of a matrix that several machines ran. */
export const mergeCommand: Command = {
  name: 'merge',
  usage: 'FILE...',
  description: [
    'Puts the parts of a matrix together that "kmatrix run --shard i/n" wrote, in any order, and writes the ' +
      'report: byte for byte that of a run of the whole. All parts must be there and come from the same ' +
      'matrix, options and version of kmatrix.',
  ],
  arity: [1, 100_000],
  options: reportOptions,
  examples: [
    ['kmatrix merge part*.json', 'The report as Markdown.'],
    [
      'kmatrix merge part*.json --baseline base.json --fail-on surface',
      'The gate for the whole, after all parts ran.',
    ],
  ],
  run: async (context) => {
    const gate = finishOf(context);
    const parts = filesNamed(context.args.positionals, context.io).map((file) => ({
      file,
      part: parseShardFile(readText(userPath(file, context.io), 'part of a matrix'), file),
    }));
    return finishRun(context, mergeShards(parts), gate);
  },
};
