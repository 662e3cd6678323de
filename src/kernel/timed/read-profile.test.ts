import { describe, expect, test } from 'vitest';
import { packagePath, readText } from '../../input/index.ts';
import { loadProfile, readProfile, shippedProfiles } from './read-profile.ts';

const path = packagePath('src', 'kernel', 'timed', 'profiles', 'server.json');
const server = readText(path, 'cost profile');
/** The shipped profile with one passage replaced. */
function changed(from: RegExp, to: string): string {
  expect(server).toMatch(from);
  return server.replace(from, to);
}

test('the shipped profiles are valid and named like their files', () => {
  expect(shippedProfiles()).toEqual(['instructions', 'loongson', 'phone', 'pixel6', 'server']);
  for (const name of shippedProfiles()) expect(loadProfile(name).name).toBe(name);
  expect(loadProfile().name).toBe('server');
});

test('every field is described where its source is', () => {
  const readme = readText(packagePath('src', 'kernel', 'timed', 'profiles', 'README.md'), 'readme');
  const profile = loadProfile();
  for (const part of ['line', 'memory', 'scheduler', 'jitter'] as const) {
    for (const field of Object.keys(profile[part]))
      expect(readme).toContain(`\`${part}.${field}\``);
  }
});

test('kernel code takes the instructions counted for it, at so many cycles each, and what the processor adds', () => {
  const counted = loadProfile('instructions').work;
  const { work } = loadProfile('server');
  const nanosecond = 1.25 / 3;
  expect(work.pte_walk).toBeCloseTo(counted.pte_walk * nanosecond);
  expect(work.exception_entry).toBeCloseTo(counted.exception_entry * nanosecond + 250);
  expect(work.clear_page).toBe(150);
  const twice = readProfile(
    changed(/"cycles_per_instruction": 1.25/, '"cycles_per_instruction": 2.5'),
    'p.json',
  );
  expect(twice.work.pte_walk).toBeCloseTo(2 * work.pte_walk);
  expect(twice.line).toEqual(loadProfile('server').line);
});

describe('what is wrong is told with its place', () => {
  test.each([
    [
      'a missing figure',
      changed(/ *"clear_page".*\n/, ''),
      /p\.json:\d+:\d+: error: "work" needs a key "clear_page"/,
    ],
    [
      'counts that are no instructions',
      changed(/"counts": "instructions"/, '"counts": "server"'),
      /profile "server" does not count instructions/,
    ],
    [
      'a core of one thread',
      changed(/"step":/, '"smt": { "threads": 1, "slowdown": 1 },\n  "step":'),
      /p\.json:\d+:\d+: error: .*threads/,
    ],
    [
      'a kind of CPU that is faster',
      changed(/"step":/, '"kinds": [{ "cpus": 1, "slowdown": 0.5 }],\n  "step":'),
      /p\.json:\d+:\d+: error: .*slowdown/,
    ],
    [
      'flushes of no kind',
      changed(/"step":/, '"flushes": "all",\n  "step":'),
      /p\.json:\d+:\d+: error: .*flushes/,
    ],
    [
      'a price beside its count',
      changed(/"user_loop":/, '"pte_walk": 15, "user_loop":'),
      /unknown key "pte_walk"/,
    ],
    [
      'an unknown figure',
      changed(/"hit":/, '"hits": 1, "hit":'),
      /unknown key "hits"\n\s*hint: did you mean "hit"\?/,
    ],
    [
      'a negative cost',
      changed(/"atomic": \d+/, '"atomic": -1'),
      /"atomic" must be from 0 to 1000000000, not -1/,
    ],
    ['an endless turn', changed(/"slice": \d+/, '"slice": 0'), /"slice" must be more than 0/],
    ['no number', changed(/"step": [\d.]+/, '"step": "fast"'), /"step" must be a number/],
    ['no JSON', '{', /p\.json:1/],
  ])('%s', (_, text, message) => {
    expect(() => readProfile(text, 'p.json')).toThrow(message);
  });

  test('an unknown name', () => {
    expect(() => loadProfile('servr')).toThrow(/did you mean "server"/);
  });
});
