import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Axis, combinationCount, expand, type Values } from './expand.ts';

const axes = (spec: Record<string, string[]>): Axis[] =>
  Object.entries(spec).map(([name, values]) => ({ name, values }));

const entries = (...list: Record<string, string>[]): Values[] =>
  list.map((entry) => new Map(Object.entries(entry)));

const cells = (...args: Parameters<typeof expand>): Record<string, string>[] =>
  expand(...args).combinations.map((c) => Object.fromEntries(c.values));

describe('the examples of the documentation of GitHub Actions', () => {
  test('axes alone: every combination, the first axis slowest', () => {
    expect(cells(axes({ os: ['a', 'b'], version: ['10', '12', '14'] }), [], [])).toEqual([
      { os: 'a', version: '10' },
      { os: 'a', version: '12' },
      { os: 'a', version: '14' },
      { os: 'b', version: '10' },
      { os: 'b', version: '12' },
      { os: 'b', version: '14' },
    ]);
  });

  test('include: added where it overwrites no axis value, else a combination of its own', () => {
    const result = cells(
      axes({ fruit: ['apple', 'pear'], animal: ['cat', 'dog'] }),
      [],
      entries(
        { color: 'green' },
        { color: 'pink', animal: 'cat' },
        { fruit: 'apple', shape: 'circle' },
        { fruit: 'banana' },
        { fruit: 'banana', animal: 'cat' },
      ),
    );
    expect(result).toEqual([
      { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
      { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
      { fruit: 'pear', animal: 'cat', color: 'pink' },
      { fruit: 'pear', animal: 'dog', color: 'green' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ]);
  });

  test('include: extends one combination', () => {
    const result = cells(
      axes({ os: ['w', 'u'], node: ['14', '16'] }),
      [],
      entries({ os: 'w', node: '16', npm: '6' }),
    );
    expect(result[1]).toEqual({ os: 'w', node: '16', npm: '6' });
    expect(result.filter((c) => 'npm' in c)).toHaveLength(1);
    expect(result).toHaveLength(4);
  });

  test('include: adds a combination', () => {
    const result = cells(
      axes({ os: ['m', 'w', 'u'], version: ['12', '14', '16'] }),
      [],
      entries({ os: 'w', version: '17' }),
    );
    expect(result).toHaveLength(10);
    expect(result.at(-1)).toEqual({ os: 'w', version: '17' });
  });

  test('include without axes: every entry is a combination', () => {
    expect(cells([], [], entries({ site: 'a', x: '1' }, { site: 'b' }))).toEqual([
      { site: 'a', x: '1' },
      { site: 'b' },
    ]);
  });

  test('exclude: a part of the keys is enough', () => {
    const result = cells(
      axes({ os: ['m', 'w'], version: ['12', '14', '16'], env: ['staging', 'production'] }),
      entries({ os: 'm', version: '12', env: 'production' }, { os: 'w', version: '16' }),
      [],
    );
    expect(result).toHaveLength(9);
    expect(result.filter((c) => c.os === 'w' && c.version === '16')).toEqual([]);
    expect(result.filter((c) => c.os === 'm' && c.version === '12')).toEqual([
      { os: 'm', version: '12', env: 'staging' },
    ]);
  });

  test('include runs after exclude and can bring a combination back', () => {
    const result = cells(
      axes({ os: ['m', 'w'], version: ['12', '14'] }),
      entries({ os: 'w' }),
      entries({ os: 'w', version: '14', extra: 'y' }),
    );
    expect(result).toEqual([
      { os: 'm', version: '12' },
      { os: 'm', version: '14' },
      { os: 'w', version: '14', extra: 'y' },
    ]);
  });
});

test('an added value may be overwritten, and the combination knows by whom', () => {
  const { combinations } = expand(
    axes({ a: ['1'] }),
    [],
    entries({ x: 'p' }, { x: 'q' }, { a: '2' }),
  );
  expect(combinations.map((c) => [Object.fromEntries(c.values), c.included, c.original])).toEqual([
    [{ a: '1', x: 'q' }, [0, 1], true],
    [{ a: '2' }, [2], false],
  ]);
});

test('excludes that remove nothing are named; one hidden by another is not', () => {
  const result = expand(axes({ a: ['1', '2'] }), entries({ a: '3' }, { a: '1' }, { a: '1' }), []);
  expect(result.idleExcludes).toEqual([0]);
});

describe('properties', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const value = fc.constantFrom('1', '2', '3');
  const anyAxes = fc
    .uniqueArray(name, { maxLength: 3 })
    .chain((names) =>
      fc.tuple(
        ...names.map((n) =>
          fc
            .uniqueArray(value, { minLength: 1, maxLength: 3 })
            .map((values): Axis => ({ name: n, values })),
        ),
      ),
    );
  const anyEntry = fc
    .dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'x', 'y'), value, { minKeys: 1, maxKeys: 3 })
    .map((entry): Values => new Map(Object.entries(entry)));
  const anyMatrix = fc.tuple(
    anyAxes,
    fc.array(anyEntry, { maxLength: 3 }),
    fc.array(anyEntry, { maxLength: 4 }),
  );
  const key = (values: Values, names: readonly string[]): string =>
    JSON.stringify(names.map((n) => values.get(n) ?? null));

  test('no combination is lost or doubled', () => {
    fc.assert(
      fc.property(anyMatrix, ([axisList, exclude, include]) => {
        const { combinations } = expand(axisList, exclude, include);
        const names = axisList.map((a) => a.name);
        const originals = combinations.filter((c) => c.original);
        const keys = originals.map((c) => key(c.values, names));
        expect(new Set(keys).size).toBe(keys.length);
        const removed = new Set<string>();
        for (const c of expand(axisList, [], []).combinations) {
          const out = exclude.some((e) => [...e].every(([n, v]) => c.values.get(n) === v));
          if (out) removed.add(key(c.values, names));
          else expect(keys).toContain(key(c.values, names));
        }
        expect(keys.length + removed.size).toBe(combinationCount(axisList));
      }),
    );
  });

  test('every include entry is somewhere, whole unless a later one overwrote it', () => {
    fc.assert(
      fc.property(anyMatrix, ([axisList, exclude, include]) => {
        const { combinations } = expand(axisList, exclude, include);
        include.forEach((entry, i) => {
          const with_ = combinations.filter((c) => c.included.includes(i));
          expect(with_.length).toBeGreaterThan(0);
          for (const c of with_) {
            if (c.included.at(-1) !== i) continue;
            for (const [n, v] of entry) expect(c.values.get(n)).toBe(v);
          }
        });
      }),
    );
  });

  test('exclude first, then include: the order of the two lists cannot matter otherwise', () => {
    fc.assert(
      fc.property(anyMatrix, ([axisList, exclude, include]) => {
        const kept = expand(axisList, exclude, []).combinations.map((c) => c.values);
        const names = new Set(axisList.map((a) => a.name));
        const full = expand(axisList, exclude, include).combinations;
        // Axis values of the originals are those left by exclude, untouched by include.
        expect(
          full
            .filter((c) => c.original)
            .map((c) => new Map([...c.values].filter(([n]) => names.has(n)))),
        ).toEqual(kept);
      }),
    );
  });

  test('the same matrix gives the same cells', () => {
    fc.assert(
      fc.property(anyMatrix, ([axisList, exclude, include]) => {
        expect(expand(axisList, exclude, include)).toEqual(expand(axisList, exclude, include));
      }),
    );
  });
});
