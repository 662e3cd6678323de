import { FRESH_LIST, type ListState, type Screen } from '../../state/model.ts';
import { isRecord, listOf } from '../../state/saved.ts';

/** One cell's report. */
export interface ReportScreen extends Screen {
  readonly kind: 'report';
  readonly cell: string;
  readonly tab: number;
  /** The lists of the other tabs, so that a tab is found again as it was left. */
  readonly lists: Readonly<Record<number, ListState>>;
  /** Index of the figure that is plotted. */
  readonly metric: number;
  /** The one workload that is plotted; `null` for all. */
  readonly workload: string | null;
}

/** The report of a cell, its first tab open. */
export function reportScreen(cell: string): ReportScreen {
  return { kind: 'report', cell, tab: 0, list: FRESH_LIST, lists: {}, metric: 0, workload: null };
}

/** The screen with another tab open. */
export function withTab(screen: ReportScreen, tab: number): ReportScreen {
  if (tab === screen.tab) return screen;
  const lists = { ...screen.lists, [screen.tab]: screen.list };
  return { ...screen, tab, list: lists[tab] ?? FRESH_LIST, lists };
}

/** The lists of tabs as they were left, those that are lists. */
export function restoredLists(value: unknown): ReportScreen['lists'] {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.flatMap(([tab, list]): [string, ListState][] => {
      const found = listOf(list);
      return found ? [[tab, found]] : [];
    }),
  );
}
