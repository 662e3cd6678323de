/** What a task stores to pages and loads from them. */
import { type Exec, TASK } from '../machine/index.ts';
import type { MmCore } from './mm-core.ts';

/**
 * A task stores its word (`stored`) to the start of a page, or loads the one there (`loaded`). Nothing is charged: the access is its
 * caller's.
 */
export function transfer(c: MmCore, k: Exec, pfn: number, write: boolean | number): void {
  if (write) c.pages.setData(k, pfn, k.peek(k.task + TASK.at.stored));
  else k.poke(k.task + TASK.at.loaded, c.pages.data(k, pfn));
}
