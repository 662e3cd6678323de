import { askChoice } from '../../dialogs/ask.ts';
import { FRESH_LIST, type Screen, type State } from '../../state/model.ts';
import type { ScreenWorld } from '../module.ts';

/** Two editions compared, pair of cells by pair. */
export interface EditionsScreen extends Screen {
  readonly kind: 'editions';
  readonly left: string;
  readonly right: string;
}

/** The comparison of two editions. */
export function editionsScreen(left: string, right: string): EditionsScreen {
  return { kind: 'editions', left, right, list: FRESH_LIST };
}

/** Ask which two editions to compare; neighbours come first. */
export function askEditions(state: State, world: ScreenWorld): State {
  const editions = [...new Set(world.report.cells.map(({ edition }) => edition))];
  const pairs = editions.flatMap((left, at) =>
    editions.slice(at + 1).map((right, steps) => ({ left, right, steps })),
  );
  if (pairs.length === 0) return { ...state, notice: 'There is one edition: nothing to compare.' };
  pairs.sort((a, b) => a.steps - b.steps);
  return askChoice(state, {
    to: 'editions',
    name: 'pair',
    title: 'Compare two editions',
    items: pairs.map(({ left, right }) => ({
      key: JSON.stringify([left, right]),
      label: `${left} ${world.theme.glyphs.arrow} ${right}`,
    })),
  });
}
