/** Layouts of the kernel's structures under a configuration, computed from their declarations. */
import type { KernelBuilder } from '../kernel-builder.ts';
import type { VmaLockKind } from '../mm/structs.ts';
import { type Abi, I386, X86_64 } from './c-layout.ts';
import { type LayoutContext, since, type Tree } from './context.ts';
import { mmStructLayout } from './mm-struct.ts';
import { procMapsLockingCtx } from './proc-maps-ctx.ts';
import { rwSemaphore } from './rw-semaphore.ts';
import { vmAreaStruct } from './vm-area-struct.ts';
import { vmFault } from './vm-fault.ts';
import { vmaLock } from './vma-lock.ts';

export type { Tree } from './context.ts';

/** Which declarations a kernel is built from. */
export interface Generation {
  readonly tree: Tree;
  /** The per-VMA lock as built in: `absent` without it, whatever the tree's design is. */
  readonly lock: VmaLockKind;
}

/** Registers the layout of every structure the surface has. */
export function registerLayouts(b: KernelBuilder, generation: Generation): void {
  const c = contextOf(b, generation);
  b.struct(vmAreaStruct(c));
  // The type exists without the lock, too, but nothing uses it then and no object file has it.
  if (generation.lock === 'rwsem') b.struct(vmaLock(c));
  b.struct(mmStructLayout(c));
  b.struct(rwSemaphore(c));
  b.struct(vmFault(c));
  if (since(c, '7.0')) b.struct(procMapsLockingCtx(c));
}

function contextOf(b: KernelBuilder, { tree, lock }: Generation): LayoutContext {
  if (lock !== 'absent' && lock !== (since({ tree }, '6.15') ? 'refcount' : 'rwsem')) {
    throw new RangeError(`Linux ${tree} has no per-VMA lock of the kind ${lock}`);
  }
  const abi = b.enabled('64BIT') ? X86_64 : I386;
  const smp = b.enabled('SMP');
  numberOf(b, 'X86_L1_CACHE_SHIFT', false);
  return {
    tree,
    lock,
    abi,
    on: (option, asked) => b.enabled(option, asked),
    number: (option, asked) => numberOf(b, option, asked),
    get cacheLine() {
      return cacheLine(b, abi);
    },
    get cacheLineInSmp() {
      return smp ? cacheLine(b, abi) : undefined;
    },
  };
}

/**
 * L1_CACHE_BYTES (arch/x86/include/asm/cache.h). Where the configuration does not say: 64 for GENERIC_CPU, the default
 * of x86_64, and 32 for M686, the default of i386 (arch/x86/Kconfig.cpu).
 */
function cacheLine(b: KernelBuilder, abi: Abi): number {
  return 1 << (numberOf(b, 'X86_L1_CACHE_SHIFT') ?? (abi.word === 8 ? 6 : 5));
}

function numberOf(b: KernelBuilder, option: string, asked = true): number | undefined {
  const value = Number.parseInt(b.value(option, asked), 10);
  return Number.isNaN(value) ? undefined : value;
}
