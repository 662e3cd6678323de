import type { SideService } from './effects/compare-files.ts';
import type { Journal } from './persist/journal.ts';
import type { Memory } from './persist/memory.ts';
import type { ConfigParts } from './sessions/config/index.ts';
import type { TortureService } from './sessions/torture.ts';

/**
 * What is lent to the screens: loaders and writers that know of files, caches and workers. A screen
 * whose service is missing does not offer what needs it.
 */
export interface Services {
  /** Unsaved edits on disk; missing where the environment names no place for them. */
  readonly journal?: Journal;
  /** How screens were left the last time. */
  readonly memory?: Memory;
  /** The configuration of a cell of the matrix, and what to save it by. Rejects where the cell has none. */
  readonly cellConfig?: (cell: string) => Promise<ConfigParts>;
  readonly files?: FileService;
  readonly sides?: SideService;
  /** Where pieces of torture runs are kept. */
  readonly torture?: TortureService;
}

/** Files, by paths as the user gives them. */
export interface FileService {
  exists(path: string): boolean;
  /** Write a file as a whole. What keeps it from being written in a sentence, or `null`. */
  write(path: string, text: string): string | null;
}
