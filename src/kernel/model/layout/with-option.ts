import type { Member } from './c-layout.ts';
import type { LayoutContext } from './context.ts';

/**
 * Members that are there with an option. Without it they are laid out all the same and thrown away, so that the options
 * they mention are registered; nothing depends on these then.
 */
export function withOption(
  c: LayoutContext,
  option: string,
  members: (c: LayoutContext) => readonly Member[],
): readonly Member[] {
  if (c.on(option)) return members(c);
  members({
    tree: c.tree,
    lock: c.lock,
    abi: c.abi,
    on: (inner) => c.on(inner, false),
    number: (inner) => c.number(inner, false),
    cacheLine: c.abi.word,
    cacheLineInSmp: undefined,
  });
  return [];
}
