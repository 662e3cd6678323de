import { beforeAll, describe, expect, it } from 'vitest';
import type { KeyName } from '../../keys/decode.ts';
import { openedVerdicts } from '../../opened.ts';
import { createSessions } from '../../sessions/session.ts';
import { contextSwitch, walkOf } from '../../sessions/trace-walk.ts';
import { verdictAt } from '../../sessions/verdicts.ts';
import { selectedRow } from '../../state/cursor.ts';
import { initialState, type State, topOf } from '../../state/model.ts';
import { reduce } from '../../state/reducer.ts';
import { someVerdicts } from '../../testing/verdicts.ts';
import { lineText } from '../../text/line.ts';
import { textWidth } from '../../text/width.ts';
import { makeTheme } from '../../theme.ts';
import { crumbsOf, statusOf } from '../chrome.ts';
import type { ScreenWorld } from '../module.ts';
import { createWorld } from '../world.ts';
import type { TraceScreen } from './screen.ts';

const SIZE = { columns: 120, rows: 40 };
let world: ScreenWorld;
let first: State;

beforeAll(() => {
  const opened = openedVerdicts(someVerdicts());
  const sessions = createSessions();
  for (const [id, session] of Object.entries(opened.sessions)) sessions.put(id, session);
  world = createWorld({ theme: makeTheme({}), sessions });
  first = reduce(initialState(SIZE, opened.first), { type: 'resize', size: SIZE }, world);
});

const press = (state: State, ...keys: KeyName[]) => reduce(state, { type: 'keys', keys }, world);
const traceOf = (state: State) =>
  verdictAt(world.sessions, (topOf(state) as TraceScreen).verdict)!.trace!;
const detail = (state: State) =>
  selectedRow(state, world)!
    .detail()
    .map(({ label, text }) => `${label}: ${text}`);
const at = (state: State) => Number(selectedRow(state, world)?.key);

describe('a counterexample', () => {
  it('is chosen from the verdicts, a property that holds shows what was asked', () => {
    expect(statusOf(first, world)).toBe('4 verdicts');
    const trace = press(first, 'enter');
    expect(crumbsOf(trace, world)).toEqual(['verdicts', 'v7.0, unlocked-as-posted: safety']);
    expect(topOf(press(first, 'down', 'enter')).kind).toBe('detail');
  });

  it('is walked forward and back, to its ends and from thread to thread', () => {
    const start = press(first, 'enter');
    const { steps } = traceOf(start);
    expect(at(start)).toBe(0);
    expect(at(press(start, 'right', 'space', 'left'))).toBe(1);
    const end = press(start, 'end');
    expect(at(end)).toBe(steps.length - 1);
    expect(press(end, 'down').notice).toBe(traceOf(end).what);
    const switched = press(start, 'n');
    expect(steps[at(switched)]?.thread).not.toBe(steps[at(switched) - 1]?.thread);
    expect(steps.slice(0, at(switched)).every(({ thread }) => thread === steps[0]?.thread)).toBe(
      true,
    );
    expect(at(press(switched, 'n', 'N'))).toBe(at(switched));
  });

  it('shows beside each step the locks and VMAs it leaves, and what it changed', () => {
    const start = press(first, 'enter');
    const took = traceOf(start).steps.findIndex(({ label }) => label === 'set_vm_lock_seq');
    const state = press(start, 'home', ...Array<KeyName>(took).fill('down'));
    expect(detail(state)).toEqual([
      expect.stringMatching(
        /^step: models __vma_start_write in mm\/mmap_lock.c, at set_vm_lock_seq$/,
      ),
      expect.stringMatching(/^words: vma#\d+\.vm_lock_seq -1 -> \d+$/),
      'mmap_lock: write-locked, held by writer 0',
      expect.stringMatching(/^mm_lock_seq: \d+$/),
      expect.stringMatching(
        /^vma#\d+: attached, 0x50000000-0x50002000; lock write-locked, readers kept out; vm_lock_seq \d+; vm_refcnt 1 with the flag that keeps readers out {2}≠ changed$/,
      ),
      'asleep: nobody',
    ]);
  });

  it('says at its end what it shows, and who sleeps', () => {
    const deadlock = press(first, 'down', 'down', 'enter', 'end');
    expect(detail(deadlock)).toContainEqual('shows: reader 0 and writer 0 can never go on');
    expect(detail(deadlock).at(-1)).toMatch(/^asleep: reader 0, writer 0/);
  });

  it('that goes round has its loop marked, and goes on where it begins', () => {
    const loop = press(first, 'end', 'enter');
    const { cycleFrom } = traceOf(loop);
    const begin = press(loop, 'o');
    expect(at(begin)).toBe(cycleFrom);
    expect(selectedRow(begin, world)?.cells[1]?.text).toBe('╭');
    expect(at(press(loop, 'end', 'down'))).toBe(cycleFrom);
    expect(selectedRow(press(loop, 'end'), world)?.cells[1]?.text).toBe('╰');
    expect(selectedRow(loop, world)?.cells[1]?.text).toBe('');
    const lanes = world.module('trace').above!.lines(begin, topOf(begin), world, SIZE);
    expect(lanes.map(lineText).at(-1)).toMatch(/▲═+ for ever$/);
    const narrow = { ...SIZE, columns: 40 };
    for (const line of world.module('trace').above!.lines(begin, topOf(begin), world, narrow)) {
      expect(textWidth(lineText(line))).toBeLessThan(narrow.columns);
    }
    expect(lanes[0]?.find(({ tone }) => tone === 'strong')?.text).toBe('◆');
  });
});

describe('walking', () => {
  it('finds switches of a thread in both directions, and none at the ends', () => {
    const { trace } = someVerdicts()[0]!.verdicts[0]!;
    const walk = walkOf(trace!, true);
    const forward: number[] = [];
    for (let i = contextSwitch(walk, 0, 1); i >= 0; i = contextSwitch(walk, i, 1)) forward.push(i);
    const back: number[] = [];
    for (let i = contextSwitch(walk, walk.length, -1); i >= 0; i = contextSwitch(walk, i, -1))
      back.push(i);
    expect(back.reverse()).toEqual(forward);
    expect(forward).toEqual(walk.flatMap(({ switched }, i) => (switched ? [i] : [])));
  });
});
