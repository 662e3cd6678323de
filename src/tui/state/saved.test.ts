import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMemory } from '../persist/memory.ts';
import { matrixScreen } from '../screens/cells/screen.ts';
import type { ScreenWorld } from '../screens/module.ts';
import { fixtureReport } from '../testing/fixture.ts';
import { fixtureWorld } from '../testing/world.ts';
import { settle } from './cursor.ts';
import { initialState, type State, topOf } from './model.ts';
import { reduce } from './reducer.ts';
import { restored, savedOf } from './saved.ts';

const size = { columns: 80, rows: 24 };
const report = fixtureReport();
let world: ScreenWorld;

beforeEach(() => {
  world = fixtureWorld(report);
});

function fresh(): State {
  return reduce(initialState(size, matrixScreen()), { type: 'resize', size }, world);
}

function pressed(...keys: string[]): State {
  return reduce(fresh(), { type: 'keys', keys }, world);
}

/** A state as the next run of the program begins with it. */
function nextRun(state: State, next = world): State {
  const saved: unknown = JSON.parse(JSON.stringify(savedOf(state, world)));
  return settle(restored(fresh(), saved, next), next);
}

describe('the next run', () => {
  it.each([
    ['/', 'v', '7', 'enter', 's', 'S', 'w', 'j', 'space'],
    ['G', 'k', 'enter', '3', 'j', '2', 'j', '5', 'm'],
    ['space', 'space', 'd', 'o', 'n', 'n', '/', 'p', 'enter'],
  ])('finds marks, filters and screens as they were left', (...keys) => {
    const left = pressed(...keys);
    const { stack, marks } = nextRun(left);
    expect(stack).toEqual(left.stack);
    expect(marks).toEqual(left.marks);
  });

  it('finds the screen below one that cannot be had again', () => {
    expect(nextRun(pressed('enter', 'enter', '?')).stack.map(({ kind }) => kind)).toEqual([
      'matrix',
      'report',
    ]);
  });

  it('does without what is not there any more', () => {
    const smaller = fixtureWorld({ ...report, cells: report.cells.slice(0, 1) });
    const next = nextRun(pressed('G', 'space', 'enter'), smaller);
    expect(next.stack.map(({ kind }) => kind)).toEqual(['matrix']);
    expect(next.marks).toEqual([]);
    expect(topOf(next).list.cursor).toBe(0);
  });

  it('takes nothing on trust', () => {
    const left = savedOf(pressed('space', 'enter', '5'), world);
    const paths = ['version', 'marks', 'stack', 'history'] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.jsonValue(),
        fc.jsonValue(),
        (path, value, inner) => {
          const stack = [
            { ...left.stack[0], list: value },
            { ...left.stack[1], tab: inner, lists: value },
          ];
          for (const bad of [{ ...left, [path]: value }, { ...left, stack }, value]) {
            const state = settle(restored(fresh(), bad, world), world);
            const used = reduce(
              state,
              { type: 'keys', keys: ['j', 'enter', 'tab', 'escape'] },
              world,
            );
            expect(used.stack.length).toBeGreaterThan(0);
          }
        },
      ),
    );
  });
});

describe('the memory', () => {
  it('is whole or nothing, and only of what it is asked about', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kmatrix-memory-'));
    const memory = createMemory(folder);
    expect(memory.recall('a')).toBeNull();
    memory.remember('a', { n: 1 });
    memory.remember('b', { n: 2 });
    expect(memory.recall('a')).toEqual({ n: 1 });
    expect(createMemory(folder, true).recall('a')).toBeNull();
    for (const name of readdirSync(folder))
      writeFileSync(join(folder, name), '{"identity":"a","va');
    expect(memory.recall('a')).toBeNull();
    for (let index = 0; index < 60; index++) memory.remember(`${index}`, null);
    expect(readdirSync(folder)).toHaveLength(50);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    expect(() => memory.remember('a', 1)).not.toThrow();
    rmSync(folder);
  });
});
