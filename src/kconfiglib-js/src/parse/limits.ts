/** Bounds that keep a hostile or broken tree from exhausting time or memory. Exceeding one is a clear error. */
export interface Limits {
  /** Files open at once through `source`. */
  includeDepth: number;
  /** Nested calls of one user function; `conf` stops at the same number. */
  macroDepth: number;
  /** Macro expansions in one tree. */
  macroExpansions: number;
  /** Characters one expansion may produce. */
  macroLength: number;
  /** Bytes in one file. */
  fileSize: number;
  /** Files read, each `source` counted. */
  files: number;
  /** Named symbols. */
  symbols: number;
}

/** Roomy enough for any known tree: Linux 6.12 has 18,415 symbols in 1,606 files, the deepest include is below 10. */
export const DEFAULT_LIMITS: Limits = {
  includeDepth: 100,
  macroDepth: 1000,
  macroExpansions: 1_000_000,
  macroLength: 1 << 22,
  fileSize: 1 << 24,
  files: 100_000,
  symbols: 1_000_000,
};
