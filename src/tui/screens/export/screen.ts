import type { ExportEffect, ExportScope } from '../../effects/export.ts';
import { REPORT_SESSION, type ReportSession } from '../../sessions/report.ts';
import { FRESH_LIST, push, type Screen, type State } from '../../state/model.ts';
import { count } from '../../text/number.ts';
import type { ScreenWorld } from '../module.ts';
import { listingOf } from './listing.ts';

/** One of the things that can be exported from where the user stands. */
export interface ExportChoice {
  /** What it is: `the report of 3 marked cells`. */
  readonly title: string;
  /** One or two words for the tab. */
  readonly short: string;
  /** Name of a file for it, without its ending. */
  readonly name: string;
  readonly scope: ExportScope;
}

/** Choosing what to export, how, and where to. */
export interface ExportScreen extends Screen {
  readonly kind: 'export';
  readonly choices: readonly ExportChoice[];
  /** Index of the choice. */
  readonly choice: number;
  /** What waits for the user to say that a file may be overwritten. */
  readonly pending?: ExportEffect;
}

/** Ask how to export what is on the screen; what is nearest to it comes first. */
export function openExport(
  state: State,
  world: ScreenWorld,
  nearest: readonly ExportChoice[],
  further: readonly ExportChoice[] = [],
): State {
  const choices = [...nearest, ...ofReport(state, world), ...further, listed(state, world)];
  const screen: ExportScreen = { kind: 'export', choices, choice: 0, list: FRESH_LIST };
  return push(state, screen);
}

/** Ask how to export a list, for screens that have nothing else to export. */
export function exportList(state: State, world: ScreenWorld): State {
  return openExport(state, world, [listed(state, world)]);
}

function ofReport({ marks }: State, { sessions }: ScreenWorld): ExportChoice[] {
  const report = sessions.get<ReportSession>(REPORT_SESSION)?.report;
  if (!report) return [];
  const whole: ExportChoice = {
    title: 'the report of the matrix',
    short: 'matrix',
    name: fileName(report.name),
    scope: { kind: 'report' },
  };
  if (marks.length === 0) return [whole];
  return [
    {
      title: `the report of ${count(marks.length, 'marked cell')}`,
      short: `${marks.length} marked`,
      name: fileName(`${report.name}-marked`),
      scope: { kind: 'report', cells: marks },
    },
    whole,
  ];
}

/** The rows on the screen, as they are filtered and ordered there. */
function listed(state: State, world: ScreenWorld): ExportChoice {
  const listing = listingOf(state, world);
  return {
    title: `this list: ${listing.title}`,
    short: 'list',
    name: fileName(listing.title),
    scope: { kind: 'listing', listing },
  };
}

/** A name a file can have everywhere: `v7.0:SMP=y` becomes `v7.0-SMP-y`. */
export function fileName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-.]+|-+$/g, '') || 'kmatrix';
}
