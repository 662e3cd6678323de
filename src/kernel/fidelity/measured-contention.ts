/** The experiments that were measured, and what they say of the machine that ran them. */
import { packagePath, parseYaml, readText } from '../../input/index.ts';
import { median } from '../median.ts';
import type { Kernel } from '../model/index.ts';
import type { CostProfile } from '../timed/index.ts';
import { type Emulation, type Experiment, runExperiment } from './contention.ts';

/** One measured run. */
export interface MeasuredRun extends Experiment {
  /** Attempts to lock a VMA that failed, and those that found none. */
  readonly failed: number;
  readonly missed: number;
  /** System calls of the writers. */
  readonly writerCalls: number;
  readonly elapsedNs: number;
}

const NUMBERS = ['faulters', 'writers', 'spin', 'faults', 'failed', 'missed'] as const;

/** Every run of the shipped measurement of Linux 6.12.117. */
export function measuredRuns(): readonly MeasuredRun[] {
  const path = packagePath('src', 'kernel', 'fidelity', 'contention-6.12.json');
  return parseYaml(readText(path, 'measurements file'), path)
    .require('runs')
    .items()
    .map((node) => {
      const whole = (key: string) => node.require(key).asInteger({ min: 0, max: 1e12 });
      const numbers = Object.fromEntries(NUMBERS.map((key) => [key, whole(key)]));
      return {
        ...(numbers as Pick<MeasuredRun, (typeof NUMBERS)[number]>),
        kind: node.require('kind').asString(),
        region: node.require('region').asString(),
        writerCalls: whole('writer_calls'),
        elapsedNs: whole('elapsed_ns'),
      };
    });
}

/**
 * What the measured runs say of the emulator, without those whose failures are to be predicted. Its speed: runs without writers. How long
 * one CPU runs until the other does: a writer that unmaps pages another CPU's threads may see waits, in every second of its calls, until
 * that CPU has run and flushed its TLB, so the faults made meanwhile are those of a turn.
 */
export function emulationOf(
  runs: readonly MeasuredRun[],
  kernel: Kernel,
  profile: CostProfile,
  seed: number,
): Emulation {
  const single = runs.filter((r) => r.faulters === 1);
  const alone = single.filter((r) => r.kind === 'none');
  const flushing = single.filter((r) => r.kind === 'mmap_touch16_munmap' && r.writers === 1);
  const guess: Emulation = { profile, cpus: 1, turn: 1e6, seed, nsPerInstruction: 1 };
  const one = { kind: 'none', region: 'own', faulters: 1, writers: 0, spin: 0, faults: 1024 };
  const { faults, instructions } = runExperiment(kernel, one, guess);
  const perFault = instructions / faults;
  return {
    profile,
    cpus: 2,
    seed,
    turn: median(flushing.map((r) => r.faults / (r.writerCalls / 2))) * perFault,
    nsPerInstruction: median(alone.map((r) => r.elapsedNs / r.faults)) / perFault,
  };
}
