import type { VmaLockKind } from '../mm/structs.ts';
import { isSince, type Release } from '../release.ts';
import type { Abi } from './c-layout.ts';

/** The source tree whose declarations are meant. */
export type Tree = Release;

/** Whether a tree is of that release or a later one. */
export function since(c: Pick<LayoutContext, 'tree'>, tree: Tree): boolean {
  return isSince(c.tree, tree);
}

/** What the declarations of structures depend on. Options are asked for only where a member depends on them. */
export interface LayoutContext {
  readonly tree: Tree;
  readonly lock: VmaLockKind;
  readonly abi: Abi;
  /**
   * Whether an option is on.
   *
   * @param asked `false` where no member depends on it: it is off then, and only its name is registered
   */
  on(option: string, asked?: boolean): boolean;
  /** The value of a number; absent where it is not set. `asked` as above. */
  number(option: string, asked?: boolean): number | undefined;
  /** Bytes of `____cacheline_aligned` (include/linux/cache.h): 1 << X86_L1_CACHE_SHIFT. */
  readonly cacheLine: number;
  /** Bytes of `____cacheline_aligned_in_smp`; absent without SMP, where it is empty. */
  readonly cacheLineInSmp: number | undefined;
}
