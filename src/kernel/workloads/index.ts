/** Workloads: what user space does, written in YAML, compiled into routines of the machine. */
export { type CompiledThread, type CompiledWorkload, compileWorkload } from './compile.ts';
export { machineSize, planThreads, type ThreadPlan } from './layout.ts';
export { loadWorkload, shippedWorkloads } from './load.ts';
export { namesList, operationsTable } from './operations-table.ts';
export { readWorkload } from './read-workload.ts';
export { BARRIER_REGISTER } from './scope.ts';
export { UnexpectedError } from './unexpected-error.ts';
export type { Workload } from './workload.ts';
