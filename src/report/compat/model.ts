/**
 * In which configurations an API, or a caller of such, works: what a matrix's report knows, asked about a few names and
 * answered with the reason and with what to write instead.
 */
export interface Compat {
  readonly schemaVersion: 1;
  readonly kind: 'compat';
  /** The matrix the configurations come from. */
  readonly matrix: string;
  readonly kernels: readonly CompatKernel[];
  readonly apis: readonly CompatRow[];
  readonly callers: readonly CompatRow[];
}

/** A distinct kernel and the cells that resolve to it. */
export interface CompatKernel {
  readonly id: string;
  readonly edition: string;
  readonly cells: readonly string[];
}

/**
 * How a name can be used: `without` a fallback; only `with` one, for it can fail or is a stub that always does; `not` at all, for
 * code that uses it does not compile.
 */
export type Use = 'without' | 'with' | 'not';

/** An API, or a function that calls some, over all kernels. */
export interface CompatRow {
  readonly name: string;
  readonly kernels: Readonly<Record<string, CompatEntry>>;
  readonly since: Since;
  /** The best first; empty where there is nothing to replace. */
  readonly instead: readonly Instead[];
}

/** A name in one kernel. */
export interface CompatEntry {
  readonly use: Use;
  /** `real`, `absent`, `stub: returns NULL`. */
  readonly state: string;
  /** How often a fallback is taken there; `null` where there is none to take. */
  readonly fallback: 'always' | 'sometimes' | null;
  /** Why it is not usable without a fallback, sentence by sentence; empty where it is. */
  readonly why: readonly string[];
  /** The options that would have to be otherwise; empty where options do not decide, or it is usable. */
  readonly options: readonly Decision[];
}

/** An option that decides, its value, the one that is needed, and why it has its value. */
export interface Decision {
  readonly option: string;
  readonly value: string;
  readonly needed: string;
  /** Empty where the report does not say. */
  readonly why: string;
}

/** The first editions, in the report's order, of which something can be said; `null` where it can be said of none. */
export interface Since {
  /** It does its work in some kernel. */
  readonly somewhere: string | null;
  /** It does its work in every kernel, from there to the last edition. */
  readonly everywhere: string | null;
  /** It can be used without a fallback in every kernel, from there to the last edition. */
  readonly withoutFallback: string | null;
  /** It is in no kernel any more, after it was in some. */
  readonly gone: string | null;
}

/** What callers do where the name does not do. */
export interface Instead {
  /** In the words of the model: `mmap_read_lock, vma_lookup`. */
  readonly code: string;
  /** When they do: `NULL: no VMA covers the address`. */
  readonly when: string;
  readonly callers: readonly { readonly caller: string; readonly file: string }[];
  /** Whether it names functions the model knows; where not, it is said in words alone. */
  readonly named: boolean;
  /** Functions it names that are absent or a stub in some kernel; empty: it works in every one. */
  readonly lacking: readonly string[];
}
