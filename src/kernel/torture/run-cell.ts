/** Running one torture cell. */
import { KernelBug } from '../model/index.ts';
import { buildWithInternals } from '../model/kernel.ts';
import { DeadlockError, type Exec, type Routine, TASK } from '../model/machine/index.ts';
import { type CostProfile, loadProfile, mix, PS_PER_NS, StepLimitError } from '../timed/index.ts';
import { compileWorkload, machineSize } from '../workloads/index.ts';
import { kernelOf, type TortureCell } from './cell.ts';
import { tortureWorkload } from './script.ts';
import { upperBound } from './tail.ts';
import { TortureExec, VICTIM, type Watched } from './torture-exec.ts';

/** How a cell ended. Times are in simulated nanoseconds. */
export interface TortureResult {
  readonly cell: TortureCell;
  /**
   * `oops`: the kernel crashed in a lookup; `hung`: the victim never got on; `impossible`: the edition cannot have this lookup;
   * `stopped`: the cell made as many steps as it may before the victim was done.
   */
  readonly outcome: 'completed' | 'stopped' | 'oops' | 'hung' | 'impossible';
  /** What the kernel found wrong; empty when it completed. */
  readonly detail: string;
  /** Lookups made. */
  readonly lookups: number;
  /** Tries of one lookup beyond the first. */
  readonly retries: Quantiles;
  /** The lookup that was under way when the cell was stopped. */
  readonly unfinished: { readonly retries: number; readonly age_ns: number } | null;
  /** Upper bound, with 95% confidence, of the chance that a lookup retries more often than the most seen. */
  readonly beyond_max: number;
  /** Share of lookups that waited for mmap_lock, with its upper bound. */
  readonly slow: { readonly share: number; readonly bound: number };
  /** Time from the call of a lookup to its return. The longest is how long the victim starved. */
  readonly time_ns: Quantiles;
  /** Share of lookups that a hostile scheduler gave up holding back. */
  readonly exhausted: number;
  /** Rounds of all writers per simulated second, beside the victim and alone, and what the victim costs them. */
  readonly writers: {
    readonly ops_per_second: number;
    readonly alone: number;
    readonly loss: number;
  };
}

export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Runs a cell. The same cell gives the same result, byte for byte. */
export function runCell(cell: TortureCell, signal?: AbortSignal): TortureResult {
  const profile = loadProfile(cell.profile);
  const ran = runOnce(cell, profile, cell.lookups, signal);
  if (ran === undefined)
    return {
      ...nothing(cell),
      outcome: 'impossible',
      detail: 'the edition cannot have this lookup',
    };
  const alone = runOnce(cell, profile, undefined, signal)?.writersPerSecond ?? 0;
  const { exec, outcome, detail, writersPerSecond } = ran;
  const { retries, meter } = exec;
  const n = retries.total;
  const time = (q: number) => meter.latencies.quantile(q) / PS_PER_NS;
  return {
    cell,
    outcome,
    detail,
    lookups: n,
    retries: {
      p50: retries.quantile(0.5),
      p99: retries.quantile(0.99),
      p999: retries.quantile(0.999),
      max: retries.max,
    },
    unfinished:
      outcome === 'stopped' && exec.unfinished
        ? { retries: exec.unfinished.retries, age_ns: exec.unfinished.age / PS_PER_NS }
        : null,
    beyond_max: upperBound(0, n),
    slow: { share: n === 0 ? 0 : exec.slow / n, bound: upperBound(exec.slow, n) },
    time_ns: { p50: time(0.5), p99: time(0.99), p999: time(0.999), max: time(1) },
    exhausted: n === 0 ? 0 : exec.exhausted / n,
    writers: {
      ops_per_second: writersPerSecond,
      alone,
      loss: alone === 0 ? 0 : 1 - writersPerSecond / alone,
    },
  };
}

function nothing(cell: TortureCell): TortureResult {
  const none = { p50: 0, p99: 0, p999: 0, max: 0 };
  return {
    cell,
    outcome: 'completed',
    detail: '',
    lookups: 0,
    retries: none,
    unfinished: null,
    beyond_max: 1,
    slow: { share: 0, bound: 1 },
    time_ns: none,
    exhausted: 0,
    writers: { ops_per_second: 0, alone: 0, loss: 0 },
  };
}

interface Ran {
  readonly exec: TortureExec;
  readonly outcome: Exclude<TortureResult['outcome'], 'impossible'>;
  readonly detail: string;
  readonly writersPerSecond: number;
}

/** @param lookups how many the victim makes; `undefined`: none, it sleeps */
function runOnce(
  cell: TortureCell,
  profile: CostProfile,
  lookups: number | undefined,
  signal: AbortSignal | undefined,
): Ran | undefined {
  const kernel = kernelOf(cell);
  if (kernel === undefined) return undefined;
  const workload = tortureWorkload(cell.adversary, cell.writers, lookups);
  const first = { same: 0, beside: 1, away: profile.cpus_per_socket }[cell.place];
  const cpuOf = (tid: number) => (tid === VICTIM || cell.place === 'same' ? 0 : first + tid - 1);
  const cpus = cpuOf(cell.writers) + 1;
  const spec = buildWithInternals(kernel.edition, kernel.config, machineSize(workload, cpus));
  const programs = compileWorkload(workload, spec, cpus);
  const watched = watch(spec.routines);
  const area = { at: 0 };
  const hostile = cell.scheduler === 'hostile' && lookups !== undefined;
  const { MM, VMA, tree, lockKind } = spec.core;
  const exec: TortureExec = new TortureExec(
    spec,
    { cpus, profile, seed: mix(cell.seed), signal, maxSteps: cell.steps },
    {
      ...watched,
      ...(hostile &&
        lockKind !== 'absent' && {
          holdBack(mem) {
            const mm = mem[exec.task + TASK.at.mm] as number;
            const [, , vma = 0] =
              tree.entries(exec, mm).find(([from, to]) => from <= area.at && area.at < to) ?? [];
            if (vma === 0) return 0;
            const locked = mem[vma + VMA.at.vm_lock_seq] === mem[mm + MM.at.mm_lock_seq];
            return locked ? 0 : vma + VMA.at.vm_lock_seq;
          },
        }),
    },
  );
  const start = (tid: number, routine: Routine, counted: boolean) => ({
    tid,
    routine,
    args: [mix(cell.seed, tid)],
    counted,
    background: tid !== VICTIM && counted === false && routine !== programs.setup,
    cpu: cpuOf(tid),
  });
  if (programs.setup) exec.run([{ ...start(VICTIM, programs.setup, false), background: false }]);
  area.at = areaOf(exec, spec.core, cell.adversary);
  const begin = exec.now;
  let outcome: Ran['outcome'] = 'completed';
  let detail = '';
  try {
    exec.run(programs.threads.map((t) => start(t.tid, t.run, t.tid === VICTIM)));
  } catch (error) {
    if (error instanceof KernelBug) outcome = 'oops';
    else if (error instanceof DeadlockError) outcome = 'hung';
    else if (error instanceof StepLimitError) outcome = 'stopped';
    else throw error;
    detail = error.message;
  }
  const seconds = (exec.now - begin) / 1e12;
  const rounds = exec.meter.ops.reduce((sum, n, tid) => (tid === VICTIM ? sum : sum + n), 0);
  return { exec, outcome, detail, writersPerSecond: seconds > 0 ? rounds / seconds : 0 };
}

function watch(routines: readonly Routine[]): Watched {
  const named = (name: string) => routines.find((r) => r.name === name);
  const attempt = named('lock_vma_under_rcu');
  if (attempt === undefined) throw new RangeError('the kernel has no lock_vma_under_rcu');
  const slow = ['down_read', 'down_read_killable'].flatMap((name) => named(name) ?? []);
  return { attempt, slow: new Set(slow) };
}

/** The page the victim looks up: the fourth of the area. */
function areaOf(
  exec: Exec,
  { tree }: { readonly tree: { entries(k: Exec, mm: number): [number, number, number][] } },
  adversary: TortureCell['adversary'],
): number {
  exec.select(VICTIM);
  const entries = tree.entries(exec, exec.peek(exec.task + TASK.at.mm));
  // The area has 16 pages of its own, or is the end of the heap, which the program's page begins.
  const found = entries.find(([from, to]) => to - from === (adversary === 'brk' ? 17 : 16));
  if (found === undefined) throw new RangeError('the area of the victim is not there');
  return found[1] - 16 + 3;
}
