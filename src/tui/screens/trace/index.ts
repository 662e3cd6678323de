import type { Trace } from '../../../kernel/index.ts';
import { questionText } from '../../../report/index.ts';
import { contextSwitch, type WalkStep, walkOf } from '../../sessions/trace-walk.ts';
import { verdictAt } from '../../sessions/verdicts.ts';
import { moveCursor, reselect, selectedKey, setCursor } from '../../state/cursor.ts';
import { replaceTop, type State } from '../../state/model.ts';
import { findRow } from '../../state/row.ts';
import type { ScreenModule, ScreenWorld } from '../module.ts';
import { laneLines } from './lanes.ts';
import { traceTable } from './rows.ts';
import type { TraceScreen } from './screen.ts';

/** A counterexample of the model checker, step by step. */
export const traceModule: ScreenModule<TraceScreen> = {
  kind: 'trace',
  crumb: ({ verdict }, { sessions }) => {
    const found = verdictAt(sessions, verdict);
    return found ? `${found.edition}, ${found.question.lookup}: ${found.property}` : 'trace';
  },
  count: (_state, screen, world) => {
    const steps = walkOn(screen, world).length;
    const all = traceOn(screen, world)?.steps.length ?? 0;
    return `step ${Math.min(screen.list.cursor + 1, steps)} of ${steps}${all > steps ? `, ${all} with local ones` : ''}`;
  },
  tableKey: ({ size }, { verdict, all }) => JSON.stringify([verdict, all, size.columns]),
  table: (state, screen, world) => {
    const trace = traceOn(screen, world);
    if (!trace) return { columns: [], rows: [] };
    return traceTable(trace, walkOn(screen, world), world.theme.glyphs, state.size.columns);
  },
  above: {
    wanted: (screen, world) => {
      const threads = traceOn(screen, world)?.threads.length ?? 0;
      return threads === 0 ? null : { least: threads + 1, most: threads + 1 };
    },
    lines: (state, screen, world, { columns }) => {
      const walk = walkOn(screen, world);
      const key = selectedKey(state, world);
      const present = Math.max(
        0,
        walk.findIndex(({ at }) => String(at) === key),
      );
      const threads = traceOn(screen, world)?.threads ?? [];
      return laneLines(threads, walk, present, columns, world.theme.glyphs);
    },
  },
  // The locks, two VMAs, and what the step did.
  detailLines: 9,
  empty: () => 'This verdict has no trace.',
  remark: (_state, { verdict }, { sessions }) => {
    const found = verdictAt(sessions, verdict);
    return found ? questionText(found) : '';
  },
  bindings: [
    {
      command: 'down',
      keys: ['down', 'j', 'right', 'l', 'space'],
      label: 'on',
      help: 'the next step; behind the last, where the loop begins',
      group: 'Move',
      footer: 1,
    },
    {
      command: 'up',
      keys: ['up', 'k', 'left', 'h', 'backspace'],
      label: 'back',
      help: 'the step before',
      group: 'Move',
      footer: 2,
    },
    {
      command: 'trace:next-switch',
      keys: ['n', 'tab'],
      label: 'next thread',
      help: 'the next step at which another thread goes on',
      group: 'Move',
      footer: 3,
    },
    {
      command: 'trace:previous-switch',
      keys: ['N', 'shift+tab'],
      label: 'thread before',
      help: 'the step before at which another thread went on',
      group: 'Move',
    },
    {
      command: 'trace:loop',
      keys: ['o'],
      label: 'loop',
      help: 'where the loop begins that goes round for ever',
      group: 'Move',
      footer: 4,
      when: ({ screen, world }) => traceOn(screen, world)?.cycleFrom !== undefined,
    },
    {
      command: 'trace:all',
      keys: ['a'],
      label: 'all/shared',
      help: 'show all steps, or only those on words others may touch',
      group: 'Find and sort',
      footer: 6,
      when: ({ screen, world }) =>
        screen.all || (traceOn(screen, world)?.steps.some(({ shared }) => !shared) ?? false),
    },
    {
      command: 'back',
      keys: ['escape'],
      label: 'leave',
      help: 'leave this screen; clear the filter first',
      group: 'Open and leave',
      footer: 9,
    },
    {
      command: 'open',
      keys: ['enter'],
      label: 'state',
      help: 'the step with all its words, locks and VMAs',
      group: 'Open and leave',
      footer: 5,
    },
  ],
  commands: {
    down: (state, world, screen) => {
      const { cursor } = screen.list;
      if (cursor < world.rows(state, screen).length - 1) return moveCursor(state, world, 1);
      return traceOn(screen, world)?.cycleFrom === undefined
        ? { ...state, notice: traceOn(screen, world)?.what ?? null }
        : toLoop(state, world, screen);
    },
    'trace:next-switch': (state, world, screen) => toSwitch(state, world, screen, 1),
    'trace:previous-switch': (state, world, screen) => toSwitch(state, world, screen, -1),
    'trace:loop': toLoop,
    'trace:all': (state, world, screen) => {
      const key = selectedKey(state, world);
      return reselect(
        replaceTop(state, { ...screen, all: !screen.all } as TraceScreen),
        world,
        key,
      );
    },
  },
};

function traceOn({ verdict }: TraceScreen, { sessions }: ScreenWorld): Trace | null {
  return verdictAt(sessions, verdict)?.trace ?? null;
}

/** Walks are kept with their trace: each key asks for one several times. */
const walks = new WeakMap<Trace, Map<boolean, readonly WalkStep[]>>();

function walkOn(screen: TraceScreen, world: ScreenWorld): readonly WalkStep[] {
  const trace = traceOn(screen, world);
  if (!trace) return [];
  let of = walks.get(trace);
  if (!of) walks.set(trace, (of = new Map()));
  let walk = of.get(screen.all);
  if (!walk) of.set(screen.all, (walk = walkOf(trace, screen.all)));
  return walk;
}

function toLoop(state: State, world: ScreenWorld, screen: TraceScreen): State {
  const from = traceOn(screen, world)?.cycleFrom;
  const index = findRow(world.rows(state, screen), (row) => row.key === String(from));
  return index < 0 ? state : setCursor(state, index);
}

function toSwitch(state: State, world: ScreenWorld, screen: TraceScreen, by: 1 | -1): State {
  const walk = walkOn(screen, world);
  const key = selectedKey(state, world);
  const to = contextSwitch(
    walk,
    walk.findIndex(({ at }) => String(at) === key),
    by,
  );
  if (to < 0) {
    const way = by > 0 ? 'from here on' : 'up to here';
    return { ...state, notice: `The same thread runs ${way}.` };
  }
  return reselect(state, world, String(walk[to]?.at));
}
