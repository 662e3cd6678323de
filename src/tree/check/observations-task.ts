import { loadParser } from '../c/parser.ts';
import type { Configuration } from '../preprocess/configuration.ts';
import { type Done, takeFrom } from '../scan/tree-task.ts';
import { receivedTree, type SentTree, sentTree } from '../source/sent-tree.ts';
import type { SourceTree } from '../source/source-tree.ts';
import type { Observation } from './observe.ts';
import { Observer } from './observer.ts';

/** A configuration as it is sent. */
type SentConfiguration = Omit<Configuration, 'values'> & {
  /** Values of all options that the tree mentions, as far as they have one. */
  readonly options: ReadonlyMap<string, string>;
};

/** What a thread that looks at files in configurations is told. */
export interface ObservationsTask {
  readonly kind: 'observations';
  readonly tree: SentTree;
  readonly paths: readonly string[];
  readonly configurations: readonly SentConfiguration[];
  /** Numbers of the looks there are to do. */
  readonly looks: readonly number[];
  /** The folder in which looks are kept, each when it is done. */
  readonly cache: string | undefined;
  /** Shared: how many of the looks somebody has taken, and how many are done. */
  readonly counter: Int32Array<SharedArrayBuffer>;
}

/** What came of some of the looks, by their numbers. */
export type ObservationsPart = readonly (readonly [look: number, found: Observation])[];

/**
 * Looks at each of some files in each of some configurations are numbered by configurations first: so threads seldom share
 * one, and what a build makes in it is made once.
 */
export function lookAt(
  look: number,
  files: number,
): { readonly file: number; readonly at: number } {
  return { file: look % files, at: Math.floor(look / files) };
}

/** What is to be told of a tree, files, and configurations. */
export function observationsTask(
  tree: SourceTree,
  paths: readonly string[],
  configurations: readonly Configuration[],
  { looks, cache, counter }: Pick<ObservationsTask, 'looks' | 'cache' | 'counter'>,
): ObservationsTask {
  const { names } = tree.index.columns;
  const sent = configurations.map(({ values, ...rest }) => {
    const options = new Map<string, string>();
    for (const name of names) {
      const value = values(name);
      if (value !== undefined) options.set(name, value);
    }
    return { ...rest, options };
  });
  return {
    kind: 'observations',
    tree: sentTree(tree),
    paths,
    configurations: sent,
    looks,
    cache,
    counter,
  };
}

/** Do such a task in a thread. */
export async function doObservationsTask(task: ObservationsTask): Promise<Done> {
  const { paths, looks, cache, counter } = task;
  const configurations = task.configurations.map(({ options, ...rest }) => ({
    ...rest,
    values: (name: string) => options.get(name),
  }));
  const tree = receivedTree(task.tree);
  const observer = new Observer(tree, configurations, await loadParser(), cache);
  const take = takeFrom(counter, looks.length, 1);
  const part: [number, Observation][] = [];
  for (let next = take(); next >= 0; next = take()) {
    const look = looks[next] as number;
    const { file, at } = lookAt(look, paths.length);
    part.push([look, observer.observe(paths[file] as string, at)]);
    Atomics.add(counter, 1, 1);
  }
  return { part: part satisfies ObservationsPart };
}
