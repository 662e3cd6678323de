/** The kernels random scripts run on, and what they are compared by. For tests. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { editionNamed, editions } from '../../editions/index.ts';
import { contents } from '../contents.test-util.ts';
import { visible } from '../invariants.test-util.ts';
import type { SequentialExec } from '../machine/index.ts';
import type { MachineSize } from '../machine-spec.ts';
import { isSince } from '../release.ts';
import {
  boot,
  type LaidOut,
  layOut,
  type Ran,
  type ScriptOp,
  SMP64,
  SMP64_WITHOUT,
  UP64,
} from '../user-script.test-util.ts';

/** The same scripts in every run, unless KMATRIX_SEED asks for others. */
fc.configureGlobal({ seed: Number(process.env.KMATRIX_SEED ?? 1) });

/** Scripts tried by each property; KMATRIX_RUNS asks for more or fewer: all properties try as many times more. */
export const RUNS = Number(process.env.KMATRIX_RUNS ?? 150);

/** Scripts of a property that tries `usual` of them where others try 150. */
export const scaled = (usual: number): number => Math.ceil((usual * RUNS) / 150);

/** Scripts for each kernel where all run by themselves: editions differ in little, so what one is not tried with another is. */
export const forEach = (usual: number): number => Math.ceil((scaled(usual) * 8) / kernels.length);

const machines = new Map<string, { laidOut: LaidOut; exec?: SequentialExec }>();

/** A booted machine, which lasts until the next of its kind. Laying one out takes longer than a script runs, so it is done once. */
export function start(
  edition: string,
  options: Readonly<Record<string, string>>,
  size: Partial<MachineSize>,
): Ran {
  const key = JSON.stringify([edition, options, size]);
  const machine = machines.get(key) ?? { laidOut: layOut(edition, options, size) };
  machines.set(key, machine);
  const ran = boot(machine.laidOut, machine.exec);
  machine.exec = ran.exec;
  return ran;
}

/** Editions that differ from another in callers only. */
const SAME_WITHOUT: readonly string[] = ['v7.1', 'all-builds-v1', 'all-builds-v2-fixed'];

export const withSwap = (options: typeof SMP64) => ({
  ...options,
  SWAP: 'y',
  MEM_SOFT_DIRTY: 'y',
  NUMA: 'y',
});

/** Every edition with its lock, and without where it can be. */
export const kernels = editions.flatMap(({ name, parts }) => {
  const without = parts.vmaLockIn === 'PER_VMA_LOCK' ? SMP64_WITHOUT : UP64;
  const builds = (name === 'v7.0' ? [SMP64, UP64] : [SMP64, without]).map(withSwap);
  // Editions that differ in a caller only: their kernels without the lock are another edition's.
  return SAME_WITHOUT.includes(name)
    ? [[name, withSwap(SMP64)] as const]
    : builds.map((o) => [name, o] as const);
});

export type Kernels = readonly (typeof kernels)[number][];
/** Some kernels to compare; over many scripts all pairs meet. */
export const some: fc.Arbitrary<Kernels> = fc.shuffledSubarray(kernels, {
  minLength: 6,
  maxLength: 6,
});

export interface Seen {
  readonly edition: string;
  readonly results: number[][];
  readonly memory: string[];
  /** What the loads gave, and what memory holds in the end. */
  readonly loads: number[][];
  readonly contents: string[];
}
const NEWER_CALLS: readonly string[] = ['mseal', 'uffd_poison', 'uffd_move', 'proc_map_query'];
const uses = (ops: readonly ScriptOp[], calls: readonly string[]): boolean =>
  ops.some(([op, arg]) => calls.includes(op) || (Array.isArray(arg) && uses(arg, calls)));

/**
 * Expects of every kernel what the first of its like shows. Kernels are alike if they merge the same VMAs, as a call that spans two can
 * fail, and in results unless the script uses a call some lack; in memory if a write to the huge zero page splits it in all of them or in
 * none: the same contents, mapped otherwise.
 */
export function expectAlike(seen: readonly Seen[], script: readonly ScriptOp[]): void {
  const newer = uses(script, NEWER_CALLS);
  const calls = (s: Seen) => {
    const { mseal, uffdIoctls, procmapQuery, unfaultedMerge } = editionNamed(s.edition)!.parts;
    return `${unfaultedMerge} ${newer ? `${mseal} ${uffdIoctls} ${procmapQuery}` : ''}`;
  };
  // A page that a read brings back from swap is writable at once in newer kernels.
  const swaps = uses(script, ['swapon']);
  const zero = (s: Seen) => {
    const { hugeZeroWrite, structures } = editionNamed(s.edition)!.parts;
    return `${hugeZeroWrite} ${swaps && isSince(structures, '6.12')}`;
  };
  for (const s of seen) {
    const alike = seen.filter((o) => calls(o) === calls(s));
    expect(s.results, s.edition).toEqual(alike[0]?.results);
    expect(s.loads, s.edition).toEqual(alike[0]?.loads);
    expect(s.contents, s.edition).toEqual(alike[0]?.contents);
    expect(s.memory, s.edition).toEqual(alike.find((o) => zero(o) === zero(s))?.memory);
  }
}

/** What a run shows to user space; the first results, of what all scripts begin with, are left out. */
export function seenOf(edition: string, m: Ran, skip: number): Seen {
  const [results, loads] = [m.results, m.loads].map((rows) => rows.map((r) => r.slice(skip)));
  return {
    edition,
    results: results ?? [],
    loads: loads ?? [],
    memory: visible(m),
    contents: contents(m),
  };
}
