/**
 * What user space can do to the model: the operations a workload is written in.
 *
 * Addresses and lengths are in pages throughout the model. Each operation is one routine of the
 * instantiated kernel, called with the parameters in the order given here.
 */
import { DRIVER_OPS } from './user-ops/drivers.ts';
import { FILE_OPS } from './user-ops/files.ts';
import { FUTEX_OPS } from './user-ops/futex.ts';
import { MAPPING_OPS } from './user-ops/mapping.ts';
import { PIPE_OPS } from './user-ops/pipes.ts';
import { POLICY_OPS } from './user-ops/policy.ts';
import { PROBE_OPS } from './user-ops/probes.ts';
import { PROC_OPS } from './user-ops/proc.ts';
import { PROCESS_OPS } from './user-ops/process.ts';
import { REMOTE_OPS } from './user-ops/remote.ts';
import type { OpSpec } from './user-ops/spec.ts';
import { SWAP_OPS } from './user-ops/swap.ts';
import { TOUCH_OPS } from './user-ops/touch.ts';
import { USERFAULTFD_OPS } from './user-ops/userfaultfd.ts';

export type { OpSpec, ParamKind, ParamSpec } from './user-ops/spec.ts';

/** Every operation, by its name in a workload file. */
export const USER_OPS = {
  ...TOUCH_OPS,
  ...MAPPING_OPS,
  ...DRIVER_OPS,
  ...PROCESS_OPS,
  ...POLICY_OPS,
  ...FUTEX_OPS,
  ...REMOTE_OPS,
  ...FILE_OPS,
  ...PIPE_OPS,
  ...SWAP_OPS,
  ...USERFAULTFD_OPS,
  ...PROC_OPS,
  ...PROBE_OPS,
} as const satisfies Readonly<Record<string, OpSpec>>;

export type OpName = keyof typeof USER_OPS;
