/** The editions that ship, oldest first. */
import type { Edition } from '../model/index.ts';
import { allBuildsV2 } from './all-builds-v2.ts';
import { v6_12 } from './v6.12.ts';
import { v7_0 } from './v7.0.ts';

export const editions: readonly Edition[] = [v6_12, v7_0, allBuildsV2];

/** The edition of that name, if there is one. */
export function editionNamed(name: string): Edition | undefined {
  return editions.find((e) => e.name === name);
}
