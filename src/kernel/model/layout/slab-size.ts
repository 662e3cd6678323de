/** Sizes of objects in slab caches (mm/slab_common.c, mm/slub.c). */
import { type Abi, roundUp } from './c-layout.ts';

/**
 * Bytes of a cache line as the running kernel knows them, which is what the slab allocator aligns to:
 * `cache_line_size()` is on x86 the CPU's CLFLUSH size (arch/x86/kernel/cpu/common.c), 64 on every x86 CPU of the last
 * twenty years. X86_L1_CACHE_SHIFT, which `____cacheline_aligned` uses, does not enter into it.
 */
export const CPU_CACHE_LINE = 64;

/** What a cache was created with. */
export interface SlabCache {
  /** `sizeof` and alignment of the objects. */
  readonly size: number;
  readonly align: number;
  /** SLAB_HWCACHE_ALIGN. */
  readonly hwcacheAlign: boolean;
}

/** Alignment of the objects of a cache: `calculate_alignment()` in mm/slab_common.c. */
export function slabAlignment(cache: SlabCache, abi: Abi, cacheLine = CPU_CACHE_LINE): number {
  let align = cache.align;
  if (cache.hwcacheAlign) {
    let line = cacheLine;
    // Small objects share a line as long as none of them straddles two.
    while (cache.size <= line / 2) line /= 2;
    align = Math.max(align, line);
  }
  // ARCH_SLAB_MINALIGN: alignment of unsigned long long outside of structures, 8 on both.
  return roundUp(Math.max(align, 8), abi.word);
}

/**
 * Bytes from one object to the next: `calculate_sizes()` in mm/slub.c for a cache whose free pointer lies inside the
 * object, without debugging (slab_debug) and without KASAN.
 */
export function slabObjectSize(cache: SlabCache, abi: Abi, cacheLine = CPU_CACHE_LINE): number {
  return roundUp(roundUp(cache.size, abi.word), slabAlignment(cache, abi, cacheLine));
}
