import { dialogLines } from '../dialogs/dialog-view.ts';
import { type KeyTable, makeKeyTable } from '../keys/key-table.ts';
import type { Services } from '../services.ts';
import { REPORT_SESSION, type ReportSession } from '../sessions/report.ts';
import type { Sessions } from '../sessions/session.ts';
import { PROGRAM } from '../state/commands.ts';
import { filterRows, narrows } from '../state/filter.ts';
import { type Layout, LEAST, layoutOf } from '../state/layout.ts';
import { type Screen, type Size, type State, topOf } from '../state/model.ts';
import { programAnswer } from '../state/program-answer.ts';
import type { Row, Rows } from '../state/row.ts';
import type { Theme } from '../theme.ts';
import { listCells } from './cell-list/listed.ts';
import type { ScreenModule, ScreenWorld } from './module.ts';
import { MODULES } from './registry.ts';
import type { ScreenTable } from './table.ts';

/** How many tables are kept; going back to a screen or a tab must not build its table again. */
const KEPT_TABLES = 32;

/** What a world is made of. */
export interface WorldParts {
  readonly theme: Theme;
  readonly sessions: Sessions;
  readonly services?: Services;
  readonly keys?: KeyTable;
  readonly modules?: readonly ScreenModule[];
}

/** The world the screens live in. Tables are built once per view of the sessions and kept. */
export function createWorld({
  theme,
  sessions,
  services = {},
  modules = MODULES,
  keys = makeKeyTable(modules),
}: WorldParts): ScreenWorld {
  const byKind = new Map(modules.map((module) => [module.kind, module]));
  const tables = new Map<string, ScreenTable>();
  const filtered = new WeakMap<ScreenTable, { filter: string; rows: Rows }>();

  const module = (kind: string): ScreenModule => {
    const found = byKind.get(kind);
    if (!found) throw new Error(`no module for screens of kind ${kind}`);
    return found;
  };

  const table = (state: State, screen: Screen): ScreenTable => {
    const { kind, tableKey, table: build } = module(screen.kind);
    const reports = sessions.get<ReportSession>(REPORT_SESSION)?.version ?? 0;
    const key = `${kind} ${reports} ${tableKey(state, screen, world)}`;
    let found = tables.get(key);
    if (!found) {
      if (tables.size >= KEPT_TABLES) tables.delete(tables.keys().next().value!);
      found = build(state, screen, world);
      tables.set(key, found);
    }
    return found;
  };

  const rows = (state: State, screen: Screen): Rows => {
    const source = table(state, screen);
    const { filter } = screen.list;
    let found = filtered.get(source);
    if (found?.filter !== filter) {
      // With each letter typed only what is left is looked through.
      const narrowed = found && narrows(filter, found.filter) && !source.filtered;
      const from = narrowed ? { ...source, rows: found!.rows } : source;
      found = { filter, rows: filteredRows(from, filter) };
      filtered.set(source, found);
    }
    return found.rows;
  };

  const layout = (state: State): Layout => {
    const screen = topOf(state);
    const { tabs, above, header, details, detailLines, pane } = module(screen.kind);
    const { shown = details ?? true, lines = detailLines } = pane?.(screen) ?? {};
    return layoutOf(sizeBesideDialog(state, world), {
      rows: table(state, screen).rows.length,
      tabs: tabs !== undefined,
      above: above?.wanted(screen, world) ?? null,
      header: header ?? true,
      details: shown,
      ...(lines !== undefined && { detail: lines }),
    });
  };

  const world: ScreenWorld = {
    get report() {
      const held = sessions.get<ReportSession>(REPORT_SESSION);
      if (!held) throw new Error('no report is being browsed');
      return held.report;
    },
    theme,
    sessions,
    services,
    keys,
    modules,
    module,
    // Without a report nothing can be marked; cells of one that is being run may be in it only later.
    markable: (mark) =>
      sessions.get(REPORT_SESSION) !== undefined && listCells(world).some(({ id }) => id === mark),
    answer: (state, answer) =>
      answer.to === PROGRAM
        ? programAnswer(state, answer, world)
        : (module(answer.to).answer?.(state, answer, world) ?? state),
    objection: (state, answer) => module(answer.to).check?.(state, answer, world) ?? null,
    table,
    rows,
    layout,
    listHeight: (state) => layout(state).list,
  };
  return world;
}

/**
 * The part of the terminal that is left to the screen by a dialog below it; all of it where that would
 * be too little, for then the dialog is drawn alone.
 */
function sizeBesideDialog(state: State, world: ScreenWorld): Size {
  const { dialog, size } = state;
  if (!dialog) return size;
  const rows = size.rows - dialogLines(state, world, dialog, size).lines.length;
  return rows < LEAST.rows ? size : { ...size, rows };
}

function filteredRows({ rows, filtered }: ScreenTable, filter: string): Rows {
  if (filter.trim() === '') return rows;
  if (filtered) return filtered(filter);
  return filterRows(Array.isArray(rows) ? rows : allOf(rows), filter);
}

function allOf(rows: Rows): Row[] {
  return Array.from({ length: rows.length }, (_, index) => rows.at(index)!);
}
