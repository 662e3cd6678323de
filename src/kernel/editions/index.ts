/** The editions that ship: releases, oldest first, then the series on top of them. */
import type { Edition } from '../model/index.ts';
import { allBuildsV1 } from './all-builds-v1.ts';
import { allBuildsV2 } from './all-builds-v2.ts';
import { allBuildsV2Fixed } from './all-builds-v2-fixed.ts';
import { v6_4 } from './v6.4.ts';
import { v6_6 } from './v6.6.ts';
import { v6_12 } from './v6.12.ts';
import { v6_15 } from './v6.15.ts';
import { v7_0 } from './v7.0.ts';
import { v7_1 } from './v7.1.ts';

export const editions: readonly Edition[] = [
  v6_4,
  v6_6,
  v6_12,
  v6_15,
  v7_0,
  v7_1,
  allBuildsV1,
  allBuildsV2,
  allBuildsV2Fixed,
];

/** The edition of that name, if there is one. */
export function editionNamed(name: string): Edition | undefined {
  return editions.find((e) => e.name === name);
}
