/** The model: what an x86 kernel's mm layer is, for any edition and configuration. */
export type { Edition, EditionParts } from './edition.ts';
export { instantiate, type Kernel, type LockState } from './kernel.ts';
export type { KernelConfig } from './kernel-builder.ts';
export * from './machine/index.ts';
export {
  type EventTable,
  type MachineSize,
  type MachineSpec,
  USER_REGISTERS,
} from './machine-spec.ts';
export { EINVAL, ENOSYS, ENOTTY } from './mm/mm-core.ts';
export type * from './surface.ts';
export { PoolExhaustedError } from './sync/slab.ts';
export * from './uapi.ts';
export * from './user-ops.ts';
