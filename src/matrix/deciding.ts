import type { Surface } from '../kernel/index.ts';
import type { KernelStage, StageEdition, StageKernel } from './stage.ts';

/** An option that decides about something, and the value that would decide otherwise. */
export interface DecidingOption {
  readonly option: string;
  /** Its value in the kernel asked about; empty where it has none there. */
  readonly value: string;
  readonly needed: string;
}

/** Options a kernel looked at, with their values. */
type Options = Readonly<Record<string, string>>;

/** Instantiates kernels of one edition with single options changed. Each is made once. */
export class WhatIf<E extends StageEdition, K extends StageKernel, W> {
  readonly #stage: KernelStage<E, K, W>;
  readonly #edition: E;
  readonly #surfaces = new Map<string, Surface>();

  constructor(stage: KernelStage<E, K, W>, edition: E) {
    this.#stage = stage;
    this.#edition = edition;
  }

  /**
   * The fewest options that make `wanted` true in a kernel when they are changed, found by making the kernel with them: among those
   * that differ from the nearest of `others`, kernels of the edition in which it is true; without such a kernel, any single one.
   * `undefined` if changing options does not do.
   */
  deciding(
    options: Options,
    others: readonly Options[],
    wanted: (surface: Surface) => boolean,
  ): DecidingOption[] | undefined {
    const candidates = others
      .map((other) => differences(options, other))
      .sort((a, b) => a.length - b.length);
    const [nearest] = candidates;
    if (nearest === undefined) return this.#single(options, wanted);
    let changes = nearest;
    if (!wanted(this.#with(options, changes))) return undefined;
    for (const change of nearest) {
      const fewer = changes.filter((other) => other !== change);
      if (fewer.length > 0 && wanted(this.#with(options, fewer))) changes = fewer;
    }
    return changes;
  }

  #single(options: Options, wanted: (surface: Surface) => boolean): DecidingOption[] | undefined {
    for (const [option, value] of Object.entries(options)) {
      if (value !== 'y' && value !== 'n') continue;
      const change = { option, value, needed: value === 'y' ? 'n' : 'y' };
      if (wanted(this.#with(options, [change]))) return [change];
    }
    return undefined;
  }

  #with(options: Options, changes: readonly DecidingOption[]): Surface {
    const changed = { ...options };
    for (const { option, needed } of changes) changed[option] = needed;
    const key = JSON.stringify(changed);
    let surface = this.#surfaces.get(key);
    if (surface === undefined) {
      const config = { get: (name: string) => changed[name] ?? '' };
      surface = this.#stage.instantiate(this.#edition, config).surface;
      this.#surfaces.set(key, surface);
    }
    return surface;
  }
}

function differences(options: Options, other: Options): DecidingOption[] {
  const names = new Set([...Object.keys(options), ...Object.keys(other)]);
  return [...names]
    .sort()
    .map((option) => ({ option, value: options[option] ?? '', needed: other[option] ?? '' }))
    .filter(({ value, needed }) => value !== needed);
}
