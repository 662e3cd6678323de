import type { ExportEffect, ExportScope } from '../../effects/export.ts';
import type { Binding } from '../../keys/binding.ts';
import { FRESH_LIST, push, type Screen, type State } from '../../state/model.ts';
import type { ScreenWorld } from '../module.ts';

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

/** The key that exports what is on the screen; each screen says what that is. */
export const EXPORT_BINDING: Binding = {
  command: 'export',
  keys: ['e'],
  label: 'export',
  help: 'write what is on the screen to a file, or copy it',
  group: 'Run and save',
  footer: 8,
};

/** Ask how to export what is on the screen; what is nearest to it comes first. */
export function openExport(
  state: State,
  world: ScreenWorld,
  nearest: readonly ExportChoice[],
  further: readonly ExportChoice[] = [],
): State {
  const { report } = world;
  const { marks } = state;
  const choices = [
    ...nearest,
    ...(marks.length > 0
      ? [
          {
            title: `the report of ${marks.length} marked ${marks.length === 1 ? 'cell' : 'cells'}`,
            short: `${marks.length} marked`,
            name: fileName(`${report.name}-marked`),
            scope: { kind: 'report', cells: marks } as const,
          },
        ]
      : []),
    {
      title: 'the report of the matrix',
      short: 'matrix',
      name: fileName(report.name),
      scope: { kind: 'report' } as const,
    },
    ...further,
  ];
  const screen: ExportScreen = { kind: 'export', choices, choice: 0, list: FRESH_LIST };
  return push(state, screen);
}

/** A name a file can have everywhere: `v7.0:SMP=y` becomes `v7.0-SMP-y`. */
export function fileName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-.]+|-+$/g, '') || 'kmatrix';
}
