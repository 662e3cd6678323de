import { expect, it } from 'vitest';
import { RUNNERS } from '../../effects/runners.ts';
import type { ConfigParts } from '../../sessions/config/index.ts';
import { putReport } from '../../sessions/report.ts';
import { type AddedCell, RUN_SESSION, RunSession } from '../../sessions/run/run-session.ts';
import { createSessions } from '../../sessions/session.ts';
import { initialState, topOf } from '../../state/model.ts';
import { createStore } from '../../store.ts';
import { fixtureReport } from '../../testing/fixture.ts';
import { fixtureRun } from '../../testing/fixture-run.ts';
import { memoryFiles, shippedKconfig } from '../../testing/shipped-config.ts';
import { makeTheme } from '../../theme.ts';
import { matrixScreen } from '../cells/screen.ts';
import type { ScreenWorld } from '../module.ts';
import { createWorld } from '../world.ts';

/** Keys that go to a world, its matrix on the screen. */
function driven(world: ScreenWorld) {
  const store = createStore({
    initial: initialState({ columns: 80, rows: 24 }, matrixScreen()),
    world,
    runners: RUNNERS,
    terminal: { redraw: () => {}, suspend: async () => {}, exit: () => {}, write: () => {} },
    ended: new AbortController().signal,
    onError: (error) => {
      throw error;
    },
  });
  const press = async (...keys: string[]): Promise<void> => {
    store.dispatch({ type: 'keys', keys });
    await new Promise((done) => setTimeout(done, 5));
  };
  return { store, press };
}

it('the configuration of a cell is opened, kept while other cells are looked at, and left', async () => {
  const asked: string[] = [];
  const cellConfig = async (cell: string): Promise<ConfigParts> => {
    asked.push(cell);
    const config = shippedKconfig().config();
    return { config, title: cell, file: 'cell.config', fromFile: false, files: memoryFiles() };
  };
  const sessions = createSessions();
  putReport(sessions, fixtureReport());
  const world = createWorld({ theme: makeTheme({}), sessions, services: { cellConfig } });
  const { store, press } = driven(world);
  await press('c');
  const screen = topOf(store.state());
  expect(screen.kind).toBe('config');
  expect(world.module('config').crumb(screen, world)).toBe(asked[0]);
  await press('/', ...'SMP', 'enter', 'y');
  expect(sessions.unsaved()).toEqual(['the changes to cell.config']);
  await press('escape');
  expect(topOf(store.state()).kind).toBe('matrix');
  await press('c');
  expect(asked).toHaveLength(1);
  expect(sessions.unsaved()).toHaveLength(1);
});

it('a changed configuration becomes a cell that asks for what was changed', async () => {
  const added: AddedCell[] = [];
  const session = new RunSession({
    ...fixtureRun(0),
    added: { list: () => [...added], put: (cells) => added.splice(0, added.length, ...cells) },
  });
  await session.start();
  const kconfig = shippedKconfig();
  const cellConfig = async (id: string): Promise<ConfigParts> => {
    const config = kconfig.config();
    config.set('SMP', 'y');
    const cell = { id, edition: 'v7.0', set: { SMP: 'y' } };
    return { config, title: id, file: 'cell.config', fromFile: false, files: memoryFiles(), cell };
  };
  const sessions = createSessions();
  sessions.put(RUN_SESSION, session);
  const world = createWorld({ theme: makeTheme({}), sessions, services: { cellConfig } });
  const { store, press } = driven(world);
  await press('c');
  await press('A');
  expect(store.state().notice).toContain('Nothing is changed');
  await press('/', ...'KSM', 'enter', 'y');
  await press('/', ...'NR_CPUS', 'enter', 'enter', 'ctrl+u', ...'16', 'enter');
  expect(sessions.unsaved()).toHaveLength(1);
  await press('A');
  expect(added).toEqual([{ edition: 'v7.0', set: { SMP: 'y', KSM: 'y', NR_CPUS: '16' } }]);
  expect(sessions.unsaved()).toEqual([]);
});
