import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defaultCacheDir, inputError } from '../input/index.ts';
import { type DanglingOptions, SourceTree, scanTree, topFile } from '../tree/index.ts';
import type { Context, OptionSpec } from './command.ts';
import { environmentOf, environmentOption } from './kconfig-file.ts';
import { writeRemark } from './output.ts';
import { userPath } from './paths.ts';
import { progressOn } from './progress.ts';
import { withoutOptimizing } from './short-run.ts';

/** Options of the commands that read the sources of a tree. */
export const sourceTreeOptions = {
  tree: { type: 'string', value: 'DIR', description: 'The source tree. Required.' },
  jobs: {
    type: 'string',
    value: 'N',
    description: 'Threads that read files. Default: one for each CPU.',
  },
  'no-cache': {
    type: 'boolean',
    description: 'Read every file; keep and use no index of an earlier run.',
  },
  ...environmentOption,
  quiet: { type: 'boolean', description: 'No progress and no remarks.' },
} as const satisfies Record<string, OptionSpec>;

/** How the files of a tree are read: threads, a signal to stop, and where what is learned is kept. */
export function readingOptions({ args, io, signal }: Context): DanglingOptions {
  const jobs = args.integer('jobs', 1);
  return {
    signal,
    ...(jobs !== undefined && { jobs }),
    ...(!args.has('no-cache') && { cache: defaultCacheDir(io.env) }),
  };
}

/** Scan the tree a command line names. What had to be left out is said on standard error. */
export function sourceTreeOf(context: Context, options?: DanglingOptions): Promise<SourceTree> {
  return scanOf(context, context.args.text('tree'), options);
}

/** The same for a folder that another option names. */
export async function scanOf(
  context: Context,
  given: string | undefined,
  options: DanglingOptions = readingOptions(context),
): Promise<SourceTree> {
  const { args, io } = context;
  if (given === undefined) {
    throw inputError(
      'usage',
      'no --tree DIR',
      undefined,
      'name a source tree, e.g. --tree ~/src/linux',
    );
  }
  const root = userPath(given, io).replace(/(.)\/+$/, '$1');
  const top = topFile(root);
  const quiet = args.has('quiet');
  const progress = progressOn(io, quiet);
  try {
    const index = await withoutOptimizing(() =>
      scanTree(root, {
        ...options,
        onProgress: (done, total) => progress.update(done, total, 'files'),
      }),
    );
    progress.end();
    if (top === undefined) {
      throw inputError(
        'no-kconfig',
        `${root} has no Kconfig file at its top: options cannot be told`,
        undefined,
        elsewhere(root),
      );
    }
    if (!quiet) {
      for (const { path, reason } of index.skipped.slice(0, 20)) {
        writeRemark(io, `skipped ${JSON.stringify(path).slice(1, -1)}: ${reason}`);
      }
      const more = index.skipped.length - 20;
      if (more > 0) writeRemark(io, `skipped ${more} more`);
    }
    return new SourceTree(root, index, undefined, environmentOf({ args }));
  } finally {
    progress.end();
  }
}

/** A word about a folder below that has what was looked for. */
function elsewhere(root: string): string | undefined {
  const inside = readdirSync(root, { withFileTypes: true }).find(
    (entry) => entry.isDirectory() && topFile(join(root, entry.name)) !== undefined,
  );
  return inside && `did you mean ${join(root, inside.name)}?`;
}
