/** The machine a piece of a torture cell runs on, with its programs. */
import { buildWithInternals } from '../model/kernel.ts';
import { type CostProfile, loadProfile } from '../timed/index.ts';
import { compileWorkload, machineSize } from '../workloads/index.ts';
import { kernelOf, type TortureCell } from './cell.ts';
import { tortureWorkload } from './script.ts';
import { VICTIM } from './torture-exec.ts';

/** A kernel in memory, with programs for a victim and writers. It holds no state of a run. */
export interface TortureMachine {
  readonly spec: ReturnType<typeof buildWithInternals>;
  readonly programs: ReturnType<typeof compileWorkload>;
  readonly cpus: number;
  readonly cpuOf: (tid: number) => number;
}

/** Machines that are kept: the engine compiles the steps of each anew, which takes as long as some ten thousand lookups. */
const KEPT = 64;
const machines = new Map<string, TortureMachine | undefined>();

/**
 * The machine of a cell, made when it is asked for first.
 *
 * @param lookups how many the victim makes; `undefined`: none, it sleeps
 * @returns `undefined` where the edition cannot have the lookup
 */
export function machineFor(
  cell: TortureCell,
  lookups: number | undefined,
): TortureMachine | undefined {
  const { edition, lookup, adversary, writers, place, profile } = cell;
  const key = JSON.stringify([edition, lookup, adversary, writers, place, profile, lookups]);
  if (!machines.has(key)) {
    if (machines.size >= KEPT) machines.clear();
    machines.set(key, build(cell, loadProfile(profile), lookups));
  }
  return machines.get(key);
}

function build(
  cell: TortureCell,
  profile: CostProfile,
  lookups: number | undefined,
): TortureMachine | undefined {
  const kernel = kernelOf(cell);
  if (kernel === undefined) return undefined;
  const first = { same: 0, beside: 1, away: profile.cpus_per_socket }[cell.place];
  const cpuOf = (tid: number) => (tid === VICTIM || cell.place === 'same' ? 0 : first + tid - 1);
  const cpus = cpuOf(cell.writers) + 1;
  const workload = tortureWorkload(cell.adversary, cell.writers, lookups);
  const spec = buildWithInternals(kernel.edition, kernel.config, machineSize(workload, cpus));
  return { spec, programs: compileWorkload(workload, spec, cpus), cpus, cpuOf };
}
