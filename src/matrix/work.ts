import type { Config } from 'kconfiglib-js';
import { breathe, readText } from '../input/index.ts';
import { buildId } from './build-id.ts';
import { cacheKey, type MeasurementCache } from './cache.ts';
import type { CellTask } from './cell-task.ts';
import type { OpenCell, Task } from './open-cell.ts';
import type { ResolvedCell } from './resolve.ts';
import { kernelKey } from './same-kernels.ts';
import type { KernelStage, StageConfig, StageEdition, StageKernel } from './stage.ts';
import { Tasks } from './tasks.ts';
import type { CellSpec } from './types.ts';
import { workloadContent } from './workload-content.ts';

/** The profile that counts instructions. */
const COUNTING = 'instructions';

/** What all measurements of a run have in common, and where earlier ones are. */
export interface WorkOptions {
  readonly runs: number;
  readonly seed: number;
  readonly profile?: string;
  readonly cache?: MeasurementCache;
  readonly signal?: AbortSignal;
}

/** Makes cells' kernels, finds out which are the same, and what there is to simulate. */
export class Work<E extends StageEdition, K extends StageKernel, W> {
  readonly #stage: KernelStage<E, K, W>;
  readonly #options: WorkOptions;
  readonly #firstCell = new Map<string, string>();
  /** What reports tell of kernels; a whole kernel holds the configuration it was made from. */
  readonly #kernels = new Map<string, Pick<StageKernel, 'lock' | 'surface'>>();
  readonly tasks = new Tasks();
  readonly #known = new Map<string, Task>();
  readonly #workloadTexts = new Map<string, string>();
  #profile: string | undefined;

  constructor(stage: KernelStage<E, K, W>, options: WorkOptions) {
    this.#stage = stage;
    this.#options = options;
  }

  cell(edition: E, resolved: ResolvedCell): OpenCell {
    const { spec, refusals, notes, kconfig, options } = resolved;
    const common = { spec, refusals, notes, kconfig, options };
    if (refusals.length > 0) {
      const result = {
        ...common,
        status: 'rejected' as const,
        relevant: null,
        sameAs: null,
        lock: null,
        surface: null,
        fallbackSites: [],
      };
      return { result, tasks: [], costs: [] };
    }
    const made = this.#stage.instantiate(edition, stageConfig(resolved.config));
    const relevant = sortedRecord(made.relevant);
    const key = kernelKey(edition.name, relevant);
    const sameAs = this.#firstCell.get(key) ?? null;
    if (sameAs === null) {
      this.#firstCell.set(key, spec.id);
      this.#kernels.set(key, { lock: made.lock, surface: made.surface });
    }
    // Equal kernels share one surface object, so that a result of many cells stays small in memory.
    const kernel = this.#kernels.get(key)!;
    const result = {
      ...common,
      status: 'ok' as const,
      relevant,
      sameAs,
      lock: kernel.lock,
      surface: kernel.surface,
      fallbackSites: kernel.surface.fallbackSites,
    };
    return {
      result,
      tasks: spec.workloads.map((workload) => this.#task(spec, relevant, { workload })),
      costs: (spec.costs ?? []).flatMap((workload) => [
        this.#task(spec, relevant, { workload, cpus: [1], pays: true }),
        this.#task(spec, relevant, { workload, cpus: [1], profile: COUNTING }),
      ]),
    };
  }

  #task(
    spec: CellSpec,
    relevant: Readonly<Record<string, string>>,
    own: Pick<CellTask, 'workload'> & Partial<CellTask>,
  ): Task {
    const { runs, seed, profile } = this.#options;
    const task: CellTask = {
      edition: spec.edition,
      relevant,
      cpus: spec.cpus,
      runs,
      seed,
      ...(profile !== undefined && { profile }),
      ...own,
    };
    const key = JSON.stringify(task);
    let known = this.#known.get(key);
    if (!known) {
      known = this.tasks.add(task);
      this.#known.set(key, known);
    }
    return known;
  }

  /** Fill in the measurements the cache has. */
  async recall(onMeasured: (task: Task) => void): Promise<void> {
    const { cache, signal } = this.#options;
    if (!cache) return;
    let asked = 0;
    for (const task of this.tasks) {
      if (asked++ % 32 === 0) await breathe();
      signal?.throwIfAborted();
      task.key = this.#cacheKey(task.task);
      const cached = cache.get(task.key);
      if (!cached) continue;
      this.tasks.settle(task, cached);
      onMeasured(task);
    }
  }

  #cacheKey(task: CellTask): string {
    const workload = this.#workloadText(task.workload);
    return cacheKey([buildId(), { ...task, workload, profile: this.#profileText(task.profile) }]);
  }

  /** The text of a profile that is a file; shipped ones are part of the build. */
  #profileText(profile: CellTask['profile']): CellTask['profile'] {
    if (typeof profile === 'object') return profile;
    if (profile === undefined || !/[/\\.]/.test(profile)) return profile ?? '';
    this.#profile ??= readText(profile, 'cost profile');
    return this.#profile;
  }

  #workloadText(name: string): string {
    let text = this.#workloadTexts.get(name);
    if (text === undefined) {
      text = workloadContent(this.#stage.loadWorkload(name));
      this.#workloadTexts.set(name, text);
    }
    return text;
  }
}

function stageConfig(config: Config): StageConfig {
  const { symbols } = config.kconfig;
  return {
    get: (name) => config.get(name),
    definedIn: (name) => symbols.get(name)?.nodes[0]?.span.file,
  };
}

function sortedRecord(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
