import { describeFailure } from './describe-failure.ts';
import { type LocksAt, lockStatistics } from './lock-statistics.ts';
import {
  type FallbackHits,
  LATENCY_SHARES,
  type Measurement,
  type MmapLockCounts,
  type Performance,
} from './measurement.ts';
import { median } from './median.ts';
import { type Exec, type Routine, type Scheduler, SequentialExec } from './model/machine/index.ts';
import type { MachineSize, MachineSpec } from './model/machine-spec.ts';
import type { Failure } from './outcome.ts';
import {
  type CostProfile,
  LockTimes,
  loadProfile,
  mix,
  PS_PER_NS,
  TimedExec,
} from './timed/index.ts';
import {
  type CompiledWorkload,
  compileWorkload,
  loadWorkload,
  machineSize,
  type Workload,
} from './workloads/index.ts';

/** Lays out a kernel on a machine of the given size. */
export type BuildMachine = (size: MachineSize) => MachineSpec;

/** What a simulation needs of a kernel: an instantiated one, or a small machine in a test. */
export interface SimulatedKernel {
  readonly edition: { readonly name: string };
  /** Options the kernel looked at. */
  readonly relevant: Readonly<Record<string, string>>;
  readonly build: BuildMachine;
}

/** How far a simulation has come. */
export interface SimulationProgress {
  readonly workload: string;
  /** CPUs of the run that has just ended. */
  readonly cpus: number;
  readonly done: number;
  readonly total: number;
}

/** How a workload is simulated. */
export interface SimulateOptions {
  /** CPU counts to simulate, at least one. A uniprocessor kernel is simulated on 1 only, whatever is asked. */
  readonly cpus: readonly number[];
  /** Runs at each CPU count, each with a seed of its own made from `seed`. */
  readonly runs: number;
  readonly seed: number;
  /** Name or path of a cost profile, or one already read. */
  readonly profile?: string | CostProfile | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SimulationProgress) => void) | undefined;
}

/** What a run counted. */
export interface Counts {
  readonly counters: Readonly<Record<string, number>>;
  readonly mmap_lock: MmapLockCounts;
  readonly mmap_lock_by: Readonly<Record<string, number>>;
  readonly vma_write_locks: number;
  readonly fallbacks: readonly FallbackHits[];
  /** Calls of each routine that was called, by name: what function tracing counts in a real kernel. */
  readonly calls: Readonly<Record<string, number>>;
}

/**
 * Runs a workload on a kernel under the timed executor.
 *
 * Every run starts from a booted machine: setups first, then a barrier, then the measured part. The same arguments
 * give the same measurement, byte for byte. The first run that does not complete is the last one.
 *
 * @param workload  one already read, or the name or path of a file
 */
export function simulate(
  { edition, relevant, build }: SimulatedKernel,
  workload: Workload | string,
  options: SimulateOptions,
): Measurement {
  const load = typeof workload === 'string' ? loadWorkload(workload) : workload;
  const profile =
    typeof options.profile === 'object' ? options.profile : loadProfile(options.profile);
  const first = machineFor(build, load, options.cpus[0] ?? 1, true);
  const widths = first.spec.uniprocessor ? [1] : options.cpus;
  const total = widths.length * options.runs;
  let done = 0;
  let counts: Counts | undefined;
  let failure: Failure | undefined;
  const performance: Performance[] = [];
  const locks: LocksAt[] = [];
  for (const cpus of widths) {
    const machine = cpus === first.cpus ? first : machineFor(build, load, cpus, true);
    const runs: RunFigures[] = [];
    const { spec } = machine;
    const times = new LockTimes(spec.area.tasks.length, spec.words, (at) => spec.memory.nameOf(at));
    for (let run = 0; run < options.runs && !failure; run++) {
      const seed = mix(options.seed, run);
      const ran = timedRun(machine, profile, { run, seed, times, signal: options.signal });
      counts ??= ran.counted;
      failure = ran.failure;
      runs.push(ran.figures);
      options.onProgress?.({ workload: load.name, cpus, done: ++done, total });
    }
    if (failure) break;
    performance.push(summary(cpus, runs));
    locks.push({ cpus, runs: runs.length, locks: lockStatistics(times) });
  }
  if (counts === undefined) throw new RangeError('at least one run at one CPU count is needed');
  return {
    edition: edition.name,
    workload: load.name,
    profile: profile.name,
    seed: options.seed,
    config: sorted(Object.entries(relevant)),
    outcome: failure ?? { kind: 'completed' },
    counters: counts.counters,
    not_exported: Object.keys(counts.counters).filter((c) => !first.spec.events.exported.has(c)),
    mmap_lock: counts.mmap_lock,
    mmap_lock_by: counts.mmap_lock_by,
    vma_write_locks: counts.vma_write_locks,
    fallbacks: counts.fallbacks,
    // A kernel that crashes or hangs at some CPU count has no throughput to compare.
    performance: failure ? [] : performance,
    locks: failure ? [] : locks,
  };
}

/** What watches a run, beside what is counted anyway. */
export interface Watch {
  /** The executor to run on. */
  executor(spec: MachineSpec): SequentialExec;
  /** The setups are over, the measured part begins. */
  begin(): void;
}

/** Runs a workload without time, one thread after the other, and gives what it counted. */
export function countOnly(
  build: BuildMachine,
  workload: Workload | string,
  cpus = 1,
  watch?: Watch,
): Counts {
  const load = typeof workload === 'string' ? loadWorkload(workload) : workload;
  const { spec, programs } = machineFor(build, load, cpus);
  const exec =
    watch?.executor(spec) ??
    new SequentialExec(spec.routines, spec.area, spec.words, spec.events.names.length);
  spec.boot(exec);
  const phase = (threads: readonly { tid: number; routine: Routine; seed: number }[]) => {
    for (const { tid, routine, seed } of threads) exec.spawn(tid, routine, [seed]);
    exec.run(foregroundFirst(programs));
  };
  const parts = phases(programs, load.seed);
  for (const setup of parts.setups) phase(setup);
  const before = tallies(exec);
  watch?.begin();
  phase(parts.run);
  return countsOf(spec, exec, before);
}

interface Machine {
  readonly cpus: number;
  readonly spec: MachineSpec;
  readonly programs: CompiledWorkload;
}

function machineFor(
  build: BuildMachine,
  workload: Workload,
  cpus: number,
  strict = false,
): Machine {
  const spec = build(machineSize(workload, cpus));
  // A uniprocessor kernel has one CPU however many are asked for.
  if (spec.uniprocessor && cpus !== 1) return machineFor(build, workload, 1, strict);
  return { cpus, spec, programs: compileWorkload(workload, spec, cpus, strict) };
}

interface Start {
  readonly tid: number;
  readonly routine: Routine;
  readonly seed: number;
  readonly counted: boolean;
  readonly background: boolean;
  readonly cpu: number | undefined;
  readonly nice: number;
}

/** What runs side by side, one list after the other. */
function phases(programs: CompiledWorkload, seed: number): { setups: Start[][]; run: Start[] } {
  const start = (part: 'setup' | 'run') =>
    programs.threads.map((t) => ({
      tid: t.tid,
      routine: t[part],
      seed: mix(seed, t.tid),
      counted: part === 'run' && !t.kind.background,
      background: part === 'run' && t.kind.background,
      cpu: part === 'run' ? t.kind.cpu : undefined,
      nice: t.kind.nice,
    }));
  const setups = [start('setup')];
  if (programs.setup !== undefined) {
    setups.unshift([
      {
        tid: 0,
        routine: programs.setup,
        seed: mix(seed),
        counted: false,
        background: false,
        cpu: undefined,
        nice: 0,
      },
    ]);
  }
  return { setups, run: start('run') };
}

/** Figures of one run. */
interface RunFigures {
  readonly opsPerSecond: number;
  /** Of each of {@link LATENCY_SHARES}. */
  readonly latencies: readonly number[];
  readonly mean: number;
  readonly max: number;
}

function timedRun(
  { cpus, spec, programs }: Machine,
  profile: CostProfile,
  {
    run,
    seed,
    times,
    signal,
  }: { run: number; seed: number; times: LockTimes; signal: AbortSignal | undefined },
): { figures: RunFigures; counted: Counts; failure: Failure | undefined } {
  const exec = new TimedExec(spec, { cpus, profile, seed, signal });
  const parts = phases(programs, mix(programs.workload.seed, seed));
  const go = (starts: readonly Start[]) =>
    exec.run(
      starts.map(({ cpu, ...s }) => ({
        ...s,
        args: [s.seed],
        ...(cpu === undefined ? {} : { cpu: cpu % cpus }),
      })),
    );
  let before = tallies(exec);
  let part: 'setup' | 'run' = 'setup';
  let failure: Failure | undefined;
  try {
    for (const setup of parts.setups) go(setup);
    before = tallies(exec);
    part = 'run';
    exec.watchLocks(times);
    go(parts.run);
  } catch (error) {
    failure = describeFailure(error, { spec, programs, exec }, { cpus, run: run + 1, part });
    if (failure === undefined) throw error;
    if (part === 'setup') before = tallies(exec);
  }
  const { meter } = exec;
  return {
    figures: {
      opsPerSecond: meter.opsPerSecond,
      latencies: LATENCY_SHARES.map((share) => meter.latencies.quantile(share) / PS_PER_NS),
      mean: meter.meanLatency / PS_PER_NS,
      max: meter.maxLatency / PS_PER_NS,
    },
    counted: countsOf(spec, exec, before),
    failure,
  };
}

function summary(cpus: number, runs: readonly RunFigures[]): Performance {
  const ops = runs.map((r) => r.opsPerSecond);
  const middle = median(ops);
  const min = Math.min(...ops);
  const max = Math.max(...ops);
  const latency = LATENCY_SHARES.map((share, i) => {
    const all = runs.map((run) => run.latencies[i] ?? 0);
    return { share, ns: median(all), min: Math.min(...all), max: Math.max(...all) };
  });
  const within = (share: (typeof LATENCY_SHARES)[number]): number =>
    latency[LATENCY_SHARES.indexOf(share)]?.ns ?? 0;
  return {
    cpus,
    ops_per_second: middle,
    p50_ns: within(0.5),
    p99_ns: within(0.99),
    mean_ns: median(runs.map((r) => r.mean)),
    max_ns: median(runs.map((r) => r.max)),
    latency,
    spread: middle === 0 ? 0 : (max - min) / middle,
    runs: runs.length,
    min,
    max,
  };
}

/** Tallies at the barrier between setup and run. */
interface Tallies {
  readonly events: Float64Array;
  readonly calls: Float64Array;
}

function tallies(exec: Exec): Tallies {
  return { events: exec.events.slice(), calls: exec.calls.slice() };
}

function countsOf(spec: MachineSpec, exec: Exec, before: Tallies): Counts {
  const event = (number: number) =>
    number < 0 ? 0 : (exec.events[number] ?? 0) - (before.events[number] ?? 0);
  const { vmstat, mmapLock, mmapLockBy, vmaWriteLocks, fallbacks } = spec.events;
  const calls = spec.routines
    .map((r): [string, number] => [r.name, (exec.calls[r.id] ?? 0) - (before.calls[r.id] ?? 0)])
    .filter(([, n]) => n > 0);
  return {
    counters: sorted([...vmstat].map(([name, number]) => [name, event(number)])),
    mmap_lock: {
      read_acquired: event(mmapLock.read_acquired),
      write_acquired: event(mmapLock.write_acquired),
      read_failed: event(mmapLock.read_failed),
      write_failed: event(mmapLock.write_failed),
    },
    mmap_lock_by: Object.fromEntries([...mmapLockBy].map(([way, number]) => [way, event(number)])),
    vma_write_locks: event(vmaWriteLocks),
    fallbacks: [...fallbacks]
      .map(([site, number]) => ({ site, hits: event(number) }))
      .sort((a, b) => (a.site < b.site ? -1 : 1)),
    calls: sorted(calls),
  };
}

/**
 * Without time, a background thread must not keep the others from ending: it moves only while no other thread
 * can. Among equals the lowest number goes first and keeps going.
 */
function foregroundFirst(programs: CompiledWorkload): Scheduler {
  const background = new Set(programs.threads.filter((t) => t.kind.background).map((t) => t.tid));
  let last = -1;
  return (ready) => {
    const front = ready.filter((tid) => !background.has(tid));
    const candidates = front.length > 0 ? front : ready;
    if (!candidates.includes(last)) last = candidates[0] as number;
    return last;
  };
}

function sorted<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
