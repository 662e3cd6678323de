/**
 * What an instantiated kernel offers to its callers: functions, macros, structure layouts, counters
 * and the places that fall back to mmap_lock.
 *
 * A surface is filled by the parts of the model as they register themselves with a kernel under
 * construction; nothing here is a table kept beside the code. What a kernel does not register is absent.
 */

/** How a function behaves in one kernel. A function that is absent is simply not in the surface. */
export type FunctionState = 'real' | 'stub';

/** A function or macro the kernel offers. */
export interface SurfaceFunction {
  readonly name: string;
  readonly kind: 'function' | 'macro';
  /** Kernel source file that declares it, e.g. `include/linux/mmap_lock.h`. */
  readonly file: string;
  readonly state: FunctionState;
  /** For a stub, what it does: `returns NULL`, `returns true`, `empty`, `asserts mmap_lock`. */
  readonly stub?: string;
  /** C parameter list and result in short, e.g. `(mm, address) -> vma`. */
  readonly signature: string;
}

/** A member of a structure as the compiler would lay it out. */
export interface SurfaceField {
  readonly name: string;
  readonly type: string;
  /** Bytes from the start of the structure. */
  readonly offset: number;
  /** Bytes. */
  readonly size: number;
}

/** A structure's layout under one configuration. */
export interface SurfaceStruct {
  readonly name: string;
  readonly file: string;
  /** `sizeof`, in bytes. */
  readonly size: number;
  /** `_Alignof`, in bytes. */
  readonly align: number;
  /** Bytes one object takes in its slab cache, where it has one of its own. */
  readonly slabObjectSize?: number;
  readonly fields: readonly SurfaceField[];
}

/** A line of /proc/vmstat. */
export interface SurfaceCounter {
  readonly name: string;
  readonly file: string;
}

/** What a {@link SurfaceName} is. */
export type NameKind = 'enumerator' | 'macro' | 'ioctl' | 'trace point' | 'object' | 'option';

/**
 * A name of the kernel that is neither a function nor a member: a constant, an ioctl, a trace point, a variable, or an
 * option that Kconfig defines.
 */
export interface SurfaceName {
  readonly name: string;
  readonly kind: NameKind;
  /** Where it is declared; of an option, the Kconfig file that defines it. */
  readonly file: string;
  /** A constant's value as C writes it. An option's value, where this kernel depends on it. */
  readonly value?: string;
}

/** A place where a caller tries the per-VMA lock and falls back to mmap_lock. */
export interface FallbackSite {
  /** Stable name, `function:what`, e.g. `do_user_addr_fault:lock_vma_under_rcu`. */
  readonly site: string;
  readonly file: string;
  readonly caller: string;
  /** What is tried first. */
  readonly tries: string;
  /** What makes it fall back. */
  readonly trigger: string;
  /** What it does instead. */
  readonly fallback: string;
  /**
   * Whether this kernel can take the first try at all: `always` = the first try is a stub, every
   * call takes the fallback; `sometimes` = it depends on what happens; `never` = this place cannot be reached.
   */
  readonly taken: 'always' | 'sometimes' | 'never';
}

/** Everything an instantiated kernel registered, each list sorted by name. */
export interface Surface {
  readonly functions: readonly SurfaceFunction[];
  readonly structs: readonly SurfaceStruct[];
  readonly counters: readonly SurfaceCounter[];
  readonly names: readonly SurfaceName[];
  readonly fallbackSites: readonly FallbackSite[];
}
