import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { loadProfile } from '../timed/index.ts';
import { costsOf, scaled } from './costs.ts';
import { APART, type Draw, draw } from './draws.ts';
import { DRAWS, type Sensitivity, sensitivity, turning } from './sensitivity.ts';

const server = loadProfile('server');

/** Answers what is asked by a formula, whose value is all there is of a run. */
function found(headline: (draw: Draw) => number): Sensitivity & { readonly asked: number } {
  const asking = sensitivity(server, 1);
  let asked = 0;
  let step = asking.next();
  while (!step.done) {
    const { draws, later } = step.value;
    asked += draws.length;
    const answers = draws.map((one) => ({ headline: headline(one), run: `${headline(one)}` }));
    const before = later;
    step = asking.next(answers);
    if (!step.done) {
      expect(step.value.draws.length + step.value.later).toBeLessThanOrEqual(before);
    }
  }
  return { ...step.value, asked };
}

const quotient = ({ profile: p }: Draw) =>
  p.work.clear_page / (p.work.exception_entry + 2 * p.line.hit);

/** A number for each draw that has nothing to do with what its costs are, as near to 1 as `width` says. */
function chance({ profile, seed }: Draw, width: number): number {
  const hash = createHash('sha256')
    .update(JSON.stringify([profile, seed]))
    .digest();
  return Math.exp(width * (hash.readUInt32LE() / 2 ** 31 - 1));
}

test('finds the costs a figure is made of, and which weighs most', () => {
  const figure = found(quotient);
  const told = figure.swings.filter((s) => s.told).map((s) => s.cost);
  expect(told).toEqual(['work.clear_page', 'work.exception_entry']);
  expect(figure.swings.map((s) => s.cost)).toEqual([...told, 'line.hit']);
  const [first, second] = figure.swings;
  expect(figure.greatest).toBe(second?.less);
  const exact = quotient({ profile: server, seed: 1 });
  expect(Math.abs(figure.headline / exact - 1)).toBeLessThan(APART);
  expect(Math.abs((first?.less ?? 0) / exact / 0.7 - 1)).toBeLessThan(APART);
  expect(Math.abs(figure.allLeast / ((exact * 0.7) / 1.3) - 1)).toBeLessThan(APART);
  expect(Math.abs(figure.allGreatest / ((exact * 1.3) / 0.7) - 1)).toBeLessThan(APART);
});

test('a figure without chance is not drawn again, and is what the profile says itself', () => {
  const steady = ({ profile }: Draw) => (profile.work.clear_page > 151.5 ? 2 : 1);
  const figure = found(steady);
  expect(figure).toMatchObject({ headline: 1, least: 1, greatest: 2, allGreatest: 2 });
  expect(figure.swings).toEqual([
    { cost: 'work.clear_page', less: 1, more: 2, draws: 1, told: true },
  ]);
  expect(figure.asked).toBe(DRAWS + costsOf(server).length + 1 + 2);
});

test('does not take for an effect what chance does', () => {
  const noise = found((one) => 3 * chance(one, 0.3));
  expect(noise.chance.greatest / noise.chance.least).toBeGreaterThan(1.2);
  expect(noise.swings.length).toBeGreaterThan(0);
  expect(noise.swings.filter((s) => s.told)).toEqual([]);
  expect(noise.least).toBe(noise.headline);
  expect(noise.greatest).toBe(noise.headline);
});

test('finds an effect among chance by drawing it often', () => {
  const one = found((o) => o.profile.work.clear_page * chance(o, 0.2));
  expect(one.swings.filter((s) => s.told).map((s) => s.cost)).toEqual(['work.clear_page']);
  expect(one.swings[0]?.draws).toBeGreaterThan(5);
});

test('names what turns a direction', () => {
  const better = ({ profile }: Draw) => (1.2 * profile.work.clear_page) / server.work.clear_page;
  expect(turning(found(better)).map((s) => s.cost)).toEqual(['work.clear_page']);
  expect(turning(found((one) => 1.3 * better(one)))).toEqual([]);
});

test('every cost can be changed, and changes nothing else', () => {
  for (const cost of costsOf(server)) {
    const back = scaled(scaled(server, { [cost]: 2 }), { [cost]: 0.5 });
    expect(back).toEqual(server);
    expect(scaled(server, { [cost]: 2 })).not.toEqual(server);
  }
});

test('draws differ by the seed and by each cost, a little', () => {
  expect(draw(server, 7, 0)).toEqual({ profile: server, seed: 7 });
  const { profile, seed } = draw(server, 7, 3);
  expect(seed).not.toBe(7);
  expect(draw(server, 7, 3)).toEqual({ profile, seed });
  const ratio = profile.work.clear_page / server.work.clear_page;
  expect(ratio).not.toBe(1);
  expect(Math.abs(ratio - 1)).toBeLessThanOrEqual(APART);
  expect(profile.work.copy_page / server.work.copy_page).not.toBe(ratio);
  expect({ ...profile.scheduler, slice: 0 }).not.toEqual({ ...server.scheduler, slice: 0 });
  expect(profile.scheduler.slice).toBe(server.scheduler.slice);
});
