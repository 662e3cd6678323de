import type { VmaLockKind } from '../mm/structs.ts';
import type { Abi } from './c-layout.ts';

/** The source tree whose declarations are meant. */
export type Tree = '6.12' | '7.0';

/** What the declarations of structures depend on. Options are asked for only where a member depends on them. */
export interface LayoutContext {
  readonly tree: Tree;
  readonly lock: VmaLockKind;
  readonly abi: Abi;
  /** Whether an option is on. */
  on(option: string): boolean;
  /** Bytes of `____cacheline_aligned` (include/linux/cache.h): 1 << X86_L1_CACHE_SHIFT. */
  readonly cacheLine: number;
  /** Bytes of `____cacheline_aligned_in_smp`; absent without SMP, where it is empty. */
  readonly cacheLineInSmp: number | undefined;
}
