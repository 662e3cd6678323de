import { Ids } from './ids.ts';
import { Tips } from './tips.ts';

/** What the parts of one page share. */
export interface Context {
  readonly ids: Ids;
  readonly tips: Tips;
}

/** A page with nothing on it yet. */
export function newContext(): Context {
  return { ids: new Ids(), tips: new Tips() };
}
