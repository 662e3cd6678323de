import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Line } from '../document.ts';
import type { CellPair } from './matrix-model.ts';
import { WhereText } from './where.ts';

const VALUES = { edition: ['v1', 'v2'], SMP: ['y', 'n'], NR: ['1', '2', '3'] };

/** Every combination of the values. */
const GRID: readonly CellPair[] = VALUES.edition.flatMap((edition) =>
  VALUES.SMP.flatMap((SMP) =>
    VALUES.NR.map((NR): CellPair => {
      const key = `${edition}:SMP=${SMP},NR=${NR}`;
      return { key, left: key, right: key, kernels: true, settings: { edition, SMP, NR } };
    }),
  ),
);

const text = (line: Line): string =>
  line.map((piece) => (typeof piece === 'string' ? piece : Object.values(piece)[0])).join('');

/** The keys a text stands for, by a reader that knows nothing of the writer. */
function meant(said: string): string[] {
  if (said === 'everywhere') return GRID.map(({ key }) => key);
  const but = 'everywhere but ';
  if (said.startsWith(but)) {
    const not = meant(said.slice(but.length));
    return GRID.map(({ key }) => key).filter((key) => !not.includes(key));
  }
  if (said.includes(':')) return said.split(', ');
  const conditions = said.split(' and ').map((one) => (one.includes('=') ? one : `edition=${one}`));
  return GRID.filter(({ settings }) =>
    conditions.every((one) => Object.entries(settings).some((pair) => pair.join('=') === one)),
  ).map(({ key }) => key);
}

const wheres = (pairs: readonly CellPair[]) => new WhereText(pairs);
const keys = (has: (settings: CellPair['settings']) => boolean): string[] =>
  GRID.filter(({ settings }) => has(settings)).map(({ key }) => key);

describe('where differences are found', () => {
  it.each<[string, (settings: CellPair['settings']) => boolean]>([
    ['everywhere', () => true],
    ['SMP=n', ({ SMP }) => SMP === 'n'],
    ['v1', ({ edition }) => edition === 'v1'],
    ['v1 and SMP=n', ({ edition, SMP }) => edition === 'v1' && SMP === 'n'],
    ['everywhere but NR=2', ({ NR }) => NR !== '2'],
    ['everywhere but v2 and NR=3', ({ edition, NR }) => edition !== 'v2' || NR !== '3'],
  ])('%s', (said, has) => {
    expect(text(wheres(GRID).of(keys(has)))).toBe(said);
  });

  it('is what is said, whatever cells it is', () => {
    const some = fc.subarray(
      GRID.map(({ key }) => key),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(some, (where) => {
        const said = text(wheres(GRID).of(where));
        if (said.includes(' other')) expect(where.length).toBeGreaterThan(4);
        else expect(meant(said).sort()).toEqual(where.toSorted());
      }),
    );
  });

  it('is an edition where it is no cell', () => {
    expect(text(wheres(GRID).of(['v1 -> v2']))).toBe('v1 -> v2');
  });

  it('does not count cells that have no kernel', () => {
    const rejected: CellPair = {
      key: 'x',
      left: 'x',
      right: 'x',
      kernels: false,
      settings: { edition: 'v1', X: 'y' },
    };
    const pairs = [...GRID.slice(0, 2), rejected];
    expect(text(wheres(pairs).of(GRID.slice(0, 2).map(({ key }) => key)))).toBe('everywhere');
    expect(text(wheres(pairs).of(['x']))).toBe('X=y');
  });
});
