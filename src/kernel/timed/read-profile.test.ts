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
  expect(shippedProfiles()).toEqual(['instructions', 'phone', 'server']);
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

describe('what is wrong is told with its place', () => {
  test.each([
    [
      'a missing figure',
      changed(/ *"clear_page".*\n/, ''),
      /p\.json:\d+:\d+: error: "work" needs a key "clear_page"/,
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
