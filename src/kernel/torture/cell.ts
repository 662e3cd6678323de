/** What a torture cell is: a lookup, an adversary and how the two meet. */
import { editionNamed } from '../editions/index.ts';
import { type Lookup, SLOW_PATHS } from '../lookup-variants.ts';
import type { EditionParts } from '../model/edition.ts';
import type { Edition, KernelConfig } from '../model/index.ts';
import { mix } from '../timed/index.ts';

/** Lookups and steps of a cell where nothing else is asked for. A hostile scheduler lets each take {@link PATIENCE} tries. */
export const DEFAULT_LOOKUPS = { fair: 10_000_000, hostile: 10_000 } as const;
/** Steps of the machine after which a cell is given up: twice what the longest of the default table takes, an hour of a processor. */
export const DEFAULT_STEPS = 30_000_000_000;

/** Lookups that are made and kept in one piece. */
const SHARD_LOOKUPS = 100_000;

/** What works against the victim, on the VMA it looks up. */
export const ADVERSARIES = ['mmap', 'mprotect', 'fixed', 'fork', 'brk', 'sleep'] as const;
export type Adversary = (typeof ADVERSARIES)[number];

/**
 * Writers at a time where nothing else is asked for. Two that hold the lock for long hand it to each other, and whoever waits for it gets
 * it only by handoff, after 4 ms and thousands of steps (RWSEM_WAIT_TIMEOUT): too long for ten million lookups.
 */
export const DEFAULT_WRITERS: Readonly<Record<Adversary, number>> = {
  ...{ mmap: 2, mprotect: 2, fixed: 1, fork: 2, brk: 2, sleep: 1 },
};

/** Where the adversaries run: on the victim's CPU, on others of its socket, or on another socket. */
export const PLACES = ['same', 'beside', 'away'] as const;
export type Place = (typeof PLACES)[number];

/** Who decides when the victim runs: nobody, or one who lets it begin a try only while its VMA is write-locked. */
export const SCHEDULERS = ['fair', 'hostile'] as const;
export type TortureScheduler = (typeof SCHEDULERS)[number];

/** One lookup against one adversary: what a row of the table is made of. */
export interface TortureCell {
  readonly edition: string;
  readonly lookup: Lookup;
  readonly adversary: Adversary;
  readonly writers: number;
  readonly place: Place;
  readonly scheduler: TortureScheduler;
  /** Lookups the victim makes. */
  readonly lookups: number;
  /** Steps of the executor after which the cell ends, however many lookups there were; each piece has its share of them. */
  readonly steps: number;
  /** Name or path of the cost profile. */
  readonly profile: string;
  readonly seed: number;
}

/** Lookups that do step for step what another does as long as nobody is killed, and here nobody is: their cells have the same pieces. */
const UNLESS_KILLED: Readonly<Partial<Record<Lookup, Lookup>>> = {
  'wait-killable': 'wait',
  'unlocked-killable': 'unlocked',
};

/** Whether two cells are the same but for the lookup, and these differ only where a victim is killed. */
export function sharesPieces(a: TortureCell, b: TortureCell): boolean {
  const told = (cell: TortureCell) =>
    JSON.stringify({ ...cell, lookup: UNLESS_KILLED[cell.lookup] ?? cell.lookup });
  return told(a) === told(b);
}

/** A part of a cell's lookups, on a machine of its own. */
export interface TortureShard {
  readonly lookups: number;
  readonly steps: number;
  readonly seed: number;
}

/** The pieces a cell is made in, always the same. The seed of the first is the cell's, so that a small cell is one piece. */
export function shardsOf({ lookups, steps, seed }: TortureCell): TortureShard[] {
  const n = Math.max(1, Math.ceil(lookups / SHARD_LOOKUPS));
  return Array.from({ length: n }, (_, i) => ({
    lookups: Math.floor((lookups * (i + 1)) / n) - Math.floor((lookups * i) / n),
    steps: Math.ceil(steps / n),
    seed: i === 0 ? seed : mix(seed, SHARD_SALT + i),
  }));
}

/** Apart from the salts of the threads' own seeds. */
const SHARD_SALT = 1 << 16;

const OPTIONS: Readonly<Record<string, string>> = {
  '64BIT': 'y',
  X86_64: 'y',
  SMP: 'y',
  MMU: 'y',
  NR_CPUS: '512',
  RWSEM_SPIN_ON_OWNER: 'y',
  VM_EVENT_COUNTERS: 'y',
};

/** The kernel a cell runs on; `undefined` where the edition cannot have the lookup. */
export function kernelOf(
  cell: Pick<TortureCell, 'edition' | 'lookup'>,
): { readonly edition: Edition; readonly config: KernelConfig } | undefined {
  const edition = editionNamed(cell.edition);
  if (edition === undefined) throw new RangeError(`no edition ${cell.edition}`);
  const { lookup } = cell;
  const waitingLookup = SLOW_PATHS[lookup] ?? 'none';
  // The waiting lookups stand on the reference count; a build with the lock always has no other.
  if (waitingLookup !== 'none' && edition.parts.vmaLock !== 'refcount') return undefined;
  const without = lookup === 'mmap_lock';
  const parts: EditionParts = {
    ...edition.parts,
    waitingLookup,
    ...(waitingLookup === 'none' && { binder: 'vma_lock', tcp: 'vma_lock' }),
    ...(without && { vmaLockIn: 'PER_VMA_LOCK' }),
    ...(edition.parts.shadowStack === 'waiting_lookup' && { shadowStack: 'mmap_lock' }),
  };
  const options = { ...OPTIONS, PER_VMA_LOCK: without ? 'n' : 'y' };
  return {
    edition: { ...edition, parts },
    config: { get: (name) => (options as Record<string, string>)[name] ?? '' },
  };
}
