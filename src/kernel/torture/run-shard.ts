/** Running one piece of a torture cell. */
import { KernelBug } from '../model/index.ts';
import { DeadlockError, type Exec, type Routine, TASK } from '../model/machine/index.ts';
import { loadProfile, mix, PS_PER_NS, StepLimitError } from '../timed/index.ts';
import type { TortureCell, TortureShard } from './cell.ts';
import { machineFor, type TortureMachine } from './machine.ts';
import { TortureExec, VICTIM, type Watched } from './torture-exec.ts';

/**
 * `oops`: the kernel crashed in a lookup; `hung`: the victim never got on; `impossible`: the edition cannot have this lookup;
 * `stopped`: it made as many steps as it may before the victim was done.
 */
export type TortureOutcome = 'completed' | 'stopped' | 'oops' | 'hung' | 'impossible';

/** What a piece of a cell counted, in plain objects that can be sent and kept. */
export interface ShardResult {
  readonly outcome: TortureOutcome;
  /** What the kernel found wrong; empty when it completed. */
  readonly detail: string;
  /** How often a lookup had each number of retries, and the greatest. */
  readonly retries: readonly (readonly [number, number])[];
  readonly most: number;
  /** Times of lookups, as `Histogram.entries`; picoseconds. */
  readonly times: readonly (readonly [number, number])[];
  readonly slow: number;
  readonly exhausted: number;
  readonly unfinished: { readonly retries: number; readonly age_ns: number } | null;
  /** Rounds of all writers, and the simulated seconds they had. */
  readonly rounds: number;
  readonly seconds: number;
  /** The same of runs without a victim, each with a seed of its own; only in the first piece. */
  readonly alone: readonly Writing[];
}

/** What writers got done. */
export interface Writing {
  readonly rounds: number;
  readonly seconds: number;
}

/** Runs of the writers alone: what they lose to the victim is no clearer than how much these differ. */
const ALONE_RUNS = 5;

/** Runs one piece of a cell. The same piece gives the same result, byte for byte. */
export function runShard(
  cell: TortureCell,
  shard: TortureShard,
  signal?: AbortSignal,
): ShardResult {
  const machine = machineFor(cell, shard.lookups);
  if (machine === undefined) return IMPOSSIBLE;
  const ran = runOn(machine, cell, shard, cell.scheduler === 'hostile', signal);
  const calm = shard.seed === cell.seed ? machineFor(cell, undefined) : undefined;
  const alone = calm
    ? Array.from({ length: ALONE_RUNS }, (_, i) =>
        runOn(calm, cell, i === 0 ? shard : { ...shard, seed: mix(shard.seed, i) }, false, signal),
      )
    : [];
  const { exec, outcome, detail, rounds, seconds } = ran;
  const { unfinished } = exec;
  return {
    outcome,
    detail,
    retries: exec.retries.entries(),
    most: exec.retries.max,
    times: exec.meter.latencies.entries(),
    slow: exec.slow,
    exhausted: exec.exhausted,
    unfinished:
      outcome === 'stopped' && unfinished
        ? { retries: unfinished.retries, age_ns: unfinished.age / PS_PER_NS }
        : null,
    rounds,
    seconds,
    alone: alone.map((run) => ({ rounds: run.rounds, seconds: run.seconds })),
  };
}

const IMPOSSIBLE: ShardResult = {
  outcome: 'impossible',
  detail: 'the edition cannot have this lookup',
  retries: [],
  most: 0,
  times: [],
  slow: 0,
  exhausted: 0,
  unfinished: null,
  rounds: 0,
  seconds: 0,
  alone: [],
};

interface Ran {
  readonly exec: TortureExec;
  readonly outcome: TortureOutcome;
  readonly detail: string;
  readonly rounds: number;
  readonly seconds: number;
}

/** @param hostile  whether the scheduler plays against the victim */
function runOn(
  { spec, programs, cpus, cpuOf }: TortureMachine,
  cell: TortureCell,
  { steps, seed }: TortureShard,
  hostile: boolean,
  signal: AbortSignal | undefined,
): Ran {
  const area = { at: 0 };
  const { MM, VMA, tree, lockKind } = spec.core;
  const exec: TortureExec = new TortureExec(
    spec,
    {
      ...{ cpus, profile: loadProfile(cell.profile), seed: mix(seed) },
      ...{ signal, maxSteps: steps, kernelJitter: true },
    },
    {
      ...watch(spec.routines),
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
    args: [mix(seed, tid)],
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
  return { exec, outcome, detail, rounds, seconds };
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
