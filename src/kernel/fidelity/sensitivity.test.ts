import { expect, test } from 'vitest';
import { loadProfile } from '../timed/index.ts';
import { costsOf, scaled, sensitivity } from './sensitivity.ts';

const server = loadProfile('server');

test('finds the costs a figure is made of, and which weighs most', async () => {
  const figure = await sensitivity(server, async (profiles) =>
    profiles.map((p) => p.work.clear_page / (p.work.exception_entry + 2 * p.line.hit)),
  );
  expect(figure.swings.map((s) => s.cost).sort()).toEqual([
    'line.hit',
    'work.clear_page',
    'work.exception_entry',
  ]);
  const [first] = figure.swings;
  expect(first?.cost).toBe('work.exception_entry');
  expect(figure.greatest).toBe(first?.less);
  expect(figure.allLeast).toBeCloseTo((figure.headline * 0.7) / 1.3, 10);
  expect(figure.allGreatest).toBeCloseTo((figure.headline * 1.3) / 0.7, 10);
});

test('every cost can be changed, and changes nothing else', () => {
  for (const cost of costsOf(server)) {
    const back = scaled(scaled(server, { [cost]: 2 }), { [cost]: 0.5 });
    expect(back).toEqual(server);
    expect(scaled(server, { [cost]: 2 }) === server).toBe(false);
  }
});
