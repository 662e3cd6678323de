import { BOUNDS_HEADER, boundsIn, boundsSetting } from '../c/bounds.ts';
import type { SyntaxParser } from '../c/parser.ts';
import { type Configuration, plainFiles, settingOf, unitIn } from '../preprocess/configuration.ts';
import type { Generated } from '../preprocess/kernel-files.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { includerOf } from '../surface/built.ts';
import { KeptUnits, type UnitAsked } from './kept-units.ts';
import { notRead, type Observation, observe } from './observe.ts';
import { namesIn, type Source, sourceOf } from './source-of.ts';

interface Named extends Source {
  readonly names: ReadonlySet<string> | string;
}

/** Looks at files in configurations of a tree, in any order; what many of them share is read once. */
export class Observer {
  readonly #tree: SourceTree;
  readonly #configurations: readonly Configuration[];
  readonly #parser: SyntaxParser;
  readonly #kept: KeptUnits;
  readonly #generated = new Map<number, Generated>();
  readonly #sources = new Map<string, Named>();

  /** @param cache  the folder in which looks are kept; without one none are */
  constructor(
    tree: SourceTree,
    configurations: readonly Configuration[],
    parser: SyntaxParser,
    cache?: string,
  ) {
    this.#tree = tree;
    this.#configurations = configurations;
    this.#parser = parser;
    this.#kept = new KeptUnits(tree, cache);
  }

  /** What an earlier look has shown, if nothing has changed since. */
  kept(path: string, at: number): Observation | undefined {
    const { names } = this.#source(path);
    if (typeof names === 'string') return undefined;
    return this.#kept.get(this.#asked(path, at)) as Observation | undefined;
  }

  /** What a file, by its path on the disk, shows in one of the configurations. */
  observe(path: string, at: number): Observation {
    const { main, text, names } = this.#source(path);
    if (typeof names === 'string') return notRead(names);
    const asked = this.#asked(path, at);
    const { setting, configuration } = asked;
    return this.#kept.make(asked, (files) => {
      const unit = unitIn(setting, files, { focus: main });
      const whole = setting.main === main ? undefined : setting.main;
      return observe(this.#tree, unit, { main, text, names, whole }, configuration, this.#parser);
    });
  }

  #asked(path: string, at: number): UnitAsked {
    const source = this.#source(path);
    const { main } = source;
    const configuration = this.#configurations[at] as Configuration;
    const tree = this.#tree;
    const whole = tree.has(main) ? includerOf(main, { ...configuration, tree }) : undefined;
    const setting = settingOf(tree, whole ?? main, configuration, this.#generatedIn(at));
    return { kind: 'look', setting, configuration, source };
  }

  /** The files a build makes in a configuration. */
  #generatedIn(at: number): Generated {
    let generated = this.#generated.get(at);
    if (!generated) {
      const configuration = this.#configurations[at] as Configuration;
      const made = plainFiles(this.#tree, configuration);
      const setting = boundsSetting(this.#tree, configuration, made);
      if (setting)
        made.set(BOUNDS_HEADER, this.#bounds({ kind: 'bounds', setting, configuration }));
      this.#generated.set(at, (generated = made));
    }
    return generated;
  }

  #bounds(asked: UnitAsked): string {
    const { setting, configuration } = asked;
    const kept = this.#kept.get(asked) as string | undefined;
    return (
      kept ??
      this.#kept.make(asked, (files) =>
        boundsIn(unitIn(setting, files), configuration, this.#parser),
      )
    );
  }

  #source(path: string): Named {
    let known = this.#sources.get(path);
    if (!known) {
      const source = sourceOf(this.#tree, path);
      known = { ...source, names: namesIn(source.text) };
      this.#sources.set(path, known);
    }
    return known;
  }
}
