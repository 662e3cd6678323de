import { expect, it } from 'vitest';
import type { LiveCell } from '../../matrix/index.ts';
import { RUN_SESSION } from '../sessions/run/run-session.ts';
import type { Session } from '../sessions/session.ts';
import { fixtureReport, fixtureResult } from '../testing/fixture.ts';
import { fixtureWorld } from '../testing/world.ts';
import { reportModule } from './cell-report/index.ts';
import { reportScreen } from './cell-report/screen.ts';
import { diffModule } from './diff/index.ts';
import { diffScreen } from './diff/screen.ts';

it('a screen of cells that are not resolved yet says so, and does not call them gone', () => {
  const specs = fixtureResult().cells.map(({ spec }) => spec);
  const [a = '', b = ''] = specs.map(({ id }) => id);
  const world = fixtureWorld({ ...fixtureReport(), cells: [] });
  const screen = diffScreen({ cell: a }, { cell: b });
  expect(diffModule.empty?.(screen, world)).toContain('not there any more');
  const cells = specs.map(
    (spec): LiveCell => ({ spec, state: 'waiting', runs: { done: 0, total: 8 } }),
  );
  const running = { version: 1, cells: () => cells, waiting: () => [] };
  world.sessions.put<Session>(RUN_SESSION, running);
  expect(diffModule.empty?.(screen, world)).toBe(`${a} is not resolved yet.`);
  expect(reportModule.empty?.(reportScreen(b), world)).toBe(`${b} is not resolved yet.`);
});
