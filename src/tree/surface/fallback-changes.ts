import type { ThreadOptions } from '../scan/threads.ts';
import type { SourceTree } from '../source/source-tree.ts';
import type { AvailabilityChange } from './availability.ts';
import { type FallbackSite, fallbackSites } from './fallbacks.ts';

/** What became of the callers that have another way for when a call fails. */
export interface FallbackChanges {
  /** As they were. */
  readonly removed: readonly FallbackSite[];
  /** Those that still have one, or have one now. */
  readonly left: readonly FallbackSite[];
}

/** Fallback sites of functions that fail in some configuration before a change, and are code in some. */
export async function fallbackChanges(
  before: SourceTree,
  after: SourceTree,
  changes: readonly AvailabilityChange[],
  options: ThreadOptions = {},
): Promise<FallbackChanges> {
  const names = changes
    .filter((one) => one.before.includes('stub-constant'))
    .filter((one) => one.before.includes('code') || one.after.includes('code'))
    .map(({ name }) => name);
  const was = (await fallbackSites(before, names, options)).filter(hasOtherWay);
  const left = (await fallbackSites(after, names, options)).filter(hasOtherWay);
  const kept = new Set(left.map(keyOf));
  return { removed: was.filter((one) => !kept.has(keyOf(one))), left };
}

/** Those that just fail where the call does have nothing a change could take away. */
function hasOtherWay({ fallback }: FallbackSite): boolean {
  return fallback.length > 0;
}

function keyOf({ file, function: name, call }: FallbackSite): string {
  return `${file} ${name} ${call}`;
}
