import type { Listing, ListingGroup } from '../../../report/index.ts';
import { type State, topOf } from '../../state/model.ts';
import { crumbsOf } from '../chrome.ts';
import type { ScreenWorld } from '../module.ts';

/** What the screen on top shows, as texts: what its module says, else the rows of its list as they are filtered. */
export function listingOf(state: State, world: ScreenWorld): Listing {
  const screen = topOf(state);
  const title = crumbsOf(state, world).join(' › ');
  const own = world.module(screen.kind).listing?.(state, screen, world);
  if (own) return { title, ...own };
  const { columns } = world.table(state, screen);
  // The columns of marks have neither a title nor anything to tell.
  const kept = [...columns.keys()].filter(
    (index) => columns.length === 1 || columns[index]!.title !== '' || index > 0,
  );
  return {
    title,
    columns: kept.map((index) => ({
      title: columns[index]!.title,
      ...(columns[index]!.align === 'right' && { align: 'right' as const }),
    })),
    groups: groupsOf(state, world, kept),
  };
}

function groupsOf(state: State, world: ScreenWorld, kept: readonly number[]): ListingGroup[] {
  const rows = world.rows(state, topOf(state));
  const groups: { title: string | null; rows: string[][] }[] = [];
  for (let index = 0; index < rows.length; index++) {
    const row = rows.at(index)!;
    const texts = row.cells.map(({ text }) => text.trim());
    if (row.heading) groups.push({ title: texts.join(' '), rows: [] });
    else {
      if (groups.length === 0) groups.push({ title: null, rows: [] });
      const whole = row.span || kept.length === 1;
      groups.at(-1)!.rows.push(
        whole
          ? [
              row.cells
                .map(({ text }) => text)
                .join('')
                .trim(),
              ...kept.slice(1).map(() => ''),
            ]
          : kept.map((at) => texts[at] ?? ''),
      );
    }
  }
  return groups;
}
