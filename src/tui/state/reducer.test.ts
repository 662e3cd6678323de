import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { allBindings, makeKeyTable } from '../keys/key-table.ts';
import { type MatrixScreen, matrixScreen } from '../screens/cells/screen.ts';
import type { ScreenWorld } from '../screens/module.ts';
import { MODULES } from '../screens/registry.ts';
import { fixtureReport } from '../testing/fixture.ts';
import { fixtureWorld } from '../testing/world.ts';
import { selectedKey } from './cursor.ts';
import { initialState, type State, topOf } from './model.ts';
import { reduce } from './reducer.ts';
import type { Row } from './row.ts';

const SIZE = { columns: 100, rows: 30 };
const report = fixtureReport();
const FIRST = 'v6.12:64BIT=y,SMP=y';
const LAST = 'v7.0:64BIT=n,SMP=y,PER_VMA_LOCK=y';

let world: ScreenWorld;
let state: State;

beforeEach(() => {
  world = fixtureWorld(report);
  state = reduce(initialState(SIZE, matrixScreen()), { type: 'resize', size: SIZE }, world);
});

/** Press keys, given by name with spaces between. */
function press(keys: string): void {
  state = reduce(state, { type: 'keys', keys: keys.split(' ') }, world);
}

/** Type into the filter line. */
function type(text: string): void {
  state = reduce(
    state,
    { type: 'keys', keys: [...text].map((c) => (c === ' ' ? 'space' : c)) },
    world,
  );
}

const rowsOf = (of: State): readonly Row[] => world.rows(of, topOf(of)) as readonly Row[];
const selected = (): string | null => selectedKey(state, world);
const shown = (): readonly string[] => rowsOf(state).map(({ key }) => key);

describe('moving', () => {
  it('goes down and up, and stops at the ends', () => {
    press('j down k');
    expect(selected()).toBe('v6.12:64BIT=y,SMP=n');
    press('k k k');
    expect(selected()).toBe(FIRST);
    press('G');
    expect(selected()).toBe(LAST);
    press('j g');
    expect(selected()).toBe(FIRST);
    press('pagedown pageup');
    expect(selected()).toBe(FIRST);
  });

  it('does not stop on headings', () => {
    press('enter 2');
    expect(selected()).toBe('function lock_vma_under_rcu');
    press('end');
    expect(selected()).toBe('option SPLIT_PTLOCK_CPUS');
    press('home');
    expect(selected()).toBe('function lock_vma_under_rcu');
    expect(topOf(state).list.offset).toBe(0);
  });

  it('takes keys typed ahead across screens', () => {
    press('j j enter 5 j ] escape');
    expect(selected()).toBe('v6.12:64BIT=n,SMP=n');
    expect(state.stack).toHaveLength(1);
  });
});

describe('filtering', () => {
  it('narrows while it is typed, keeps the selection, and Escape undoes it', () => {
    press('G k');
    const before = selected();
    press('/');
    type('all-builds smp=n');
    expect(shown()).toEqual(['all-builds-v2:64BIT=y,SMP=n', 'all-builds-v2:64BIT=n,SMP=n']);
    expect(selected()).toBe(before);
    press('enter');
    expect(state.typing).toBe(false);
    press('escape');
    expect(shown()).toHaveLength(13);
    expect(selected()).toBe(before);
  });

  it('edits the line', () => {
    press('/');
    type('v7 smpx');
    press('backspace');
    expect(topOf(state).list.filter).toBe('v7 smp');
    press('ctrl+w');
    expect(topOf(state).list.filter).toBe('v7 ');
    press('ctrl+u');
    expect(topOf(state).list.filter).toBe('');
    type('q?');
    expect(state.exit).toBeNull();
    press('escape');
    expect(topOf(state).list.filter).toBe('');
  });

  it('survives a filter nothing matches', () => {
    press('/');
    type('nothing at all');
    press('enter down enter space d i');
    expect(shown()).toEqual([]);
    expect(state.stack).toHaveLength(1);
    press('escape');
    expect(selected()).toBe(FIRST);
  });
});

describe('sorting', () => {
  it('cycles through the columns and keeps the selected cell', () => {
    press('j');
    while ((topOf(state) as MatrixScreen).sort !== 'ops/s') press('s');
    expect(selected()).toBe('v6.12:64BIT=y,SMP=n');
    expect(shown().at(-1)).toBe(LAST);
    press('S');
    expect(shown()[0]).toMatch(/^(v7\.0|all-builds-v2):64BIT=.,SMP=y$/);
    expect(shown().at(-1)).toBe(LAST);
    while ((topOf(state) as MatrixScreen).sort !== '') press('s');
    expect(shown()[0]).toBe(FIRST);
  });
});

describe('grouping', () => {
  const groups = (): string[] => shown().filter((key) => key.startsWith('group '));

  it('goes from axis to axis, and each cell is in one group', () => {
    press('b');
    expect(groups()).toEqual(['group v6.12', 'group v7.0', 'group all-builds-v2']);
    press('b');
    expect(groups()).toEqual(['group y', 'group n']);
    press('b b');
    expect(groups()).toEqual(['group present', 'group stub', 'group rejected']);
    expect(shown()).toHaveLength(13 + 3);
    press('b');
    expect(groups()).toEqual([]);
  });

  it('closes and opens groups, one or all, and keeps the place', () => {
    press('b g enter');
    expect(shown().slice(0, 2)).toEqual(['group v6.12', 'group v7.0']);
    press('enter');
    expect(shown()[1]).toBe(FIRST);
    press('j -');
    expect(shown()).toEqual(groups());
    expect(selected()).toBe('group v6.12');
    press('-');
    expect(shown()).toHaveLength(16);
  });

  it('filters cells and drops groups that have none left', () => {
    press('b /');
    type('v7');
    expect(groups()).toEqual(['group v7.0']);
    press('enter');
    expect(shown()).toHaveLength(6);
  });

  it('marks a whole group, closed or not', () => {
    press('b g enter space');
    expect(state.marks).toHaveLength(4);
    press('g space');
    expect(state.marks).toEqual([]);
  });
});

describe('a cell', () => {
  it('keeps each tab as it was left', () => {
    press('enter tab j j 1 2');
    expect(selected()).toBe('function mmap_read_lock');
    press('shift+tab shift+tab');
    expect(topOf(state)).toMatchObject({ kind: 'report', tab: 5 });
  });

  it('goes to the next cell of the list below it, and says where that ends', () => {
    press('G k enter 3 ]');
    expect(topOf(state)).toMatchObject({ cell: LAST, tab: 2 });
    press(']');
    expect(state.notice).toBe('This is the last cell.');
    press('escape');
    expect(selected()).toBe(LAST);
    expect(state.notice).toBeNull();
  });

  it('opens the evidence of a row', () => {
    press('enter 2 enter');
    expect(topOf(state)).toMatchObject({ kind: 'detail', title: 'lock_vma_under_rcu' });
    press('left');
    expect(topOf(state)).toMatchObject({ kind: 'report', tab: 1 });
  });
});

describe('comparing', () => {
  it('compares the two marked cells, the first marked on the left', () => {
    press('j j j j space space d');
    expect(topOf(state)).toMatchObject({
      kind: 'diff',
      left: { cell: 'v7.0:64BIT=y,SMP=y' },
      right: { cell: 'v7.0:64BIT=y,SMP=n' },
    });
    press('x');
    expect(topOf(state)).toMatchObject({ left: { cell: 'v7.0:64BIT=y,SMP=n' } });
  });

  it('compares the first two of more marks, and marks all that is shown', () => {
    press('space space space d');
    expect(topOf(state)).toMatchObject({
      left: { cell: FIRST },
      right: { cell: 'v6.12:64BIT=y,SMP=n' },
    });
    press('escape u');
    expect(state.marks).toEqual([]);
    press('/');
    type('v7');
    press('enter a');
    expect(state.marks).toHaveLength(5);
  });

  it('compares with the one marked cell', () => {
    press('space G d');
    expect(topOf(state)).toMatchObject({
      kind: 'diff',
      left: { cell: FIRST },
      right: { cell: LAST },
    });
  });

  it('asks for the other cell, refuses the same, and comes back to where it was asked', () => {
    press('enter d');
    expect(topOf(state)).toMatchObject({ kind: 'pick', left: FIRST });
    press('enter');
    expect(state.notice).toContain('same cell');
    press('j enter');
    expect(topOf(state)).toMatchObject({
      kind: 'diff',
      right: { cell: 'v6.12:64BIT=y,SMP=n' },
    });
    press('escape');
    expect(topOf(state).kind).toBe('report');
  });

  it('steps from difference to difference and from layer to layer', () => {
    press('space j space d 4');
    expect(selected()).toBe('3 vm_area_struct');
    const { offset } = topOf(state).list;
    expect(rowsOf(state)[offset]?.key).toBe('layer 3');
    press('n');
    expect(selected()).toMatch(/^4 /);
    press('N');
    expect(selected()).toBe('3 vm_area_struct');
    press('home N');
    expect(state.notice).toBe('No difference above this one.');
    press('tab');
    expect(selected()).toMatch(/^1 /);
  });

  it('shows what is the same when asked to', () => {
    press('space j space d');
    const only = shown().length;
    press('o');
    expect(shown().length).toBeGreaterThan(only);
    press('home');
    expect(rowsOf(state).some(({ differs }) => differs === false)).toBe(true);
  });
});

describe('leaving', () => {
  it('quits with 0, on Ctrl-C with 130, and ignores keys after that', () => {
    const before = state;
    press('enter q j');
    expect(state.exit).toBe(0);
    state = before;
    press('/ ctrl+c');
    expect(state.exit).toBe(130);
  });

  it('asks to suspend', () => {
    press('ctrl+z');
    expect(state.effects).toEqual([{ kind: 'suspend' }]);
  });

  it('shows help for the screen below, and Escape leaves it', () => {
    press('enter ?');
    expect(topOf(state)).toMatchObject({ kind: 'help', about: 'report' });
    press('? escape');
    expect(topOf(state).kind).toBe('report');
  });
});

it('holds its invariants under any keys at any size', () => {
  const keys = [
    ...new Set(allBindings(makeKeyTable(MODULES)).flatMap((binding) => binding.keys)),
  ].filter((key) => key !== 'q' && key !== 'ctrl+c');
  const action = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...keys, 'v', '7', '=') },
    {
      weight: 1,
      arbitrary: fc.record({
        columns: fc.integer({ min: 1, max: 200 }),
        rows: fc.integer({ min: 1, max: 60 }),
      }),
    },
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
      let now = initialState(SIZE, matrixScreen());
      for (const step of actions) {
        const next =
          typeof step === 'string'
            ? { type: 'keys' as const, keys: [step] }
            : { type: 'resize' as const, size: step };
        now = reduce(now, next, world);
        const rows = rowsOf(now);
        const { cursor, offset } = topOf(now).list;
        const height = world.listHeight(now);
        expect(now.stack.length).toBeGreaterThan(0);
        expect(new Set(now.marks).size).toBe(now.marks.length);
        if (rows.some(({ heading }) => !heading)) {
          expect(rows[cursor]?.heading ?? false).toBe(false);
          expect(rows[cursor]).toBeDefined();
        }
        if (rows.length > 0 && height > 0) {
          expect(cursor).toBeGreaterThanOrEqual(offset);
          expect(cursor).toBeLessThan(offset + height);
        }
      }
    }),
    { numRuns: 200 },
  );
});
