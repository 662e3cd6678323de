import type { OptionSource } from '../matrix/index.ts';
import type { Progress } from './progress.ts';

/** An option source that says which Kconfig it reads while it does: that takes a while for a real tree. */
export function toldSource(
  source: OptionSource,
  tree: string | undefined,
  progress: Progress,
): OptionSource {
  const read = new Set<string>();
  let of: number | undefined;
  return {
    editionNames: (editions) => {
      const names = source.editionNames(editions);
      of = names.length;
      return names;
    },
    optionsOf: (edition) => {
      const what = tree ?? edition.name;
      if (read.has(what)) return source.optionsOf(edition);
      read.add(what);
      const number = tree === undefined && of !== undefined ? ` (${read.size} of ${of})` : '';
      progress.say(`reading Kconfig of ${what}${number}`);
      try {
        return source.optionsOf(edition);
      } finally {
        progress.end();
      }
    },
  };
}
