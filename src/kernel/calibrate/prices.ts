/** The figures of a cost profile as one vector, to differentiate and to fit. */
import { WORK } from '../model/machine/index.ts';
import type { CostProfile, LineCosts } from '../timed/index.ts';

/** A figure, or figures that are one on a machine without caches. */
export interface Price {
  /** As the profile spells it: `work.clear_page`. */
  readonly name: string;
  get(profile: CostProfile): number;
  set(profile: CostProfile, value: number): CostProfile;
}

/**
 * The figures that one thread on one CPU can tell: with caches what a hit costs, without them what any access does. The
 * rest (transfers between CPUs, jitter) is not in such measurements.
 */
export function prices(unit: CostProfile['unit']): readonly Price[] {
  const line: Price = {
    name: unit === 'instruction' ? 'line.*' : 'line.hit',
    get: (p) => p.line.hit,
    set: (p, value) => ({
      ...p,
      line:
        unit === 'instruction'
          ? (Object.fromEntries(Object.keys(p.line).map((k) => [k, value])) as unknown as LineCosts)
          : { ...p.line, hit: value },
    }),
  };
  const scheduler = (['context_switch', 'wakeup', 'idle_exit'] as const).map(
    (key): Price => ({
      name: `scheduler.${key}`,
      get: (p) => p.scheduler[key],
      set: (p, value) => ({ ...p, scheduler: { ...p.scheduler, [key]: value } }),
    }),
  );
  const work = WORK.map(
    (key): Price => ({
      name: `work.${key}`,
      get: (p) => p.work[key],
      set: (p, value) => ({ ...p, work: { ...p.work, [key]: value } }),
    }),
  );
  return [
    {
      name: 'step',
      get: (p) => p.step,
      set: (p, step) => ({ ...p, step }),
    },
    line,
    {
      name: 'atomic',
      get: (p) => p.atomic,
      set: (p, atomic) => ({ ...p, atomic }),
    },
    ...scheduler,
    ...work,
  ];
}

/** A profile in which nothing costs anything, with the time slices of another. */
export function freeProfile(like: CostProfile): CostProfile {
  const { scheduler, line, work } = like;
  const zero = <T extends object>(o: T): T =>
    Object.fromEntries(Object.keys(o).map((k) => [k, 0])) as T;
  return {
    ...like,
    step: 0,
    atomic: 0,
    line: zero(line),
    scheduler: { ...zero(scheduler), slice: scheduler.slice },
    memory: { ...like.memory, bandwidth: 0, zone_page: 0 },
    jitter: { start: 0, user: 0 },
    work: zero(work),
  };
}
