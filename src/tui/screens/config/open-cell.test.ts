import { expect, it } from 'vitest';
import { RUNNERS } from '../../effects/runners.ts';
import type { ConfigParts } from '../../sessions/config/index.ts';
import { putReport } from '../../sessions/report.ts';
import { createSessions } from '../../sessions/session.ts';
import { initialState, topOf } from '../../state/model.ts';
import { createStore } from '../../store.ts';
import { fixtureReport } from '../../testing/fixture.ts';
import { memoryFiles, shippedKconfig } from '../../testing/shipped-config.ts';
import { makeTheme } from '../../theme.ts';
import { matrixScreen } from '../cells/screen.ts';
import { createWorld } from '../world.ts';

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
    await new Promise((done) => setTimeout(done, 0));
  };
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
