import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterPredicate, filterRows, narrows } from './filter.ts';
import { layoutOf, type Wanted } from './layout.ts';
import { sortBy } from './sort.ts';

describe('filter', () => {
  it('wants every word, in any order and case', () => {
    const matches = filterPredicate('SMP=n v7');
    expect(matches('v7.0:64bit=y,smp=n')).toBe(true);
    expect(matches('v7.0:64bit=y,smp=y')).toBe(false);
  });

  it('leaves out what a word with ! matches; a lone ! is still being typed', () => {
    expect(filterPredicate('!stub')('lock_vma_under_rcu stub')).toBe(false);
    expect(filterPredicate('!stub')('mmap_read_lock real')).toBe(true);
    expect(filterPredicate('!')('anything')).toBe(true);
  });

  it('narrows another exactly where what fits it is among what fits that', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '!'), maxLength: 5 });
    const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 5 }));
    fc.assert(
      fc.property(line, line, texts, (before, more, all) => {
        const filter = before + more;
        if (!narrows(filter, before)) return;
        const left = all.filter(filterPredicate(before));
        expect(left.filter(filterPredicate(filter))).toEqual(all.filter(filterPredicate(filter)));
      }),
    );
    expect(narrows('smp=n', 'smp=')).toBe(true);
    expect(narrows('!sm', '!s')).toBe(false);
    expect(narrows('sm', 'smp')).toBe(false);
  });

  it('keeps a heading only above a row that is left', () => {
    const rows = [
      { heading: true, search: '', name: 'A' },
      { search: 'one', name: '1' },
      { heading: true, search: '', name: 'B' },
      { search: 'two', name: '2' },
    ];
    expect(filterRows(rows, 'two').map(({ name }) => name)).toEqual(['B', '2']);
    expect(filterRows(rows, '  ')).toBe(rows);
  });
});

describe('sortBy', () => {
  it('puts what has no value last in either direction', () => {
    const values = [2, null, 1, 3];
    expect(sortBy(values, (value) => value, false)).toEqual([1, 2, 3, null]);
    expect(sortBy(values, (value) => value, true)).toEqual([3, 2, 1, null]);
  });

  it('leaves equal items in their order', () => {
    const items = ['a1', 'b1', 'a2', 'b2'];
    expect(sortBy(items, (item) => item[0]!, false)).toEqual(['a1', 'a2', 'b1', 'b2']);
    expect(sortBy(items, (item) => item[0]!, true)).toEqual(['b1', 'b2', 'a1', 'a2']);
  });
});

describe('layoutOf', () => {
  const wanted: Wanted = { rows: 13, tabs: false, above: null, header: true, details: true };

  it('shows list and detail at 80x24', () => {
    const layout = layoutOf({ columns: 80, rows: 24 }, wanted);
    expect(layout).toMatchObject({ panes: 'two', list: 13, detail: 7 });
  });

  it('shows one pane below that, and a sentence below 20x5', () => {
    expect(layoutOf({ columns: 59, rows: 24 }, wanted).panes).toBe('one');
    expect(layoutOf({ columns: 80, rows: 15 }, wanted).panes).toBe('one');
    expect(layoutOf({ columns: 20, rows: 5 }, wanted).panes).toBe('one');
    expect(layoutOf({ columns: 19, rows: 5 }, wanted).panes).toBe('sentence');
    expect(layoutOf({ columns: 20, rows: 4 }, wanted).panes).toBe('sentence');
  });

  it('always adds up to the rows of the terminal, with a line for the list', () => {
    const sizes = fc.record({
      columns: fc.integer({ min: 20, max: 300 }),
      rows: fc.integer({ min: 5, max: 100 }),
    });
    const wishes: fc.Arbitrary<Wanted> = fc.record({
      rows: fc.nat(200),
      tabs: fc.boolean(),
      above: fc.constantFrom(null, { least: 7, most: 20 }),
      header: fc.boolean(),
      details: fc.boolean(),
    });
    fc.assert(
      fc.property(sizes, wishes, (size, wish) => {
        const { panes, tabs, above, header, list, detail } = layoutOf(size, wish);
        const rule = panes === 'two' ? 1 : 0;
        expect(2 + tabs + above + header + list + rule + detail).toBe(size.rows);
        expect(list).toBeGreaterThanOrEqual(1);
        if (panes === 'two') expect(detail).toBeGreaterThanOrEqual(4);
      }),
    );
  });
});
