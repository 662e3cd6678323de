/** What a task stores to pages and loads from them. */
import { type Exec, TASK } from '../machine/index.ts';
import type { MmCore } from './mm-core.ts';

/** What the stores of a task's present operation write; 0: they write elsewhere in the page than at its start. */
export function storedWord(k: Exec): number {
  return k.peek(k.task + TASK.at.stored);
}

/**
 * A task stores to a page, or loads the word at its start. Nothing is charged: the access is its caller's.
 *
 * @param write  whether it stores
 */
export function transfer(c: MmCore, k: Exec, pfn: number, write: boolean | number): void {
  if (!write) k.poke(k.task + TASK.at.loaded, c.pages.data(k, pfn));
  else if (storedWord(k) !== 0) c.pages.setData(k, pfn, storedWord(k));
}
