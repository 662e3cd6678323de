import { beforeEach, describe, expect, it } from 'vitest';
import type { KeyName } from '../../keys/decode.ts';
import { openedTorture } from '../../opened.ts';
import { createSessions } from '../../sessions/session.ts';
import {
  cellsOf,
  TORTURE_SESSION,
  type TortureService,
  TortureSession,
} from '../../sessions/torture.ts';
import { selectedRow } from '../../state/cursor.ts';
import { initialState, type State, topOf } from '../../state/model.ts';
import { reduce } from '../../state/reducer.ts';
import { lineText } from '../../text/line.ts';
import { makeTheme } from '../../theme.ts';
import { crumbsOf, statusOf } from '../chrome.ts';
import type { ScreenWorld } from '../module.ts';
import { createWorld } from '../world.ts';
import { choiceOf, type TortureScreen } from './screen.ts';

const SIZE = { columns: 100, rows: 40 };
/** As if every piece had been kept: half of the lookups once more, one in a thousand four times. */
const service: TortureService = {
  jobs: 1,
  store: {
    put: () => {},
    get: ({ lookup }, { lookups }) => ({
      ...{ outcome: lookup === 'unlocked-as-posted' ? 'oops' : 'completed', detail: 'NULL' },
      ...{ most: 4, slow: lookups / 2, exhausted: 0, unfinished: null, rounds: 10, seconds: 1 },
      retries: [
        [0, lookups / 2],
        [1, lookups / 2 - lookups / 1000],
        [4, lookups / 1000],
      ],
      times: [[5_000_000, lookups]],
      alone: [{ rounds: 20, seconds: 1 }],
    }),
  },
};
let world: ScreenWorld;
let state: State;

beforeEach(() => {
  const sessions = createSessions();
  const session = new TortureSession(service);
  const { first } = openedTorture('v7.0');
  session.look(choiceOf(first as TortureScreen));
  sessions.put(TORTURE_SESSION, session);
  world = createWorld({ theme: makeTheme({}), sessions, services: { torture: service } });
  state = reduce(initialState(SIZE, first), { type: 'resize', size: SIZE }, world);
});

const press = (...keys: KeyName[]) => reduce(state, { type: 'keys', keys }, world);

describe('the torture screen', () => {
  it('has a row for each way of looking up, with what was kept of it', () => {
    const rows = world.rows(state, topOf(state));
    expect(rows.length).toBe(cellsOf(choiceOf(topOf(state) as TortureScreen)).length);
    expect(statusOf(state, world)).toBe('61 pieces counted');
    expect(rows.at(1)?.cells.map(({ text }) => text)).toEqual([
      ...['wait', 'done', '1M', '0', '1', '1', '4', '<3.0e-6', '50.0%', '██ ▅'],
    ]);
    expect(rows.at(3)?.cells[1]).toMatchObject({ text: 'oops', tone: 'bad' });
  });

  it('draws the distribution of the selected one, rare events seen beside common ones', () => {
    const lines = world
      .module('torture')
      .above!.lines(press('down'), topOf(press('down')), world, { columns: 60, rows: 8 })
      .map(lineText);
    expect(lines[0]).toContain('wait: retries');
    const bars = lines.slice(1).map((line) => line.match(/█/g)?.length ?? 0);
    expect(lines.slice(1).map((line) => line.trim().split(' ')[0])).toEqual([
      '0',
      '1',
      '2-3',
      '4-7',
    ]);
    expect(bars[2]).toBe(0);
    expect(bars[3]).toBeGreaterThan(bars[0]! / 3);
    expect(lines[4]).toMatch(/ 1,000 0\.100%$/);
  });

  it('takes no more lines than the distributions have, and leaves the others to the list', () => {
    const wanted = () => world.module('torture').above!.wanted(topOf(state), world);
    expect(wanted()).toEqual({ least: 4, most: 5 });
    world.sessions.put(TORTURE_SESSION, new TortureSession(service));
    expect(wanted()).toEqual({ least: 4, most: 4 });
  });

  it('says of each in a sentence what was found, with its bounds', () => {
    const detail = selectedRow(press('down'), world)!.detail();
    expect(detail[0]?.text).toMatch(/^in 1,000,000 lookups, at most 4 retries of one/);
    const told = (label: string) => detail.find((line) => line.label === label)?.text;
    expect(told('bounds')).toMatch(/^with 95% .* if lookups do not depend on each other$/);
    expect(told('writers')).toMatch(/ alone: a loss of \d+\.\d%$/);
    expect(selectedRow(press('down', 'down', 'down'), world)!.detail()[0]?.text).toMatch(
      /^crashes/,
    );
  });

  it('is asked for another adversary, edition, scheduler and number, and looks what is kept of it', () => {
    const asked = press('a', 'E', 's', '+');
    expect(asked.effects.map(({ kind }) => kind)).toEqual(Array(4).fill('torture:look'));
    expect(choiceOf(topOf(asked) as TortureScreen)).toEqual({
      ...{ edition: 'v7.1', adversary: 'fixed', scheduler: 'hostile', lookups: 100_000 },
    });
    expect(crumbsOf(asked, world)[0]).toContain('100k lookups of v7.1 against fixed, hostile');
    expect(press('+', '+').notice).toBe('There are no more.');
  });

  it('runs on r; Escape then stops, and leaves only when nothing runs', () => {
    const run = press('r');
    expect(run.effects).toMatchObject([{ kind: 'torture:run', choice: { edition: 'v7.0' } }]);
    expect(press('escape').effects).toEqual([]);
    const session = world.sessions.get<TortureSession>(TORTURE_SESSION)!;
    session.running = () => true;
    expect(press('escape')).toMatchObject({ effects: [{ kind: 'torture:stop' }] });
  });
});
